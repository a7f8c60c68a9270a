"""Service revisions, which moto lacks: the fields that were deployed, and the digests of the images."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.identifiers import check_arns
from reconciler.sandbox.ecs.model import Deployment, Service
from reconciler.sandbox.world import add, current


def install() -> None:
    add(EC2ContainerServiceResponse, "describe_service_revisions", describe_service_revisions)


def revision_arn(service: Service, number: str) -> str:
    """Return the ARN of the service revision with this number."""
    return f"{service.arn.replace(':service/', ':service-revision/')}/{number}"


def record_revision(service: Service, deployment: Deployment, definition: Any, at: float) -> None:
    """Record what the deployment deploys, so that it can be read after the deployment has ended.

    Digests are added to the record as the images are found.
    """
    service.revisions[revision_arn(service, deployment.number)] = {
        "serviceRevisionArn": revision_arn(service, deployment.number),
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "createdAt": current().clock.date(at),
        "images": {container["name"]: container["image"] for container in definition.container_definitions},
        "digests": deployment.digests,
        **deployment.fields,
    }


def current_revisions(service: Service, now: float) -> list[dict[str, Any]]:
    """Return `currentServiceRevisions`: each deployment's revision, with its task counts at this moment."""
    return [
        {"arn": revision_arn(service, deployment.number), **count_tasks(service, deployment, now)}
        for deployment in service.deployments
    ]


def count_tasks(service: Service, deployment: Deployment, now: float) -> dict[str, int]:
    """Count the requested, running and pending tasks of a deployment at this moment."""
    running = sum(task.running <= now for task in deployment.alive)
    wanted = service.desired_count if deployment is service.deployments[0] else len(deployment.alive)
    return {
        "requestedTaskCount": wanted,
        "runningTaskCount": running,
        "pendingTaskCount": len(deployment.alive) - running,
    }


def describe_service_revisions(response: Any) -> ActionResult:
    """Describe at most 20 service revisions by ARN, of any cluster."""
    arns = check_arns(response._get_param("serviceRevisionArns"), "service-revision")
    known = {
        arn: revision
        for service in response.ecs_backend.services.values()
        for arn, revision in service.revisions.items()
    }
    return ActionResult(
        {
            "serviceRevisions": [_answer(known[arn]) for arn in arns if arn in known],
            "failures": [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in known],
        }
    )


def _answer(revision: dict[str, Any]) -> dict[str, Any]:
    return revision | {
        "containerImages": [
            {"containerName": name, "image": image}
            | ({"imageDigest": revision["digests"][name]} if name in revision["digests"] else {})
            for name, image in revision["images"].items()
        ],
        "guardDutyEnabled": False,
    }
