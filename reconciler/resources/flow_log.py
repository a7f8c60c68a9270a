"""Flow logs of VPCs, to CloudWatch Logs. AWS gives them no name, and can change none of them but its tags."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.newness import IN_FORCE_WITHIN, if_new
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.resources.drifting import Severities
from reconciler.resources.ec2_trail import touched_in_ec2
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.naming import read_ec2_names
from reconciler.resources.vpc import NOT_FOUND as VPC_NOT_FOUND
from reconciler.resources.vpc import VPCS, find_our_vpcs, list_tagged
from reconciler.resources.vpc import find_names as find_vpc_names

REFUSED = "Unsuccessful[].Error.[Code, Message]"  # in an answer that is no error
FLOW_LOGS = ("describe_flow_logs", "FlowLogs[]")
ROLE_UNKNOWN = (ErrorMatch("InvalidParameter", "Unable to assume given IAM role"),)
# The same VPC's to the same group: one that is being deleted, or that a lost answer was about.
ALREADY_THERE = ErrorMatch("FlowLogAlreadyExists", half_done=True)
INTERVAL = 600  # seconds that are aggregated into one record, EC2's default


class FlowLog(Spec):
    """Records of all of a VPC's traffic, in a log group."""

    kind: ClassVar[str] = "flow_log"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    log_group: Annotated[str, IMMUTABLE]
    """The name of the log group."""
    role: Annotated[Ref, refers_to("iam_role"), IMMUTABLE]
    """The ARN of the role by which EC2 writes to it."""
    traffic: Annotated[str, IMMUTABLE] = "ALL"
    """ALL, ACCEPT or REJECT."""
    failure: Annotated[str, UNCOMPARED] = ""
    """Live only: why its records do not arrive, as EC2 says it."""


def read(reads: Reads) -> Iterator[Live[FlowLog]]:
    # Those of our VPCs too: one of ours without its tags is known by what it records, and where.
    of_vpcs = {"Name": "resource-id", "Values": sorted(find_our_vpcs(reads))}
    found = reads.pages("ec2", *FLOW_LOGS, Filters=[of_vpcs]) if of_vpcs["Values"] else []
    logs = {log["FlowLogId"]: log for log in (*list_tagged(reads, *FLOW_LOGS), *found)}
    names = read_ec2_names(reads, FlowLog.kind, "FlowLogId", logs.values())
    vpcs = find_vpc_names(reads, list_tagged(reads, *VPCS))
    desired = {(want.vpc.name, want.log_group): name for name, want in reads.desired.of(FlowLog).items()}
    for own_id, log in logs.items():
        spec = from_aws(own_id, log)
        in_place_of = desired.get((vpcs.get(spec.vpc.name, ""), spec.log_group))
        spec = spec.model_copy(update={"name": names.get(own_id) or in_place_of or own_id})
        yield Live(spec, {"id": own_id}, tags.owner_of_nameless(spec.tags))


def from_aws(name: str, log: Mapping[str, Any]) -> FlowLog:
    """Return the spec of a flow log of DescribeFlowLogs, with this name in the plan."""
    destination = str(log.get("LogDestination", ""))
    failed = log.get("DeliverLogsStatus") == "FAILED"
    return FlowLog(
        name=name,
        tags=tags.parse(log.get("Tags")),
        vpc=log["ResourceId"],
        log_group=log.get("LogGroupName") or destination.rpartition(":log-group:")[2].removesuffix(":*"),
        role=Ref("iam_role", log.get("DeliverLogsPermissionArn", ""), "arn", by_id=True),
        traffic=log.get("TrafficType", ""),
        failure=str(log.get("DeliverLogsErrorMessage", "for a reason that AWS does not tell"))
        if failed
        else "",
    )


def ensure_flow_log(want: FlowLog, live: Live[FlowLog] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
        return
    params = {
        "ResourceType": "VPC",
        "ResourceIds": [want.vpc],
        "TrafficType": want.traffic,
        "LogGroupName": want.log_group,
        "DeliverLogsPermissionArn": want.role,
        "MaxAggregationInterval": INTERVAL,
        **tags.on_ec2("vpc-flow-log", want),
    }
    new = (*if_new(VPC_NOT_FOUND, want.vpc), *if_new(ROLE_UNKNOWN, want.role))
    outputs, not_yet = {"id": "FlowLogIds[0]"}, (*new, ALREADY_THERE)
    yield Call(
        "ec2", "create_flow_logs", params, outputs, retry=not_yet, refused=REFUSED, patience=IN_FORCE_WITHIN
    )


def remove(live: Live[FlowLog]) -> Iterator[Step]:
    params, gone = {"FlowLogIds": [live.outputs["id"]]}, ("InvalidFlowLogId.NotFound",)
    yield Call("ec2", "delete_flow_logs", params, ignore=gone, refused=REFUSED)


def clashes(live: FlowLog, want: FlowLog) -> bool:
    """Tell whether both record one VPC's traffic in one group, which AWS refuses."""
    return (live.vpc, live.log_group) == (want.vpc, want.log_group)


def parents(log: FlowLog) -> tuple[Ref, ...]:
    """Return its role. A VPC is deleted whoever records it, and AWS then removes the log (DeleteVpc)."""
    return (log.role,)


def warn(_want: FlowLog, live: Live[FlowLog] | None) -> Iterator[str]:
    if live and live.spec.failure:
        yield f"its records do not arrive: {live.spec.failure}"


KIND = Kind(
    FlowLog,
    read,
    ensure_flow_log,
    remove,
    relations=Relations(parents=parents, clashes=clashes),
    tagging=tags.EC2,
    warn=warn,
    severities=Severities(missing=Severity.SECURITY, fields={"traffic": Severity.SECURITY}),
    indexed_as="ec2:vpc-flow-log/",
    touched_by=touched_in_ec2("flowLogId", made_by="CreateFlowLogs", deleted_by="DeleteFlowLogs"),
    actions=actions(
        "ec2", "CreateFlowLogs CreateTags DeleteFlowLogs DescribeFlowLogs DescribeSubnets DescribeVpcs"
    )
    | actions("iam", "PassRole"),
)
