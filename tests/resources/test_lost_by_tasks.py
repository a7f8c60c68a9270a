"""Roles and log groups that running tasks have lost; tests/blueprint/test_made_again.py goes end to end."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scripted import ScriptedAws
from services import FAMILY, LOGS, definition
from support import OURS, make

from reconciler.aws.reads import open_reads
from reconciler.model.spec import Spec
from reconciler.resources.ecs_service.lost import find_lost_by_tasks
from reconciler.resources.iam_role import IamRole
from reconciler.resources.log_group import LogGroup

NAME, ARN = "ecs-task-web-dev", "arn:aws:x:us-east-1:123456789012"
ROLE = make(IamRole, NAME, service_principal="ecs-tasks.amazonaws.com")
GROUP = make(LogGroup, LOGS)
REVISION, SERVICE = f"{ARN}:task-definition/{FAMILY}:1", f"{ARN}:service/web"
DEPLOYED = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE, LATER = DEPLOYED - timedelta(days=1), DEPLOYED + timedelta(days=1)
LOGGED = {"name": "web", "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": LOGS}}}


def service(**fields: Any) -> dict[str, Any]:
    deployment = {"status": "PRIMARY", "createdAt": DEPLOYED}
    return {"serviceArn": SERVICE, "taskDefinition": REVISION, "deployments": [deployment], **fields}


def aws(
    role: datetime | None = BEFORE, group: datetime | None = BEFORE, containers: Iterable[Any] = (LOGGED,)
) -> ScriptedAws:
    """An account in which these were made at these times, or do not exist, beside other roles and groups."""
    revision = {"taskDefinitionArn": REVISION, "family": FAMILY, "revision": 1}
    revision |= {"containerDefinitions": [*containers], "taskRoleArn": f"{ARN}:role/path/{NAME}"}
    roles = {"other": BEFORE} | ({NAME: role} if role else {})
    groups = {"other": BEFORE} | ({LOGS: group} if group else {})
    return ScriptedAws(
        list_task_definition_families={"families": [FAMILY]},
        describe_task_definition={"taskDefinition": revision},
        get_account_authorization_details={
            "RoleDetailList": [{"RoleName": name, "CreateDate": at} for name, at in roles.items()]
        },
        list_roles={"Roles": []},
        describe_log_groups={
            "logGroups": [
                {"logGroupName": name, "creationTime": at.timestamp() * 1000} for name, at in groups.items()
            ]
        },
    )


def lost(
    account: ScriptedAws, *services: Any, wanted: Iterable[Spec] = (definition(), ROLE, GROUP)
) -> dict[str, Any]:
    with open_reads(account, OURS, wanted) as reads:  # type: ignore[arg-type]  # it answers as an Aws does
        return find_lost_by_tasks(reads, services or [service()])


def test_what_was_there_when_they_were_deployed_is_not_lost():
    assert lost(aws()) == {SERVICE: frozenset()}


@pytest.mark.parametrize(
    ("account", "what"),
    [
        (aws(role=None), f"iam_role {NAME}"),
        (aws(role=LATER), f"iam_role {NAME}"),
        (aws(group=None), f"log_group {LOGS}"),
        (aws(group=LATER), f"log_group {LOGS}"),
    ],
    ids=["role deleted", "role made again", "group deleted", "group made again"],
)
def test_what_was_deleted_is_lost_also_when_it_was_made_again(account: ScriptedAws, what: str):
    assert lost(account) == {SERVICE: {what}}


@pytest.mark.parametrize(("seconds", "names"), [(60, set()), (61, {f"iam_role {NAME}", f"log_group {LOGS}"})])
def test_clocks_of_aws_may_differ_by_a_minute(seconds: int, names: set[str]):
    made = DEPLOYED + timedelta(seconds=seconds)
    assert lost(aws(role=made, group=made)) == {SERVICE: names}


def test_a_group_that_two_containers_share_is_lost_once_and_one_without_logs_loses_none():
    splunk = {"name": "agent", "logConfiguration": {"logDriver": "splunk"}}
    containers = [LOGGED, {**LOGGED, "name": "proxy"}, splunk, {"name": "plain", "logConfiguration": None}]
    assert lost(aws(group=None, containers=containers)) == {SERVICE: {f"log_group {LOGS}"}}


@pytest.mark.parametrize(
    "other",
    [
        service(deployments=[]),
        service(deployments=[{"status": "ACTIVE", "createdAt": DEPLOYED}]),
        service(taskDefinition=f"{ARN}:task-definition/theirs:7"),
        {"serviceArn": SERVICE, "deploymentController": {"type": "EXTERNAL"}},
    ],
    ids=["no deployment", "no primary one", "unknown revision", "another controller"],
)
def test_of_a_service_whose_deployment_or_revision_is_not_known_nothing_is_said(other: dict[str, Any]):
    assert lost(aws(role=None, group=None), other) == {}


@pytest.mark.parametrize(
    ("wanted", "what", "unasked"),
    [
        (GROUP, f"log_group {LOGS}", "get_account_authorization_details"),
        (ROLE, f"iam_role {NAME}", "describe_log_groups"),
    ],
    ids=["group", "role"],
)
def test_only_what_the_file_wants_is_looked_for(wanted: Spec, what: str, unasked: str):
    account = aws(role=None, group=None)
    assert lost(account, wanted=[definition(), wanted]) == {SERVICE: {what}}
    assert account.asked[unasked] == 0


def test_where_the_file_wants_neither_aws_is_not_asked():
    account = aws(role=None, group=None)
    assert lost(account, wanted=[definition()]) == {}
    assert not account.asked
