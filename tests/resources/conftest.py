import json
from typing import Any

import pytest
from support import client

from reconciler.sandbox import World

TRUST = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
STARTS_TASKS = {"Effect": "Allow", "Action": ["ecr:*", "logs:*", "ssm:*"], "Resource": "*"}


@pytest.fixture
def aws(aws: World) -> World:
    """Install an embedded AWS with two roles for the tasks of `services`, which others made."""
    iam = client("iam")
    for name in ("execution", "execution-2"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(TRUST))
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=_document(STARTS_TASKS))
    return aws


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statement})
