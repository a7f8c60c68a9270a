import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

NAMES = [
    "service-role/AmazonECSTaskExecutionRolePolicy",
    "AWSXRayDaemonWriteAccess",
    "CloudWatchAgentServerPolicy",
    "AmazonSSMReadOnlyAccess",
    "SecretsManagerReadWrite",
    "AmazonS3ReadOnlyAccess",
    "AmazonDynamoDBReadOnlyAccess",
    "AmazonSQSFullAccess",
]


@pytest.fixture
def iam(client: Any) -> Any:
    iam = client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)
    return iam


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_of_aws_is_attached_and_read_back(iam: Any, name: str) -> None:
    arn = f"arn:aws:iam::aws:policy/{name}"
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    assert [p["PolicyArn"] for p in iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"]] == [arn]
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    assert iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]["Statement"]


@pytest.mark.parametrize("name", ["AbsentPolicy", "AmazonECSTaskExecutionRolePolicy"])
def test_a_policy_that_aws_has_not_or_under_another_path_is_refused(iam: Any, name: str) -> None:
    with pytest.raises(ClientError) as refusal:
        iam.attach_role_policy(RoleName="r", PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    assert refusal.value.response["Error"]["Code"] == "NoSuchEntity"
