"""Reads of Elastic Load Balancing, shared by its types: each list once, and all tags in common batches."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.aws.candidates import is_candidate
from reconciler.aws.indexed import indexed_tags
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import walk
from reconciler.model.spec import Blocker
from reconciler.resources.kind import actions

Raw = Mapping[str, Any]  # a resource, or a part of one, as ELB describes it

ARNS_PER_CALL = 20  # the maximum of DescribeTags, of any types (ELBv2 API reference)
READS = actions(  # of all functions here
    "elasticloadbalancing",
    "DescribeListeners DescribeLoadBalancers DescribeRules DescribeTags DescribeTargetGroups",
)
NOT_FOUND = ("LoadBalancerNotFound", "TargetGroupNotFound", "ListenerNotFound", "RuleNotFound")
NOTHING_TO_LIST = (*NOT_FOUND, "UnsupportedProtocol")  # deleted since it was listed, or of a type that has none


def list_all_load_balancers(reads: Reads) -> list[Raw]:
    """Return the load balancers of the account."""
    return reads.pages("elbv2", "describe_load_balancers", "LoadBalancers[]")


def list_all_target_groups(reads: Reads) -> list[Raw]:
    """Return the target groups of the account."""
    return reads.pages("elbv2", "describe_target_groups", "TargetGroups[]")


def list_load_balancers(reads: Reads) -> list[Raw]:
    """Return the load balancers that have a desired name, or may be ours."""
    return [
        b
        for b in list_all_load_balancers(reads)
        if is_candidate(reads, "load_balancer", b["LoadBalancerName"], b["LoadBalancerArn"])
    ]


def list_foreign_load_balancers(reads: Reads) -> dict[str, Blocker]:
    """Return all load balancers that are not ours, by ARN, as blockers of what they use.

    One with rules of ours blocks nothing by them, as they go first.
    """
    tags_by_arn = read_tags(reads)
    shared = {listener["LoadBalancerArn"] for listener in list_shared_listeners(reads)}
    return {
        arn: Blocker(f"load balancer {b['LoadBalancerName']}", f"take it out of the listeners of {arn}")
        for b in list_all_load_balancers(reads)
        if tags.owner(tags_by_arn.get(arn := b["LoadBalancerArn"], {})) != reads.stack.name
        and arn not in shared
    }


def list_target_groups(reads: Reads) -> list[Raw]:
    """Return the target groups that have a desired name, or may be ours."""
    return [
        g
        for g in list_all_target_groups(reads)
        if is_candidate(reads, "target_group", g["TargetGroupName"], g["TargetGroupArn"])
    ]


def list_managed_load_balancers(reads: Reads) -> list[Raw]:
    """Return the load balancers that are ours or have a desired name, whose listeners are read."""
    desired, tags_by_arn = reads.desired.names("load_balancer"), _read_tags_of_undesired(reads)
    return [
        balancer
        for balancer in list_load_balancers(reads)
        if is_managed(balancer)
        and (
            balancer["LoadBalancerName"] in desired
            or tags.owner(tags_by_arn.get(balancer["LoadBalancerArn"], {})) == reads.stack.name
        )
    ]


def is_managed(balancer: Raw) -> bool:
    """Tell whether it is of a type that this engine creates, as a Gateway Load Balancer is not."""
    return balancer.get("Type", "application") in ("application", "network")


def has_rules(listener: Raw) -> bool:
    """Tell whether it has rules beside its default one: those of a network load balancer have none of ours."""
    return "/net/" not in listener["ListenerArn"]


def list_listeners(reads: Reads) -> list[Raw]:
    """Return the listeners of these load balancers."""

    def list_of(balancer: Raw) -> list[Raw]:
        arn = balancer["LoadBalancerArn"]
        return reads.pages("elbv2", "describe_listeners", "Listeners[]", NOTHING_TO_LIST, LoadBalancerArn=arn)

    balancers = list_managed_load_balancers(reads)
    return [listener for listeners in reads.map(list_of, balancers) for listener in listeners]


def list_shared_listeners(reads: Reads) -> list[Raw]:
    """Return others' listeners that rules of ours shall be, or are by the tagging index, in."""
    desired = reads.desired.by_kind.get("listener_rule", {}).values()
    asked = {ref.name for spec in desired for ref in walk(spec) if ref.kind == "listener" and ref.by_id}
    for arn in indexed_tags(reads):
        start, rule, end = arn.partition(":listener-rule/app/")
        if rule and end.split("/")[0] not in reads.desired.names("load_balancer"):
            asked.add(f"{start}:listener/app/{end.rpartition('/')[0]}")
    asked -= {listener["ListenerArn"] for listener in list_listeners(reads)}
    path = "Listeners[0]"
    found = reads.map(
        lambda arn: reads.ask("elbv2", "describe_listeners", path, NOT_FOUND, ListenerArns=[arn]), sorted(asked)
    )
    return [listener for listener in found if listener]


