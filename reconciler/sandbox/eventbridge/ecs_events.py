"""The events that ECS sends by itself, without a trail (EventBridge reference, "Amazon ECS events")."""

from typing import Any

from reconciler.sandbox.ecs.model import Deployment, Service, Task
from reconciler.sandbox.eventbridge.delivery import has_rules, put_event
from reconciler.sandbox.world import current

_TYPES = {"SERVICE_DEPLOYMENT_FAILED": "ERROR", "SERVICE_TASK_START_IMPAIRED": "WARN"}


def tell_deployment(service: Service, deployment: Deployment, name: str, at: float) -> None:
    """Send a change of state of a deployment."""
    detail = {"deploymentId": deployment.id, "updatedAt": _text(at), "reason": deployment.reason}
    _send(service, "ECS Deployment State Change", name, detail, at)


def tell_action(service: Service, name: str, at: float) -> None:
    """Send an action of the service scheduler."""
    _send(service, "ECS Service Action", name, {"clusterArn": service.cluster_arn, "createdAt": _text(at)}, at)


def _send(service: Service, kind: str, name: str, more: dict[str, Any], at: float) -> None:
    if has_rules(service.account_id, service.region_name):
        detail = {"eventType": _TYPES.get(name, "INFO"), "eventName": name, **more}
        put_event(service.account_id, service.region_name, "aws.ecs", kind, [service.arn], detail, at)


def tell_task(task: Task, status: str, at: float) -> None:
    """Send a change of state of a task, without what DescribeTasks tells of its containers."""
    _, _, _, region, account, _ = task.task_arn.split(":", 5)
    if not has_rules(account, region):
        return
    stopped = {"stopCode": task.stop_code, "stoppedReason": task.stopped_reason} if not task.alive else {}
    detail = {
        "clusterArn": task.cluster_arn,
        "taskArn": task.task_arn,
        "taskDefinitionArn": task.task_definition_arn,
        "group": task.group,
        "startedBy": task.started_by,
        "lastStatus": status,
        "desiredStatus": "RUNNING" if task.alive else "STOPPED",
        "updatedAt": _text(at),
        **stopped,
    }
    put_event(account, region, "aws.ecs", "ECS Task State Change", [task.task_arn], detail, at)


def _text(at: float) -> str:
    return current().clock.date(at).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
