"""Target groups of IP addresses, for tasks. Some fields are immutable, so its name contains a hash of them."""

from collections.abc import Iterator, Mapping
from functools import partial

from reconciler.aws.jmes import search
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources import blocker_queries, elb
from reconciler.resources.drifting import DriftNotes, Severities
from reconciler.resources.elb_attributes import describe_attributes, diff_attributes
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.target_group.health_check import HealthCheck, from_target_group, to_parameters
from reconciler.resources.target_group.spec import ALGORITHM, GRPC, HTTP1, SLOW_START, STICKINESS, TargetGroup
from reconciler.resources.target_group.targets import describe_foreign_targets, find_foreign_targets

__all__ = [
    "ALGORITHM",
    "GRPC",
    "HTTP1",
    "KIND",
    "SLOW_START",
    "STICKINESS",
    "HealthCheck",
    "TargetGroup",
    "ensure_target_group",
    "from_aws",
]

NOT_FOUND = ("TargetGroupNotFound",)
INTERRUPTION = "requests are answered 503 until the service's new tasks are healthy"
NO_CONNECTIONS = "connections are refused until the service's new tasks are healthy"
HTTP = ("HTTP", "HTTPS")
VPC_NOT_FOUND = (ErrorMatch("ValidationError", "is not found"),)
ARN_PATH = "TargetGroups[0].TargetGroupArn"
OUTPUT_PATHS = {  # JMESPaths
    "id": ARN_PATH,
    "dimension": f"join('/', ['targetgroup', after({ARN_PATH}, ':targetgroup/')])",  # its name in metrics
}


def read(reads: Reads) -> Iterator[Live[TargetGroup]]:
    groups, desired = elb.list_target_groups(reads), reads.desired.of(TargetGroup)
    plan_names = {want.physical_name: name for name, want in desired.items()}
    compared = {want.physical_name for want in desired.values() if want.attributes}
    expected = [group["TargetGroupArn"] for group in groups if group["TargetGroupName"] in compared]
    reads.ahead(partial(describe_attributes, reads, "target_group"), expected)
    tags_by_arn, others = elb.read_tags(reads), elb.list_foreign_load_balancers(reads)
    arns = [group["TargetGroupArn"] for group in groups]
    own = [arn for arn in arns if tags.owner(tags_by_arn.get(arn, {})) == reads.stack.name]
    foreign_targets = find_foreign_targets(reads, own)
    for group in groups:
        arn, aws_name = group["TargetGroupArn"], str(group["TargetGroupName"])
        resource_tags = tags_by_arn.get(arn, {})
        owner = tags.owner(resource_tags)
        is_ours = owner == reads.stack.name
        own_name = resource_tags.get(tags.NAME, aws_name) if is_ours else aws_name
        name = plan_names.get(aws_name, own_name)  # the name in AWS cannot change, and a tag can
        is_compared = is_ours and name in desired and desired[name].attributes
        attributes = describe_attributes(reads, "target_group", arn) if is_compared else {}
        outputs = {output: search(path, {"TargetGroups": [group]}) for output, path in OUTPUT_PATHS.items()}
        users = tuple(others[a] for a in group.get("LoadBalancerArns", ()) if a in others) if is_ours else ()
        spec = from_aws(name, resource_tags, group, attributes)
        spec = spec.model_copy(update={"foreign_targets": foreign_targets.get(arn, frozenset())})
        yield Live(spec, outputs, owner, users)


def from_aws(name: str, resource_tags: tags.Tags, group: elb.Raw, attributes: Mapping[str, str]) -> TargetGroup:
    """Return the spec of a group of DescribeTargetGroups, with this name in the plan."""
    return TargetGroup(
        name=name,
        tags=resource_tags,
        vpc=group.get("VpcId", ""),
        port=group.get("Port", 0),
        protocol=group.get("Protocol", ""),
        version=group.get("ProtocolVersion", HTTP1),
        target_type=group.get("TargetType", ""),
        health_check=from_target_group(group),
        attributes=attributes,
        aws_name=group["TargetGroupName"],
    )


