import pytest
from network import vpc
from support import client, look, make, see, settle

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.resources.flow_log import FlowLog, from_aws, warn
from reconciler.resources.iam_role import IamRole
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
    role = make(IamRole, ROLE, service_principal="vpc-flow-logs.amazonaws.com")
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
