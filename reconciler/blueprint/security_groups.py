"""The security groups of the load balancer and of the tasks."""

from desired_state.load_balancer import LoadBalancer
from desired_state.platform import Platform
from reconciler.blueprint.context import Context
from reconciler.blueprint.dual_stack import all_egress
from reconciler.blueprint.existing.load_balancer import list_existing_groups
from reconciler.model.references import Ref
from reconciler.resources.security_group import Rule, SecurityGroupWithRules

ALL_TCP_PORTS = {"from_port": 0, "to_port": 65535}


def balancer_group(context: Context, vpc: Ref, settings: LoadBalancer | None) -> SecurityGroupWithRules | None:
    """Return our load balancer's security group, which allows all outgoing traffic; None without one."""
    if settings is None or settings.existing:
        return None
    ports = {listener.port for listener in settings.listeners.values()}
    return context.spec(
        SecurityGroupWithRules,
        context.names.load_balancer,
        vpc=vpc,
        description="Security group for ALB",
        egress=all_egress(context),
        ingress=frozenset(
            Rule(from_port=p, to_port=p, cidr=cidr, description=settings.ingress_descriptions.get(cidr))
            for p in ports
            for cidr in settings.ingress
        ),
    )


def task_group(context: Context, vpc: Ref, balancer: SecurityGroupWithRules | None) -> SecurityGroupWithRules:
    """Return the tasks' security group, which allows all outgoing traffic."""
    tasks = Ref("security_group", context.names.task_group)
    sources = frozenset({balancer.ref()}) if balancer else list_existing_groups(context.facts.existing)
    return context.spec(
        SecurityGroupWithRules,
        context.names.task_group,
        vpc=vpc,
        description="Security group for ECS tasks",
        ingress=_task_ingress(context.platform, sources, tasks),
        egress=all_egress(context),
    )


def _task_ingress(platform: Platform, balancer: frozenset[Ref], tasks: Ref) -> frozenset[Rule]:
    """Return the rules that let tasks reach each other, and the load balancer reach services with routes.

    `balancer` are its security groups.
    """
    services = platform.services.values()
    routed = {port.port for service in services for port in service.routed_ports.values()}
    public = {Rule(from_port=p, to_port=p, group=group) for p in routed for group in balancer}
    udp = {port.port for service in services for port in service.listens.values() if port.transport == "udp"}
    among = {Rule(protocol="udp", from_port=p, to_port=p, group=tasks) for p in udp}
    return frozenset({Rule(**ALL_TCP_PORTS, group=tasks), *among, *public})
