"""Services as ECS describes them: the deployment that counts, why it failed, and what is in use."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scripted import ScriptedAws, read
from services import CLUSTER, FAMILY, SERVICE, cluster, service
from support import OURS

from reconciler.aws.reads import open_reads
from reconciler.model.tags import STACK
from reconciler.resources.ecs_service import KIND
from reconciler.resources.running_services import find_failure, find_used_task_definitions

ARN = "arn:aws:ecs:us-east-1:123456789012"
REVISION = f"{ARN}:task-definition/{FAMILY}:3"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROLLING_BACK = {"createdAt": NOW, "message": "(service web) rolling back to deployment ecs-svc/1."}
OWNED = [{"key": STACK, "value": OURS.name}]


def described(status: str = "ACTIVE", **fields: Any) -> dict[str, Any]:
    given = {"serviceName": SERVICE, "serviceArn": f"{ARN}:service/{CLUSTER}/{SERVICE}", "status": status}
    return {**given, "clusterArn": f"{ARN}:cluster/{CLUSTER}", **fields}


def primary(**fields: Any) -> dict[str, Any]:
    return {"status": "PRIMARY", "createdAt": NOW, **fields}


def aws(*services: dict[str, Any], **answers: Any) -> ScriptedAws:
    cluster = {"clusterName": CLUSTER, "clusterArn": f"{ARN}:cluster/{CLUSTER}", "status": "ACTIVE"}
    return ScriptedAws(
        list_clusters={"clusterArns": [cluster["clusterArn"]]},
        describe_clusters={"clusters": [cluster]},
        describe_services={"services": [*services]},
        **answers,
    )


@pytest.mark.parametrize(
    ("fields", "ended", "reason"),
    [
        ({"deployments": []}, None, None),
        ({"deployments": [{"status": "ACTIVE", "createdAt": NOW}]}, None, None),
        ({"deployments": [primary()]}, None, None),
        ({"deployments": [primary(rolloutState="FAILED", rolloutStateReason="no luck")]}, None, "no luck"),
        ({"deployments": [primary(rolloutState="FAILED")]}, None, "the deployment failed"),
        ({"deployments": [primary()], "events": [ROLLING_BACK]}, None, None),
        (
            {"deployments": [primary()], "events": [ROLLING_BACK]},
            {"status": "ROLLBACK_SUCCESSFUL", "createdAt": NOW, "statusReason": "no luck"},
            "rolled back: no luck",
        ),
        (
            {"deployments": [primary()], "events": [ROLLING_BACK]},
            {"status": "ROLLBACK_FAILED", "createdAt": NOW},
            "rolled back: the deployment failed",
        ),
        (
            {"deployments": [primary()], "events": [ROLLING_BACK]},
            {"status": "SUCCESSFUL", "createdAt": NOW},
            None,
        ),
        (
            {"deployments": [primary(createdAt=NOW + timedelta(minutes=11))], "events": [ROLLING_BACK]},
            {"status": "ROLLBACK_SUCCESSFUL", "createdAt": NOW},
            None,
        ),
    ],
    ids=[
        "no deployment",
        "none is primary",
        "no sign of it",
        "FAILED",
        "FAILED without a reason",
        "no service deployment",
        "rolled back",
        "rolled back without a reason",
        "deployed since",
        "an event of long ago",
    ],
)
def test_a_failure_is_what_ecs_says_of_the_last_deployment(fields: Any, ended: Any, reason: str | None):
    account = aws(list_service_deployments={"serviceDeployments": [ended] if ended else []})
    with open_reads(account, OURS) as reads:  # type: ignore[arg-type]  # it answers as an Aws does
        assert find_failure(reads, described(**fields)) == reason


@pytest.mark.parametrize(
    ("fields", "used"),
    [
        ({}, set()),
        ({"taskDefinition": REVISION}, {REVISION}),
        ({"deployments": [primary()]}, set()),
        ({"deployments": [primary(taskDefinition=REVISION, rolloutState="COMPLETED")]}, {REVISION}),
        ({"deployments": [primary(taskDefinition=REVISION, rolloutState="IN_PROGRESS")]}, {REVISION, FAMILY}),
    ],
    ids=["external", "its own", "a deployment without one", "deployed", "being deployed"],
)
def test_a_family_is_in_use_while_a_deployment_of_it_goes_on(fields: dict[str, Any], used: set[str]):
    account = aws(described(**fields))
    with open_reads(account, OURS, [cluster(), service()]) as reads:  # type: ignore[arg-type]  # as an Aws does
        assert find_used_task_definitions(reads) == used


@pytest.mark.parametrize(("owned", "names"), [(OWNED, [f"{SERVICE} (draining)"]), ([], [])])
def test_only_one_of_ours_is_waited_for_while_it_drains(owned: list[Any], names: list[str]):
    found = read(KIND, aws(described("DRAINING", tags=owned)), [cluster(), service()])
    assert [live.spec.name for live in found] == names
