"""Target groups of IP addresses, for tasks. Little of one can change, so its name tells what it is made of."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from reconciler.aws.jmes import search
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, fingerprint, refers_to
from reconciler.model.spec import DECLARED, IMMUTABLE, UNCOMPARED, Live, Part, Spec
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.resources import blocker_queries as in_use
from reconciler.resources import elb
from reconciler.resources.kind import Kind, Relations, actions

KEPT = 25  # characters of the name in the plan; with a hyphen and six digits that makes AWS's 32
NOT_YET = ("TargetGroupNotFound",)
ARN = "TargetGroups[0].TargetGroupArn"
OUTPUTS = {
    "id": ARN,
    "dimension": f"join('/', ['targetgroup', after({ARN}, ':targetgroup/')])",
}  # its name in metrics


class HealthCheck(Part):
    """How the load balancer checks each target."""

    path: str
    interval: int
    """Seconds between two checks."""
    timeout: int
    """Seconds without an answer that are a failure."""
    healthy: int
    """Successes in a row that make a target healthy."""
    unhealthy: int
    """Failures in a row that make it unhealthy."""
    matcher: Annotated[str | None, DECLARED] = None
    """HTTP statuses that are a success, such as 200-299; None: not ours to manage."""
    port: str = "traffic-port"
    """Or a number; `traffic-port` is the one on which a target is sent requests."""
    protocol: str = "HTTP"


class TargetGroup(Spec):
    """Where a load balancer sends what a rule takes."""

    kind: ClassVar[str] = "target_group"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    port: Annotated[int, IMMUTABLE]
    protocol: Annotated[str, IMMUTABLE] = "HTTP"
    target_type: Annotated[str, IMMUTABLE] = "ip"
    health_check: Annotated[HealthCheck, DECLARED]
    attributes: Annotated[Mapping[str, str], DECLARED]
    """By their names in AWS; those that are not given are not ours to manage."""
    called: Annotated[str, UNCOMPARED] = ""
    """What AWS calls it; empty while it is only wanted."""

    @property
    def physical_name(self) -> str:
        """Old and new stand side by side. The end of the name stays: a stack's own are told by it."""
        kept = self.name[-KEPT:].strip("-")
        return self.called or f"{kept}-{fingerprint({'name': self.name, **self.immutable})}"


def read(reads: Reads) -> Iterator[Live[TargetGroup]]:
    marks, wanted = elb.tags_of(reads), reads.wanted(TargetGroup)
    names = {want.physical_name: name for name, want in wanted.items()}
    for found in elb.target_groups(reads):
        arn, called = found["TargetGroupArn"], str(found["TargetGroupName"])
        owned = marks.get(arn, {})
        ours = tags.owner(owned) == reads.stack.name
        fallback = names.get(called, called)
        name = owned.get(tags.NAME, fallback) if ours else fallback
        compared = ours and name in wanted and wanted[name].attributes
        attributes = elb.attributes_of(reads, "target_group", arn) if compared else {}
        outputs = {output: search(path, {"TargetGroups": [found]}) for output, path in OUTPUTS.items()}
        yield Live(from_aws(name, owned, found, attributes), outputs, tags.owner(owned))


def from_aws(
    name: str, owned: tags.Tags, found: Mapping[str, Any], attributes: Mapping[str, str]
) -> TargetGroup:
    """Return the spec of what DescribeTargetGroups and DescribeTargetGroupAttributes tell."""
    return TargetGroup(
        name=name,
        tags=owned,
        vpc=found.get("VpcId", ""),
        port=found.get("Port", 0),
        protocol=found.get("Protocol", ""),
        target_type=found.get("TargetType", ""),
        health_check=health_check(found),
        attributes=attributes,
        called=found["TargetGroupName"],
    )


def health_check(found: Mapping[str, Any]) -> HealthCheck:
    """What DescribeTargetGroups tells of it; over TCP it has neither path nor matcher, of a Lambda perhaps none."""
    return HealthCheck(
        path=found.get("HealthCheckPath", ""),
        interval=found.get("HealthCheckIntervalSeconds", 0),
        timeout=found.get("HealthCheckTimeoutSeconds", 0),
        healthy=found.get("HealthyThresholdCount", 0),
        unhealthy=found.get("UnhealthyThresholdCount", 0),
        matcher=found.get("Matcher", {}).get("HttpCode"),
        port=found.get("HealthCheckPort", "traffic-port"),
        protocol=found.get("HealthCheckProtocol", "HTTP"),
    )


def _as_params(check: HealthCheck) -> dict[str, Any]:
    params: dict[str, Any] = {
        "HealthCheckProtocol": check.protocol,
        "HealthCheckPort": check.port,
        "HealthCheckPath": check.path,
        "HealthCheckIntervalSeconds": check.interval,
        "HealthCheckTimeoutSeconds": check.timeout,
        "HealthyThresholdCount": check.healthy,
        "UnhealthyThresholdCount": check.unhealthy,
    }
    matcher = {"Matcher": {"HttpCode": check.matcher}} if check.matcher else {}  # AWS refuses an empty one
    return params | matcher


def ensure_target_group(want: TargetGroup, live: Live[TargetGroup] | None) -> Iterator[Step]:
    itself, check = {"TargetGroupArn": want.ref()}, _as_params(want.health_check)
    if live:
        yield from tags.retag(tags.ELB, want, live)
        if want.health_check != live.spec.health_check:
            yield Call("elbv2", "modify_target_group", itself | check, retry=NOT_YET)
    else:
        params = {"Name": want.physical_name, "VpcId": want.vpc, "Port": want.port, "Protocol": want.protocol}
        params |= {"TargetType": want.target_type, "Tags": tags.encode(want.tags)} | check
        no_vpc = ErrorMatch("ValidationError", "is not found")
        yield Call("elbv2", "create_target_group", params, OUTPUTS, retry=(no_vpc,))
    if differ := elb.changed_attributes(want.attributes, live.spec.attributes if live else {}):
        on = itself | {"Attributes": differ}
        yield Call("elbv2", "modify_target_group_attributes", on, retry=NOT_YET)


def remove(live: Live[TargetGroup]) -> Iterator[Step]:
    # A listener that is gone keeps its target groups in use for some seconds.
    params, gone, busy = {"TargetGroupArn": live.outputs["id"]}, ("TargetGroupNotFound",), ("ResourceInUse",)
    by = (in_use.rules_forwarding_to(live.outputs["id"]),)
    yield Call("elbv2", "delete_target_group", params, ignore=gone, retry=busy, patience=120, blockers=by)


def clashes(live: TargetGroup, want: TargetGroup) -> bool:
    """Whether the new one would get the old one's name."""
    return live.physical_name == want.physical_name


KIND = Kind(
    TargetGroup,
    read,
    ensure_target_group,
    remove,
    relations=Relations(clashes=clashes, parents=lambda _group: ()),
    tagging=tags.ELB,
    actions=actions(
        "elasticloadbalancing",
        "AddTags CreateTargetGroup DeleteTargetGroup DescribeListeners DescribeLoadBalancers "
        "DescribeRules DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups "
        "ModifyTargetGroup ModifyTargetGroupAttributes",
    ),
)
