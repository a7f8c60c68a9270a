"""Service revisions and service deployments, which moto lacks: what ran, in which images, and how it came to run."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.model import Deployment, Service, ServiceDeployment
from reconciler.sandbox.world import add, current


def install() -> None:
    add(EC2ContainerServiceResponse, "describe_service_revisions", describe_service_revisions)
    add(EC2ContainerServiceResponse, "list_service_deployments", list_service_deployments)
    add(EC2ContainerServiceResponse, "describe_service_deployments", describe_service_deployments)


def revision_arn(service: Service, number: str) -> str:
    return f"{service.arn.replace(':service/', ':service-revision/')}/{number}"


def record_revision(service: Service, deployment: Deployment, definition: Any, at: float) -> None:
    """What was deployed stays readable when the deployment is gone. The digests come as the images are found."""
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
    return [
        {"arn": revision_arn(service, deployment.number), **_counts(service, deployment, now)}
        for deployment in service.deployments
    ]


def _counts(service: Service, deployment: Deployment, now: float) -> dict[str, int]:
    running = sum(task.running <= now for task in deployment.alive)
    wanted = service.desired_count if deployment is service.deployments[0] else len(deployment.alive)
    return {
        "requestedTaskCount": wanted,
        "runningTaskCount": running,
        "pendingTaskCount": len(deployment.alive) - running,
    }


def describe_service_revisions(response: Any) -> ActionResult:
    """At most 20 a call; those of all clusters."""
    arns = response._get_param("serviceRevisionArns")
    if len(arns) > 20:  # noqa: PLR2004 - AWS's limit
        raise InvalidParameterException("serviceRevisionArns can have at most 20 items.")
    known = {
        arn: revision
        for service in response.ecs_backend.services.values()
        for arn, revision in service.revisions.items()
    }
    return ActionResult(
        {
            "serviceRevisions": [_revision(known[arn]) for arn in arns if arn in known],
            "failures": [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in known],
        }
    )


def _revision(revision: dict[str, Any]) -> dict[str, Any]:
    return revision | {
        "containerImages": [
            {"containerName": name, "image": image}
            | ({"imageDigest": revision["digests"][name]} if name in revision["digests"] else {})
            for name, image in revision["images"].items()
        ],
        "guardDutyEnabled": False,
    }


def list_service_deployments(response: Any) -> ActionResult:
    service = response.ecs_backend._get_service(
        response._get_param("cluster", "default"), response._get_param("service")
    )
    wanted = response._get_param("status", [])
    brief = [_brief(service, record) for record in service.history if not wanted or record.status in wanted]
    return ActionResult({"serviceDeployments": brief[: response._get_int_param("maxResults", 20)]})


def _brief(service: Service, record: ServiceDeployment) -> dict[str, Any]:
    date = current().clock.date
    return {
        "serviceDeploymentArn": record.arn,
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "createdAt": date(record.created),
        "startedAt": date(record.created),
        "finishedAt": None if record.finished is None else date(record.finished),
        "targetServiceRevisionArn": revision_arn(service, record.target),
        "status": record.status,
        "statusReason": record.reason or None,
    }


def describe_service_deployments(response: Any) -> ActionResult:
    """At most 20 a call; those of all clusters."""
    arns = response._get_param("serviceDeploymentArns")
    if len(arns) > 20:  # noqa: PLR2004 - AWS's limit
        raise InvalidParameterException("serviceDeploymentArns can have at most 20 items.")
    found = {
        record.arn: _full(service, record)
        for service in response.ecs_backend.services.values()
        for record in service.history
        if record.arn in arns
    }
    failures = [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in found]
    return ActionResult({"serviceDeployments": list(found.values()), "failures": failures})


def _full(service: Service, record: ServiceDeployment) -> dict[str, Any]:
    deployment = next((d for d in service.deployments if d.number == record.target), None)
    counts = _counts(service, deployment, current().clock.now()) if deployment else {}
    return _brief(service, record) | {
        "sourceServiceRevisions": [{"arn": revision_arn(service, number)} for number in record.sources],
        "targetServiceRevision": {"arn": revision_arn(service, record.target), **counts},
        "deploymentConfiguration": service.fields["deploymentConfiguration"],
        "rollback": record.rollback,
    }
