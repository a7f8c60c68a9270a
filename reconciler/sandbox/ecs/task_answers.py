"""ECS's answers about tasks of services, with their present status."""

from typing import Any

from reconciler.sandbox.ecs.answers import platform_version
from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.world import current


def task_answer(task: Task, *, tags: bool) -> dict[str, Any]:
    """Return the task as DescribeTasks shows it."""
    definition = task.definition
    now = current().clock.now()
    status = task_status(task, now)
    date = current().clock.date
    answer = {
        "taskArn": task.task_arn,
        "clusterArn": task.cluster_arn,
        "taskDefinitionArn": task.task_definition_arn,
        "group": task.group,
        "startedBy": task.started_by,
        "lastStatus": status,
        "desiredStatus": "RUNNING" if task.alive else "STOPPED",
        "healthStatus": "HEALTHY" if task.healthy <= now else "UNKNOWN",
        "cpu": definition.cpu,
        "memory": definition.memory,
        "availabilityZone": task.network.get("availabilityZone"),
        "createdAt": date(task.created),
        "version": 1 if task.alive else 2,
        "containers": [
            _container_answer(task, container, status) for container in definition.container_definitions
        ],
        "attachments": [_attachment_answer(task, status)] if task.network else [],
        "overrides": {"containerOverrides": [{"name": c["name"]} for c in definition.container_definitions]},
        "tags": task.tags if tags else None,
        **task.launch,
        "platformVersion": platform_version(task.launch.get("platformVersion")),
        "platformFamily": "Linux",
    }
    if task.registered is not None:
        answer["startedAt"] = date(task.running)
    return answer | (_end_answer(task, now) if not task.alive else {})


def task_status(task: Task, now: float) -> str:
    """Return the lastStatus of the task at this moment."""
    if task.stopping is not None:
        return "STOPPED" if task.stopped <= now else "DEPROVISIONING"
    if task.running <= now:
        return "RUNNING"
    return "PENDING" if task.pending <= now else "PROVISIONING"


def _end_answer(task: Task, now: float) -> dict[str, Any]:
    end: dict[str, Any] = {"stopCode": task.stop_code, "stoppedReason": task.stopped_reason}
    end["stoppingAt"] = current().clock.date(task.stopping or 0)
    return end | ({"stoppedAt": current().clock.date(task.stopped)} if task.stopped <= now else {})


def _container_answer(task: Task, container: dict[str, Any], status: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "containerArn": f"{task.task_arn.replace(':task/', ':container/')}/{container['name']}",
        "taskArn": task.task_arn,
        "name": container["name"],
        "image": container["image"],
        "imageDigest": task.digests.get(container["name"]),
        "lastStatus": status if status in ("RUNNING", "STOPPED") else "PENDING",
        "cpu": str(container.get("cpu", 0)),
        "networkInterfaces": [{"privateIpv4Address": task.network["privateIPv4Address"]}]
        if task.network
        else [],
        "healthStatus": "UNKNOWN",
    }
    if task.failure and task.failure.container == container["name"] and not task.alive:
        answer["reason"] = task.failure.stopped_reason if task.failure.exit_code is None else None
        answer["exitCode"] = task.failure.exit_code
    return answer


def _attachment_answer(task: Task, status: str) -> dict[str, Any]:
    names = ("subnetId", "networkInterfaceId", "macAddress", "privateIPv4Address")
    return {
        "id": task.attachment,
        "type": "ElasticNetworkInterface",
        "status": "DELETED" if status == "STOPPED" else "ATTACHED",
        "details": [{"name": name, "value": task.network[name]} for name in names],
    }