def list_rules(reads: Reads) -> list[tuple[Raw, Raw]]:
    """Return the rules of our and of these listeners as pairs of listener and rule, without default rules.

    A default rule is part of its listener's spec.
    """

    def list_of(listener: Raw) -> list[tuple[Raw, Raw]]:
        arn, path = listener["ListenerArn"], "Rules[?!IsDefault]"
        rules = reads.pages("elbv2", "describe_rules", path, NOTHING_TO_LIST, ListenerArn=arn)
        return [(listener, rule) for rule in rules]

    listeners = [*filter(has_rules, list_listeners(reads)), *list_shared_listeners(reads)]
    return [pair for pairs in reads.map(list_of, listeners) for pair in pairs]


def read_tags(reads: Reads) -> dict[str, tags.Tags]:
    """Return the tags of all these resources, by ARN, without resources deleted since they were listed."""
    target_groups = reads.meanwhile(list_target_groups, reads)
    known = _read_tags_of_undesired(reads)
    arns = [
        *(balancer["LoadBalancerArn"] for balancer in list_load_balancers(reads)),
        *(listener["ListenerArn"] for listener in list_listeners(reads)),
        *(rule["RuleArn"] for _, rule in list_rules(reads)),
        *(group["TargetGroupArn"] for group in target_groups()),
    ]
    return known | _read_tags_of(reads, [arn for arn in arns if arn not in known])


def _read_tags_of_undesired(reads: Reads) -> dict[str, tags.Tags]:
    """Return the tags of load balancers without a desired name, to find those that are ours."""
    desired, balancers = reads.desired.names("load_balancer"), list_load_balancers(reads)
    return _read_tags_of(
        reads, [b["LoadBalancerArn"] for b in balancers if b["LoadBalancerName"] not in desired]
    )


def _read_tags_of(reads: Reads, arns: list[str]) -> dict[str, tags.Tags]:
    described = reads.in_batches(lambda batch: describe_tags(reads, batch), arns, ARNS_PER_CALL)
    return {item["ResourceArn"]: tags.parse(item["Tags"]) for item in described}


def read_plan_names(reads: Reads) -> dict[str, str]:
    """Return the names in the plan of our resources, by ARN; an empty name if the name tag was lost.

    That of a load balancer is its name in AWS, which cannot change.
    """
    tags_by_arn, stack = read_tags(reads), reads.stack.name
    aws_names = {b["LoadBalancerArn"]: str(b["LoadBalancerName"]) for b in list_load_balancers(reads)}
    ours = {arn: own for arn, own in tags_by_arn.items() if tags.owner(own) == stack}
    return {arn: aws_names.get(arn, own.get(tags.NAME, "")) for arn, own in ours.items()}


def describe_tags(reads: Reads, arns: list[str]) -> list[Raw]:
    """Return DescribeTags' items. A deleted resource fails the whole call: then each half is described."""
    described: list[Raw] | None = reads.ask(
        "elbv2", "describe_tags", "TagDescriptions", absent=NOT_FOUND, ResourceArns=arns
    )
    if described is not None or len(arns) == 1:
        return described or []
    half = len(arns) // 2
    return describe_tags(reads, arns[:half]) + describe_tags(reads, arns[half:])


def find_target_groups(actions: Iterable[Raw]) -> frozenset[str]:
    """Return the ARNs of the target groups that these actions forward to, weighted or not."""
    groups = (
        group
        for action in actions
        for group in (action, *action.get("ForwardConfig", {}).get("TargetGroups", ()))
    )
    return frozenset(group["TargetGroupArn"] for group in groups if "TargetGroupArn" in group)
