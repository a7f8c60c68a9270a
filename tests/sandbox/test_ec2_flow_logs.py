"""Flow logs: the role that they need, and what becomes of their records."""

import json
from typing import Any

import pytest
from makers import client_of, code_of
from refusals.ec2_world import ec2, network

GROUP = "/flow-logs"
RIGHTS = ["logs:CreateLogStream", "logs:PutLogEvents"]

pytestmark = pytest.mark.usefixtures("aws")


def role(principal: str, *actions: str) -> str:
    """Make a role that this service may have, with the right to these actions; return its ARN."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": principal}}
    made = client_of("iam").create_role(RoleName="flow", AssumeRolePolicyDocument=document(trust))
    if actions:
        rights = document({"Effect": "Allow", "Action": [*actions], "Resource": "*"})
        client_of("iam").put_role_policy(RoleName="flow", PolicyName="write", PolicyDocument=rights)
    return str(made["Role"]["Arn"])


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def create(arn: str) -> None:
    named = {"LogGroupName": GROUP, "DeliverLogsPermissionArn": arn}
    ec2().create_flow_logs(ResourceType="VPC", ResourceIds=[network().vpc], TrafficType="ALL", **named)


def described() -> tuple[str, str | None]:
    (log,) = ec2().describe_flow_logs()["FlowLogs"]
    return log["DeliverLogsStatus"], log.get("DeliverLogsErrorMessage")


@pytest.mark.parametrize("principal", [None, "ec2.amazonaws.com"])
def test_a_role_that_is_not_there_or_trusts_others_is_refused(principal: str | None) -> None:
    arn = role(principal) if principal else "arn:aws:iam::123456789012:role/nobody"
    with pytest.raises(ec2().exceptions.ClientError, match="Unable to assume given IAM role") as refused:
        create(arn)
    assert code_of(refused) == "InvalidParameter"


@pytest.mark.parametrize(
    ("actions", "group", "told"),
    [
        (RIGHTS, True, ("SUCCESS", None)),
        (RIGHTS, False, ("FAILED", "Access error")),
        (RIGHTS[:1], True, ("FAILED", "Access error")),
    ],
    ids=["all", "no group", "no right"],
)
def test_records_arrive_where_the_group_is_there_and_the_role_may_write(actions, group, told) -> None:
    if group:
        client_of("logs").create_log_group(logGroupName=GROUP)
    create(role("vpc-flow-logs.amazonaws.com", *actions))
    assert described() == told
