"""The target groups that a service stays in while requests still arrive there.

An update first only adds: tasks are registered in the desired groups, and in the present ones that a rule still
names. Once the requests have moved, a second update leaves only the desired ones. Each begins a deployment.
"""

from reconciler.aws.reads import Reads
from reconciler.resources import elb
from reconciler.resources.ecs_service.spec import EcsService, Target
from reconciler.resources.listener import Listener
from reconciler.resources.listener.naming import name_listeners
from reconciler.resources.target_group import TargetGroup, can_share_tasks, from_aws

MAX_TARGETS = 5  # of a service (ECS API reference; "load balancers can have at most 5 items.")
MANY_GROUPS = "its tasks cannot be in more than 5 target groups: some requests are answered 503 meanwhile"


def targets_meanwhile(want: EcsService, live: EcsService) -> frozenset[Target]:
    """Return the desired targets, and the live ones in other groups that must not become empty yet."""
    if leaves_all_with_port(want, live):
        return want.targets
    return want.targets | frozenset(_kept(want, live)[: MAX_TARGETS - len(want.targets)])


def leaves_all_with_port(want: EcsService, live: EcsService) -> bool:
    """Tell whether it leaves all its groups, and also its port: they could not reach new tasks.

    These have no port any more, which ECS refuses in a group, or one that the load balancer is not allowed at,
    as it is only at ports of services with routes.
    """
    if want.targets:
        return False
    has_no_port = any(_find_port(want, target) is None for target in _leaving(want, live))
    return has_no_port or not live.targets >= {*_kept(want, live)}


def interrupts(want: EcsService, live: EcsService) -> str:
    """Say so if the tasks cannot be in all groups that they would have to be in meanwhile."""
    return MANY_GROUPS if len(want.targets) + len(_kept(want, live)) > MAX_TARGETS else ""


def _kept(want: EcsService, live: EcsService) -> list[Target]:
    """Return the live targets in groups that are not desired, at the ports that the new tasks have."""
    placed = ((target, _find_port(want, target)) for target in _leaving(want, live))
    others = {target.model_copy(update={"port": port}) for target, port in placed if port is not None}
    return sorted(others, key=lambda target: (target.target_group, target.container))


def _leaving(want: EcsService, live: EcsService) -> list[Target]:
    """Return the live targets in groups that rules name and that are not desired."""
    leaving = live.routed_groups - {target.target_group for target in want.targets}
    return [target for target in live.targets if target.target_group in leaving]


def _find_port(want: EcsService, target: Target) -> int | None:
    """Return the port of a live target, or the first that its new tasks have if they lack that one.

    None if they have no port at all.
    """
    ports = want.ports.get(target.container, (target.port,))
    return target.port if target.port in ports else next(iter(ports), None)


def find_routed_groups(reads: Reads, want: EcsService | None, live: EcsService) -> frozenset[str]:
    """Return those of its target groups that a rule or a listener names, and whose checks the new tasks pass.

    ECS refuses a group that none names, or that a listener leaves with its protocol before the service does.
    `want` is the desired service; without one, nothing is read.
    """
    held = {target.target_group.name for target in live.targets}
    if not (want and held):
        return frozenset()
    defaults = [listener["DefaultActions"] for listener in _keep_protocol(reads)]
    actions = [*defaults, *(rule["Actions"] for _, rule in elb.list_rules(reads))]
    named = frozenset().union(*map(elb.find_target_groups, actions))
    wanted, groups = reads.desired.of(TargetGroup), (target.target_group.name for target in want.targets)
    desired = [wanted[group] for group in groups if group in wanted]
    return frozenset(
        raw["TargetGroupArn"]
        for raw in elb.list_target_groups(reads)
        if raw["TargetGroupArn"] in held & named
        if all(can_share_tasks(group, from_aws("", {}, raw, {})) for group in desired)
    )


def _keep_protocol(reads: Reads) -> list[elb.Raw]:
    """Return the listeners without those that get another protocol: they leave their target group at once."""
    names, desired = name_listeners(reads), reads.desired.of(Listener)
    return [
        listener
        for listener in elb.list_listeners(reads)
        if not (want := desired.get(names[listener["ListenerArn"]])) or want.protocol == listener["Protocol"]
    ]
