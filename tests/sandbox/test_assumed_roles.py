"""Roles that are assumed through STS."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of, code_of

ARN = "arn:aws:iam::123456789012:role/"


@pytest.fixture
def sts(aws: object) -> Any:
    principals = {"own": {"AWS": "123456789012"}, "of-tasks": {"Service": "ecs-tasks.amazonaws.com"}}
    for name, principal in principals.items():
        trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        client_of("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
    return client_of("sts")


def test_a_role_that_trusts_the_account_is_assumed(sts):
    assumed = sts.assume_role(RoleArn=f"{ARN}own", RoleSessionName="run")
    assert assumed["AssumedRoleUser"]["Arn"] == "arn:aws:sts::123456789012:assumed-role/own/run"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"RoleArn": f"{ARN}absent"}, "AccessDenied"),
        ({"RoleArn": f"{ARN}of-tasks"}, "AccessDenied"),
        ({"DurationSeconds": 3601}, "ValidationError"),
        ({"RoleSessionName": "two words"}, "ValidationError"),
        ({"RoleArn": "arn:aws:iam::123456789012:user/somebody"}, "ValidationError"),
    ],
)
def test_a_role_is_not_assumed(sts, asked, code):
    with pytest.raises(ClientError) as refused:
        sts.assume_role(**{"RoleArn": f"{ARN}own", "RoleSessionName": "run", **asked})
    assert code_of(refused) == code
