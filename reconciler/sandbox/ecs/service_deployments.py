"""ListServiceDeployments, DescribeServiceDeployments and StopServiceDeployment, which moto lacks."""

from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.answers import page
from reconciler.sandbox.ecs.deployments import stop_deployment
from reconciler.sandbox.ecs.identifiers import check_arns
from reconciler.sandbox.ecs.model import Service, ServiceDeployment
from reconciler.sandbox.ecs.revisions import count_tasks, revision_arn
from reconciler.sandbox.world import add, current


def install() -> None:
    for action in (list_service_deployments, describe_service_deployments, stop_service_deployment):
        add(EC2ContainerServiceResponse, action.__name__, action)


def list_service_deployments(response: Any) -> ActionResult:
    """List the deployments of a service, newest first, in pages of 20 unless maxResults says otherwise."""
    service = response.ecs_backend._get_service(
        response._get_param("cluster", "default"), response._get_param("service").rpartition("/")[2]
    )
    wanted, created = response._get_param("status", []), response._get_param("createdAt", {})
    items = [
        _list_item(service, record)
        for record in service.history
        if (not wanted or record.status in wanted) and _is_within(record, created)
    ]
    return page(response, "serviceDeployments", items, 20)


def _is_within(record: ServiceDeployment, created: dict[str, datetime]) -> bool:
    """Tell whether the deployment began from `after` until `before`, if they are given."""
    begun = current().clock.date(record.created)
    limits = {name: moment.replace(tzinfo=moment.tzinfo or UTC) for name, moment in created.items()}
    return limits.get("after", begun) <= begun <= limits.get("before", begun)


def _list_item(service: Service, record: ServiceDeployment) -> dict[str, Any]:
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
    """Describe at most 20 service deployments by ARN, of any cluster."""
    arns = check_arns(response._get_param("serviceDeploymentArns"), "service-deployment")
    found = {
        record.arn: _answer(service, record)
        for service in response.ecs_backend.services.values()
        for record in service.history
        if record.arn in arns
    }
    failures = [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in found]
    return ActionResult({"serviceDeployments": list(found.values()), "failures": failures})


def _answer(service: Service, record: ServiceDeployment) -> dict[str, Any]:
    deployment = next((d for d in service.deployments if d.number == record.target), None)
    counts = count_tasks(service, deployment, current().clock.now()) if deployment else {}
    return _list_item(service, record) | {
        "sourceServiceRevisions": [{"arn": revision_arn(service, number)} for number in record.sources],
        "targetServiceRevision": {"arn": revision_arn(service, record.target), **counts},
        "deploymentConfiguration": service.fields["deploymentConfiguration"],
        "rollback": record.rollback,
    }


def stop_service_deployment(response: Any) -> ActionResult:
    """Stop a deployment that is under way, by a rollback unless stopType says ABORT."""
    (arn,) = check_arns([response._get_param("serviceDeploymentArn")], "service-deployment")
    services = response.ecs_backend.services.values()
    found = [(service, record) for service in services for record in service.history if record.arn == arn]
    if not found:
        raise ECSException("ServiceDeploymentNotFoundException", "Service deployment not found.")
    service, record = found[0]
    if record.finished is not None or record.rollback is not None:
        raise ECSException("ConflictException", "The service deployment is not in a state that can be stopped.")
    rollback = response._get_param("stopType", "ROLLBACK") == "ROLLBACK"
    stop_deployment(service, record, current().clock.now(), rollback=rollback)
    return ActionResult({"serviceDeploymentArn": arn})
