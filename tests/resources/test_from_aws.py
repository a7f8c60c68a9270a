"""The results of `from_aws`: AWS's answers as specs. Larger types have such tests of their own."""

import json
from typing import Any

import pytest

from reconciler.model.references import Json, Ref
from reconciler.resources import cloud_map_namespace, dashboard, ecr_repository, iam_role, image, log_group
from reconciler.resources.cloud_map_namespace import CloudMapNamespace
from reconciler.resources.dashboard import Dashboard
from reconciler.resources.ecr_repository import EcrRepository
from reconciler.resources.iam_role import IamRole, Policy, Statement
from reconciler.resources.image import Image
from reconciler.resources.log_group import LogGroup

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
ROLE = {
    "RoleName": "ROLE-dev",
    "Arn": "arn:aws:iam::123456789012:role/ROLE-dev",
    "Description": "of tasks",
    "MaxSessionDuration": 3600,
    "PermissionsBoundary": {
        "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
        "PermissionsBoundaryArn": "arn:b",
    },
    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]},
    "Tags": [{"Key": "team", "Value": "a"}, {"Key": "aws:x", "Value": "y"}],
    "AttachedManagedPolicies": [{"PolicyName": "p", "PolicyArn": "arn:p"}],
    "RolePolicyList": [
        {"PolicyName": "read", "PolicyDocument": {"Version": "2012-10-17", "Statement": [ALLOW]}}
    ],
}
REPOSITORY = {"repositoryName": "repo-dev", "imageScanningConfiguration": {"scanOnPush": True}}
KEEPS_TEN = json.dumps(ecr_repository.encode_lifecycle(10))
BALANCER = "app/alb-dev/50dc6c495c0c9188"


def test_a_role_with_its_policies_under_its_name_in_the_plan():
    read = Policy(
        statements=frozenset({Statement(actions=frozenset({"s3:GetObject"}), resources=frozenset({"*"}))})
    )
    assert iam_role.from_aws(ROLE, "role-dev") == IamRole(
        name="role-dev",
        tags={"team": "a"},
        description="of tasks",
        service_principal="ecs-tasks.amazonaws.com",
        managed_policies=frozenset({"arn:p"}),
        policies={"read": read},
        boundary="arn:b",
        max_session=3600,
    )


@pytest.mark.parametrize(("answer", "days"), [({"retentionInDays": 7}, 7), ({}, None)])
def test_a_log_group_and_its_retention(answer: dict[str, Any], days: int | None):
    spec = log_group.from_aws({"logGroupName": "/g", "arn": "arn:g:*", **answer}, {"a": "b"})
    assert spec == LogGroup(name="/g", tags={"a": "b"}, retention_days=days, kms_key="")


@pytest.mark.parametrize(
    ("repository", "policy", "scan_type", "fields"),
    [
        (REPOSITORY, KEEPS_TEN, None, {"scan_on_push": True, "keep_images": 10}),
        ({"repositoryName": "repo-dev"}, None, "BASIC", {"scan_on_push": False}),
        (REPOSITORY, '{"rules": []}', "ENHANCED", {"scan_on_push": None, "keep_images": '{"rules": []}'}),
    ],
)
def test_a_repository_with_its_policy_and_the_registry_s_scanning(repository, policy, scan_type, fields):
    spec = ecr_repository.from_aws(repository, {"a": "b"}, policy, scan_type)
    assert spec == EcrRepository(name="repo-dev", tags={"a": "b"}, tag_mutability="MUTABLE", **fields)


@pytest.mark.parametrize(
    ("image_id", "fields"),
    [({"imageTag": "v1"}, {"tag": "v1"}), ({"imageDigest": "sha256:1"}, {"digest": "sha256:1"})],
)
def test_an_image_by_what_it_was_found_by(image_id: dict[str, str], fields: dict[str, str]):
    assert image.from_aws("x", "repo-dev", image_id) == Image(name="x", repository="repo-dev", **fields)


def test_a_dashboard_refers_to_the_load_balancer_that_it_shows():
    spec = dashboard.from_aws("board-dev", json.dumps({"widgets": [["LoadBalancer", BALANCER]]}))
    balancer = Ref("load_balancer", BALANCER, "dimension", by_id=True)
    assert spec == Dashboard(name="board-dev", body=Json({"widgets": [["LoadBalancer", balancer]]}))


def test_a_namespace():
    found = cloud_map_namespace.from_aws("in-the-plan", {"Name": "dev.local"}, {"a": "b"}, "vpc-1")
    assert found == CloudMapNamespace(name="in-the-plan", tags={"a": "b"}, domain="dev.local", vpc="vpc-1")
