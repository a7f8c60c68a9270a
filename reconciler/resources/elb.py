"""What Elastic Load Balancing shows, for all of its kinds: each list once, and the tags of all in common batches."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

from reconciler.aws.reads import Reads
from reconciler.model import tags

Found = Mapping[str, Any]

TAGGED_AT_ONCE = 20  # DescribeTags takes so many ARNs, of any of the kinds (ELBv2 API reference)
GONE = ("LoadBalancerNotFound", "TargetGroupNotFound", "ListenerNotFound", "RuleNotFound")
NOTHING = (*GONE, "UnsupportedProtocol")  # nor of a kind that has what is asked for


def load_balancers(reads: Reads) -> list[Found]:
    """The load balancers that have a wanted name, or may be ours."""
    found = reads.pages("elbv2", "describe_load_balancers", "LoadBalancers[]")
    return [
        b for b in found if reads.is_candidate("load_balancer", b["LoadBalancerName"], b["LoadBalancerArn"])
    ]


def target_groups(reads: Reads) -> list[Found]:
    """The target groups that have a wanted name, or may be ours."""
    found = reads.pages("elbv2", "describe_target_groups", "TargetGroups[]")
    return [g for g in found if reads.is_candidate("target_group", g["TargetGroupName"], g["TargetGroupArn"])]


def applications(reads: Reads) -> list[Found]:
    """Of them the application ones that are ours or have a wanted name. In others we look for nothing.

    A Gateway Load Balancer's listeners, for one, have no rules that could be asked for.
    """
    wanted, stack, marked = reads.names("load_balancer"), reads.stack.name, _unwanted(reads)
    return [
        balancer
        for balancer in load_balancers(reads)
        if is_application(balancer)
        and (
            balancer["LoadBalancerName"] in wanted
            or tags.owner(marked.get(balancer["LoadBalancerArn"], {})) == stack
        )
    ]


def is_application(balancer: Found) -> bool:
    """Of the type that we make."""
    return bool(balancer.get("Type", "application") == "application")


def listeners(reads: Reads) -> list[Found]:
    """The listeners of those application load balancers."""

    def of(balancer: Found) -> list[Found]:
        arn = balancer["LoadBalancerArn"]
        return reads.pages("elbv2", "describe_listeners", "Listeners[]", NOTHING, LoadBalancerArn=arn)

    return [listener for found in reads.map(of, applications(reads)) for listener in found]


def rules(reads: Reads) -> list[tuple[Found, Found]]:
    """The rules of those listeners, each with its listener; the default rule is a part of the listener."""

    def of(listener: Found) -> list[tuple[Found, Found]]:
        arn, path = listener["ListenerArn"], "Rules[?!IsDefault]"
        found = reads.pages("elbv2", "describe_rules", path, NOTHING, ListenerArn=arn)
        return [(listener, rule) for rule in found]

    return [rule for found in reads.map(of, listeners(reads)) for rule in found]


def tags_of(reads: Reads) -> dict[str, tags.Tags]:
    """The tags of all these, by ARN. What was deleted since it was listed has none."""
    groups = reads.pool.submit(target_groups, reads)
    known = _unwanted(reads)
    arns = [
        *(balancer["LoadBalancerArn"] for balancer in load_balancers(reads)),
        *(listener["ListenerArn"] for listener in listeners(reads)),
        *(rule["RuleArn"] for _, rule in rules(reads)),
        *(group["TargetGroupArn"] for group in groups.result()),
    ]
    return known | _marked(reads, [arn for arn in arns if arn not in known])


def _unwanted(reads: Reads) -> dict[str, tags.Tags]:
    """The tags of the load balancers that nobody wants by their name: to be known before their insides are."""
    wanted, found = reads.names("load_balancer"), load_balancers(reads)
    return _marked(reads, [b["LoadBalancerArn"] for b in found if b["LoadBalancerName"] not in wanted])


def _marked(reads: Reads, arns: list[str]) -> dict[str, tags.Tags]:
    found = reads.in_batches(lambda batch: tagged(reads, batch), arns, TAGGED_AT_ONCE)
    return {item["ResourceArn"]: tags.parse(item["Tags"]) for item in found}


def names(reads: Reads) -> dict[str, str]:
    """What is ours among them: its ARN, and its name in the plan (empty, if that tag was lost)."""
    stack = reads.stack.name
    return {
        arn: owned.get(tags.NAME, "") for arn, owned in tags_of(reads).items() if tags.owner(owned) == stack
    }


def tagged(reads: Reads, arns: list[str]) -> list[Found]:
    """One that is gone spoils the whole answer, so it is looked for in halves."""
    answer: list[Found] | None = reads.ask(
        "elbv2", "describe_tags", "TagDescriptions", absent=GONE, ResourceArns=arns
    )
    if answer is not None or len(arns) == 1:
        return answer or []
    half = len(arns) // 2
    return tagged(reads, arns[:half]) + tagged(reads, arns[half:])


def attributes_of(reads: Reads, kind: Literal["load_balancer", "target_group"], arn: str) -> dict[str, str]:
    """Return the attributes of a load balancer or a target group; none of one that was deleted since it was listed."""
    parameter = {"load_balancer": "LoadBalancerArn", "target_group": "TargetGroupArn"}[kind]
    found = reads.ask("elbv2", f"describe_{kind}_attributes", "Attributes", absent=GONE, **{parameter: arn})
    return {attribute["Key"]: attribute["Value"] for attribute in found or ()}


def changed_attributes(wanted: Mapping[str, str], live: Mapping[str, str]) -> list[dict[str, str]]:
    """Those that differ, as ELB takes them."""
    return [{"Key": k, "Value": v} for k, v in sorted(wanted.items()) if live.get(k) != v]


def plan_name(
    own: str | None, place: str | None, wanted: Collection[str], present: Collection[str]
) -> str | None:
    """The name in the plan of what stands where only one can: at a listener's port, at a rule's priority.

    `own`: the name it bears, if it is ours; `place`: the name of what is wanted there. Ours of a name that nobody
    wants becomes what is wanted in its place: another one made beside it would be refused, or taken for the same.
    """
    if place and (not own or (own not in wanted and place not in present)):
        return place
    return own or None


def place(listener: Found) -> str:
    """Where a listener is, for those that have no name: `alb-dev:9000`."""
    balancer, _, _ = listener["LoadBalancerArn"].rpartition("/")
    return f"{balancer.rpartition('/')[2]}:{listener['Port']}"


def sends_to(actions: Iterable[Found]) -> frozenset[str]:
    """ARNs of the target groups that these actions forward to, weighted or not."""
    groups = (group for a in actions for group in (a, *a.get("ForwardConfig", {}).get("TargetGroups", ())))
    return frozenset(group["TargetGroupArn"] for group in groups if "TargetGroupArn" in group)
