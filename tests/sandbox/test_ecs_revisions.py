from datetime import UTC, datetime
from typing import Any

import pytest
from stage import Stage

from reconciler.sandbox.ecr.images import manifest


@pytest.fixture
def stage(client: Any) -> Stage:
    return Stage(client)


def images(stage: Stage) -> list[Any]:
    """Return the container images of each revision that runs now."""
    arns = [revision["arn"] for revision in stage.described()["currentServiceRevisions"]]
    revisions = stage.ecs.describe_service_revisions(serviceRevisionArns=arns)["serviceRevisions"]
    return [revision["containerImages"] for revision in revisions]


def test_a_revision_pins_the_digest_until_the_next_deployment(stage: Stage) -> None:
    uri = stage.ecr.create_repository(repositoryName="repo")["repository"]["repositoryUri"]
    first = stage.ecr.describe_images(repositoryName="repo")["imageDetails"][0]["imageDigest"]
    stage.service(taskDefinition=stage.define(image=f"{uri}:latest"))
    assert images(stage) == [[{"containerName": "app", "image": f"{uri}:latest", "imageDigest": first}]]
    pushed = stage.ecr.put_image(repositoryName="repo", imageTag="latest", imageManifest=manifest("new"))
    second = pushed["image"]["imageId"]["imageDigest"]
    assert images(stage)[0][0]["imageDigest"] == first
    stage.update(forceNewDeployment=True)
    assert [[image["imageDigest"] for image in group] for group in images(stage)] == [[second]]


def test_a_revision_bears_the_number_of_its_deployment(stage: Stage) -> None:
    number = stage.service()["deployments"][0]["id"].removeprefix("ecs-svc/")
    current = stage.described()["currentServiceRevisions"][0]
    assert current["arn"] == f"arn:aws:ecs:us-east-1:123456789012:service-revision/c/s/{number}"
    assert (current["requestedTaskCount"], current["runningTaskCount"]) == (2, 2)


def test_former_revisions_stay_readable_and_unknown_ones_are_missing(stage: Stage) -> None:
    first = stage.service()["currentServiceRevisions"][0]["arn"]
    stage.update(taskDefinition=stage.define(A="1"))
    stage.described()
    answer = stage.ecs.describe_service_revisions(serviceRevisionArns=[first, f"{first}0"])
    assert [r["taskDefinition"] for r in answer["serviceRevisions"]] == [stage.task_definition]
    assert answer["failures"] == [{"arn": f"{first}0", "reason": "MISSING"}]


def test_service_deployments_are_listed_newest_first_and_described(stage: Stage) -> None:
    stage.service()
    stage.described()
    stage.update(taskDefinition=stage.define(A="1"))
    listed = stage.ecs.list_service_deployments(cluster="c", service="s")["serviceDeployments"]
    assert [d["status"] for d in listed] == ["SUCCESSFUL", "SUCCESSFUL"]
    arns = [listed[0]["serviceDeploymentArn"]]
    full = stage.ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"][0]
    assert full["targetServiceRevision"]["runningTaskCount"] == 2
    assert full["sourceServiceRevisions"][0]["arn"] == listed[1]["targetServiceRevisionArn"]
    assert full["finishedAt"] >= full["createdAt"]


def test_a_superseded_service_deployment_is_stopped(stage: Stage) -> None:
    stage.service(desiredCount=1, taskDefinition=stage.define(SANDBOX_FAIL="exit"))
    stage.update(taskDefinition=stage.task_definition)
    listed = stage.ecs.list_service_deployments(cluster="c", service="s")["serviceDeployments"]
    assert [d["status"] for d in listed] == ["SUCCESSFUL", "STOPPED"]


def test_a_service_deployment_can_be_stopped_and_rolled_back(stage: Stage) -> None:
    stage.service()
    stage.described()
    stage.update(taskDefinition=stage.define(SANDBOX_FAIL="exit"))
    arn = stage.described()["currentServiceDeployment"]
    assert (
        stage.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")["serviceDeploymentArn"]
        == arn
    )
    assert stage.described()["taskDefinition"] == stage.task_definition
    listed = stage.ecs.list_service_deployments(cluster="c", service="s")["serviceDeployments"]
    assert listed[0]["status"] == "ROLLBACK_SUCCESSFUL"
    with pytest.raises(stage.ecs.exceptions.ClientError, match="not in a state that can be stopped"):
        stage.ecs.stop_service_deployment(serviceDeploymentArn=arn)


def test_service_deployments_come_in_pages_and_by_time(stage: Stage) -> None:
    asked = {"cluster": "c", "service": stage.service(desiredCount=0)["serviceArn"]}
    stage.update(forceNewDeployment=True)
    first = stage.ecs.list_service_deployments(**asked, maxResults=1)
    second = stage.ecs.list_service_deployments(**asked, maxResults=1, nextToken=first["nextToken"])
    assert len(first["serviceDeployments"] + second["serviceDeployments"]) == 2
    assert "nextToken" not in second
    long_ago = {"before": datetime(2020, 1, 1, tzinfo=UTC)}
    assert stage.ecs.list_service_deployments(**asked, createdAt=long_ago)["serviceDeployments"] == []
