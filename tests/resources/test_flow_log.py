import pytest
from network import vpc
from support import OTHERS, calls, client, look, make, see, settle

from reconciler.model.drift import Severity
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.tags import NAME, STACK
from reconciler.resources.flow_log import KIND, FlowLog, from_aws, warn
from reconciler.resources.iam_role import IamRole, Policy, Statement
from reconciler.resources.log_group import LogGroup

pytestmark = pytest.mark.usefixtures("aws")
GROUP, ROLE = "/aws/vpc/flow-logs-dev", "vpc-flow-logs-dev"


def flow_log(group: str = GROUP, **fields: object) -> FlowLog:
    given = {
        "vpc": Ref("vpc", "vpc-dev"),
        "log_group": group,
        "role": Ref("iam_role", ROLE, "arn"),
        "after": frozenset({Ref("log_group", group)}),
    }
    return make(FlowLog, "flow-logs-dev", **{**given, **fields})


def platform(group: str = GROUP, **fields: object) -> list[object]:
    rights = Statement(actions=frozenset({"logs:*"}), resources=frozenset({"*"}))
    policies = {"write": Policy(statements=frozenset({rights}))}
    role = make(IamRole, ROLE, service_principal="vpc-flow-logs.amazonaws.com", policies=policies)
    return [vpc(), role, make(LogGroup, group, retention_days=7), flow_log(group, **fields)]


PLATFORM = platform()


def test_made_then_nothing_to_do_then_gone():
    assert "create flow_log.flow-logs-dev" in settle(PLATFORM)
    settle([], file=PLATFORM)
    assert look(PLATFORM) == []


@pytest.mark.parametrize(
    "other", [platform(f"{GROUP}-b"), platform(traffic="REJECT")], ids=["group", "traffic"]
)
def test_any_change_is_a_new_one_in_the_place_of_the_old(other):
    settle(PLATFORM)
    (old,) = (live.outputs["id"] for live in look(PLATFORM) if live.spec.kind == "flow_log")
    assert "create flow_log.flow-logs-dev" in settle(other)
    assert old not in {live.outputs["id"] for live in look(other) if live.spec.kind == "flow_log"}


def test_one_that_was_deleted_by_hand_is_made_again():
    settle(PLATFORM)
    (own_id,) = (live.outputs["id"] for live in look(PLATFORM) if live.spec.kind == "flow_log")
    client("ec2").delete_flow_logs(FlowLogIds=[own_id])
    assert [str(change.address) for change in see(PLATFORM).changes] == ["flow_log.flow-logs-dev"]


def test_records_that_do_not_arrive_are_told_in_every_plan():
    answer = {
        "ResourceId": "vpc-1",
        "LogGroupName": GROUP,
        "DeliverLogsPermissionArn": "arn:aws:iam::123456789012:role/x",
        "TrafficType": "ALL",
        "DeliverLogsStatus": "FAILED",
        "DeliverLogsErrorMessage": "Access error",
    }
    live = Live(from_aws("flow-logs-dev", answer), {"id": "fl-1"})
    assert [*warn(flow_log(), live)] == ["its records do not arrive: Access error"]


def test_its_group_is_told_by_name_or_by_destination():
    role = "arn:aws:iam::123456789012:role/x"
    told = {"ResourceId": "vpc-1", "TrafficType": "ALL", "DeliverLogsPermissionArn": role}
    by_name = from_aws("log", {**told, "LogGroupName": GROUP})
    by_arn = from_aws(
        "log", {**told, "LogDestination": f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}"}
    )
    assert by_name == by_arn
    assert (by_name.log_group, by_name.failure) == (GROUP, "")


def test_one_whose_role_lost_its_rights_is_told_in_the_plan():
    settle(PLATFORM)
    assert not see(PLATFORM).warnings
    client("iam").delete_role_policy(RoleName=ROLE, PolicyName="write")
    told = [warning.why for warning in see(PLATFORM).warnings]
    assert told == ["its records do not arrive: Access error"]


def id_of_log() -> str:
    return next(live.outputs["id"] for live in look(PLATFORM) if live.spec.kind == "flow_log")


def test_one_that_lost_its_tags_is_known_by_its_place_and_no_second_one_is_asked_for():
    settle(PLATFORM)
    own_id = id_of_log()
    client("ec2").delete_tags(Resources=[own_id], Tags=[{"Key": STACK}, {"Key": NAME}])
    (conflict,) = see(PLATFORM).conflicts
    assert f"restore them: aws ec2 create-tags --resources {own_id} " in conflict.remedy


def test_another_stacks_in_the_place_of_ours_is_a_conflict():
    settle(PLATFORM)
    client("ec2").create_tags(Resources=[id_of_log()], Tags=[{"Key": STACK, "Value": OTHERS.name}])
    (conflict,) = see(PLATFORM).conflicts
    assert str(conflict.address) == "flow_log.flow-logs-dev"


def test_others_may_record_our_vpc_elsewhere_and_do_not_keep_it():
    """AWS deletes a VPC that is recorded, and removes the logs of it later."""
    settle(PLATFORM)
    in_vpc = next(live.outputs["id"] for live in look(PLATFORM) if live.spec.kind == "vpc")
    bucket = client("s3").create_bucket(Bucket="records")["Location"].strip("/")
    told = {"LogDestinationType": "s3", "LogDestination": f"arn:aws:s3:::{bucket}"}
    (theirs,) = client("ec2").create_flow_logs(
        ResourceType="VPC", ResourceIds=[in_vpc], TrafficType="ALL", **told
    )["FlowLogIds"]
    assert settle(PLATFORM) == []
    settle([], file=PLATFORM)
    assert [log["FlowLogId"] for log in client("ec2").describe_flow_logs()["FlowLogs"]] == [theirs]


@pytest.mark.parametrize(
    ("fields", "clash"), [({}, True), ({"vpc": "vpc-2"}, False), ({"log_group": "/other"}, False)]
)
def test_one_group_takes_one_log_of_a_vpc(fields, clash):
    assert KIND.relations.clashes(flow_log(vpc="vpc-1"), flow_log(**{"vpc": "vpc-1", **fields})) is clash


def test_records_span_ten_minutes():
    ((_, params),) = calls(KIND.ensure(flow_log(), None))
    assert (params["MaxAggregationInterval"], params["TrafficType"]) == (600, "ALL")


def test_one_that_is_missing_is_a_matter_of_security():
    assert KIND.severities.missing == Severity.SECURITY