def ensure_target_group(want: TargetGroup, live: Live[TargetGroup] | None) -> Iterator[Step]:
    arn, is_grpc = {"TargetGroupArn": want.ref()}, want.version == GRPC
    check = to_parameters(want.health_check, of_grpc=is_grpc)
    if live:
        yield from tags.retag(tags.ELB, want, live)
        if want.health_check != live.spec.health_check:
            yield Call("elbv2", "modify_target_group", arn | check, retry=if_new(NOT_FOUND, want.ref()))
    else:
        params = {"Name": want.physical_name, "VpcId": want.vpc, "Port": want.port, "Protocol": want.protocol}
        params |= {"ProtocolVersion": want.version} if want.version != HTTP1 else {}
        params |= {"TargetType": want.target_type, "Tags": tags.encode(want.tags)} | check
        not_yet = if_new(VPC_NOT_FOUND, want.vpc)
        yield Call("elbv2", "create_target_group", params, OUTPUT_PATHS, retry=not_yet)
    if attributes := diff_attributes(want.attributes, live.spec.attributes if live else {}):
        params = arn | {"Attributes": attributes}
        yield Call("elbv2", "modify_target_group_attributes", params, retry=if_new(NOT_FOUND, want.ref()))


def remove(live: Live[TargetGroup]) -> Iterator[Step]:
    # A listener that is gone keeps its target groups in use for some seconds.
    arn, in_use = live.outputs["id"], ("ResourceInUse",)
    params, blockers = {"TargetGroupArn": arn}, (blocker_queries.rules_forwarding_to(arn),)
    yield Call(
        "elbv2",
        "delete_target_group",
        params,
        ignore=NOT_FOUND,
        retry=in_use,
        patience=120,
        blockers=blockers,
    )


def clashes(live: TargetGroup, want: TargetGroup) -> bool:
    """Tell whether the new target group would have the old one's name in AWS."""
    return live.physical_name == want.physical_name


def can_share_tasks(one: TargetGroup, other: TargetGroup) -> bool:
    """Tell whether a task can pass the checks of both groups. It is unhealthy if it fails one of them.

    A task that answers one of HTTP takes a connection too, which is all that a check over TCP asks for.
    """
    if "TCP" in (one.health_check.protocol, other.health_check.protocol):
        return one.health_check.port == other.health_check.port
    first, second = (
        (g.protocol, g.version, g.health_check.protocol, g.health_check.path) for g in (one, other)
    )
    return first == second


def interrupts(want: TargetGroup, live: TargetGroup) -> str:
    """Say what a replacement costs: no task can be in groups of two VPCs, types or protocols at once."""
    words = INTERRUPTION if want.protocol in HTTP else NO_CONNECTIONS
    return words if want.immutable != live.immutable else ""


KIND = Kind(
    TargetGroup,
    read,
    ensure_target_group,
    remove,
    relations=Relations(clashes=clashes, parents=lambda _group: (), interrupts=interrupts),
    tagging=tags.ELB,
    severities=Severities(
        dict.fromkeys(("vpc", "protocol", "version", "target_type", "health_check"), Severity.AVAILABILITY),
        foreign=Severity.SECURITY,  # another load balancer lets its clients in, another target gets requests
    ),
    drift_notes=DriftNotes(unlike=describe_foreign_targets),
    indexed_as="elasticloadbalancing:targetgroup/",
    trusts_index=True,
    early={"elbv2": elb.list_all_target_groups},
    touched_by=TouchedBy(
        "elasticloadbalancing.amazonaws.com",
        {"targetGroupArn": "id", "resourceArns": "id"},
        made_by=("CreateTargetGroup",),
        deleted_by=("DeleteTargetGroup",),
        changed_by={
            "attributes": ("ModifyTargetGroupAttributes",),
            "": ("ModifyTargetGroup",),
            TAGS: ("AddTags", "RemoveTags"),
        },
        nameless=True,
    ),
    actions=actions(
        "elasticloadbalancing",
        "AddTags CreateTargetGroup DeleteTargetGroup DescribeListeners DescribeLoadBalancers "
        "DescribeRules DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth "
        "ModifyTargetGroup ModifyTargetGroupAttributes",
    )
    | actions("ec2", "DescribeNetworkInterfaces DescribeSecurityGroups"),
)
