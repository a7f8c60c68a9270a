"""ECS's answers: services with their present counts, and pages of lists."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException
from moto.utilities.utils import get_partition

from reconciler.sandbox.ecs.model import Deployment, Service
from reconciler.sandbox.ecs.revisions import current_revisions
from reconciler.sandbox.world import current

# Fields that only deployments and revisions show (ECS API reference, Service).
_HIDDEN_IN_SERVICE = {"serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"}


def service_answer(service: Service, *, tags: bool = True) -> dict[str, Any]:
    """Return the service as DescribeServices shows it."""
    now = current().clock.now()
    fields = {key: value for key, value in service.fields.items() if key not in _HIDDEN_IN_SERVICE}
    running = [task for task in service.tasks() if task.alive and task.running <= now]
    pending = [task for task in service.tasks() if task.alive and task.running > now]
    return fields | {
        "serviceArn": service.arn,
        "serviceName": service.name,
        "clusterArn": service.cluster_arn,
        "status": service.status,
        "desiredCount": service.desired_count,
        "runningCount": len(running),
        "pendingCount": len(pending),
        "createdAt": current().clock.date(service.created),
        "createdBy": caller(service),
        "deployments": [_deployment_answer(service, deployment, now) for deployment in service.deployments],
        "currentServiceRevisions": current_revisions(service, now),
        "currentServiceDeployment": next((r.arn for r in service.history if r.finished is None), None),
        "events": service.events,
        "tags": service.tags if tags else None,
    }


def caller(owner: Any) -> str:
    """Return the ARN of the principal that makes all calls to this service or backend: the account's root."""
    partition = get_partition(owner.region_name)
    return f"arn:{partition}:iam::{owner.account_id}:root"


def _deployment_answer(service: Service, deployment: Deployment, now: float) -> dict[str, Any]:
    date = current().clock.date
    primary = deployment is service.deployments[0]
    running = sum(task.running <= now for task in deployment.alive)
    fields = {k: v for k, v in deployment.fields.items() if k not in ("loadBalancers", "serviceRegistries")}
    return fields | {
        "id": deployment.id,
        "status": "PRIMARY" if primary else "ACTIVE",
        "desiredCount": service.desired_count if primary else len(deployment.alive),
        "pendingCount": len(deployment.alive) - running,
        "runningCount": running,
        "failedTasks": deployment.failed_tasks,
        "createdAt": date(deployment.created),
        "updatedAt": date(deployment.updated),
        "platformVersion": platform_version(deployment.fields.get("platformVersion")),
        "rolloutState": deployment.state,
        "rolloutStateReason": deployment.reason,
    }


def platform_version(version: str | None) -> str | None:
    """Return the version for LATEST, which deployments and tasks show; a service shows LATEST."""
    return "1.4.0" if version == "LATEST" else version


def page(response: Any, key: str, items: list[Any], size: int, most: int = 100) -> ActionResult:
    """Answer with one page of a list, of `size` items unless the call says maxResults, from 1 to `most`."""
    size = response._get_int_param("maxResults", size)
    if not 1 <= size <= most:
        raise InvalidParameterException(f"maxResults must be between 1 and {most}.")
    token = response._get_param("nextToken") or "0"
    if not token.isdecimal():
        raise InvalidParameterException("Invalid token.")
    begin = int(token)
    more = {"nextToken": str(begin + size)} if begin + size < len(items) else {}
    return ActionResult({key: items[begin : begin + size]} | more)
