"""A resource that is deleted between its list and its describe is left out."""

from typing import Any

import pytest
from scripted import ScriptedAws, read, refused
from services import FAMILY, REPOSITORY, definition, repository
from support import OURS, make

from reconciler.model.references import Json, Ref
from reconciler.model.spec import Spec
from reconciler.model.tags import NAME, STACK
from reconciler.resources import KINDS
from reconciler.resources.cloud_map_namespace import CloudMapNamespace
from reconciler.resources.cloud_map_service import CloudMapService
from reconciler.resources.dashboard import Dashboard
from reconciler.resources.iam_role import IamRole
from reconciler.resources.log_group import LogGroup

ARN = "arn:aws:x:us-east-1:123456789012"
OWNED = [{"Key": STACK, "Value": OURS.name}, {"Key": NAME, "Value": "dev.local"}]
NAMESPACE = make(CloudMapNamespace, "dev.local", domain="dev.local", vpc=Ref("vpc", "vpc-dev"))
NAMESPACES = {"Namespaces": [{"Id": "ns-1", "Arn": f"{ARN}:namespace/ns-1", "Name": "dev.local"}]}
SERVICES = {"Services": [{"Id": "srv-1", "Arn": f"{ARN}:service/srv-1", "Name": "api"}]}


def only_the_namespace(ResourceARN: str) -> Any:  # noqa: N803  # AWS's name of it
    return {"Tags": OWNED} if "namespace" in ResourceARN else refused("ResourceNotFoundException")


ANSWERS: list[tuple[Spec, dict[str, Any]]] = [
    (
        make(LogGroup, "/aws/ecs/web-dev"),
        {
            "describe_log_groups": {
                "logGroups": [{"logGroupName": "/aws/ecs/web-dev", "arn": f"{ARN}:log-group:x:*"}]
            },
            "list_tags_for_resource": refused("ResourceNotFoundException"),
        },
    ),
    (
        repository(),
        {
            "describe_repositories": {
                "repositories": [{"repositoryName": REPOSITORY, "repositoryArn": ARN, "repositoryUri": "uri"}]
            },
            "list_tags_for_resource": refused("RepositoryNotFoundException"),
        },
    ),
    (
        NAMESPACE,
        {
            "list_namespaces": NAMESPACES,
            "list_tags_for_resource": refused("ResourceNotFoundException"),
        },
    ),
    (
        make(CloudMapService, "api", namespace=NAMESPACE.ref()),
        {
            "list_namespaces": NAMESPACES,
            "list_services": SERVICES,
            "list_tags_for_resource": only_the_namespace,
        },
    ),
    (
        make(Dashboard, "board-dev", body=Json({})),
        {
            "list_dashboards": {
                "DashboardEntries": [{"DashboardName": "board-dev", "DashboardArn": "arn:board"}]
            },
            "get_dashboard": refused("ResourceNotFound"),
        },
    ),
    (
        make(IamRole, "role-dev", service_principal="ecs-tasks.amazonaws.com"),
        {
            "get_account_authorization_details": refused("AccessDenied"),
            "list_roles": {"Roles": [{"RoleName": "role-dev", "Arn": f"{ARN}:role/role-dev"}]},
            "get_role": refused("NoSuchEntity"),
        },
    ),
    (
        definition(),
        {
            "list_task_definition_families": {"families": [FAMILY]},
            "describe_task_definition": refused("ClientException", "Unable to describe task definition."),
        },
    ),
]


@pytest.mark.parametrize(("wanted", "answers"), ANSWERS, ids=[wanted.kind for wanted, _ in ANSWERS])
def test_it_is_left_out(wanted: Spec, answers: dict[str, Any]):
    aws = ScriptedAws(**answers)
    assert read(KINDS[wanted.kind], aws, [NAMESPACE, wanted]) == []
    assert aws.asked.total() >= 2
