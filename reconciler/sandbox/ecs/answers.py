"""How ECS tells of services and tasks: answers in AWS's names, with counts as they are at this moment."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException

from reconciler.sandbox.ecs.model import Deployment, Service, Task
from reconciler.sandbox.ecs.revisions import current_revisions
from reconciler.sandbox.world import current

# Told of deployments and revisions only (ECS API reference, Service).
_NOT_OF_SERVICE = {"serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"}


def service_answer(service: Service, *, tags: bool = True) -> dict[str, Any]:
    """The service as DescribeServices gives it."""
    now = current().clock.now()
    fields = {key: value for key, value in service.fields.items() if key not in _NOT_OF_SERVICE}
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
        "deployments": [_deployment(service, deployment, now) for deployment in service.deployments],
        "currentServiceRevisions": current_revisions(service, now),
        "currentServiceDeployment": next((r.arn for r in service.history if r.finished is None), None),
        "events": service.events,
        "tags": service.tags if tags else None,
    }


def _deployment(service: Service, deployment: Deployment, now: float) -> dict[str, Any]:
    date = current().clock.date
    primary = deployment is service.deployments[0]
    running = sum(task.running <= now for task in deployment.alive)
    told = {k: v for k, v in deployment.fields.items() if k not in ("loadBalancers", "serviceRegistries")}
    return told | {
        "id": deployment.id,
        "status": "PRIMARY" if primary else "ACTIVE",
        "desiredCount": service.desired_count if primary else len(deployment.alive),
        "pendingCount": len(deployment.alive) - running,
        "runningCount": running,
        "failedTasks": deployment.failed_tasks,
        "createdAt": date(deployment.created),
        "updatedAt": date(deployment.updated),
        "platformVersion": _platform_version(deployment.fields.get("platformVersion")),
        "rolloutState": deployment.state,
        "rolloutStateReason": deployment.reason,
    }


def _platform_version(asked: str | None) -> str | None:
    """A service says LATEST, its deployments and tasks which version that was."""
    return "1.4.0" if asked == "LATEST" else asked


def task_answer(task: Task, *, tags: bool) -> dict[str, Any]:
    """The task as DescribeTasks gives it."""
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
        "containers": [_container(task, container, status) for container in definition.container_definitions],
        "attachments": [_attachment(task, status)] if task.network else [],
        "overrides": {"containerOverrides": [{"name": c["name"]} for c in definition.container_definitions]},
        "tags": task.tags if tags else None,
        **task.launch,
        "platformVersion": _platform_version(task.launch.get("platformVersion")),
        "platformFamily": "Linux",
    }
    if task.registered is not None:
        answer["startedAt"] = date(task.running)
    return answer | (_end(task, now) if not task.alive else {})


def task_status(task: Task, now: float) -> str:
    if task.stopping is not None:
        return "STOPPED" if task.stopped <= now else "DEPROVISIONING"
    if task.running <= now:
        return "RUNNING"
    return "PENDING" if task.pending <= now else "PROVISIONING"


def _end(task: Task, now: float) -> dict[str, Any]:
    end: dict[str, Any] = {"stopCode": task.stop_code, "stoppedReason": task.stopped_reason}
    end["stoppingAt"] = current().clock.date(task.stopping or 0)
    return end | ({"stoppedAt": current().clock.date(task.stopped)} if task.stopped <= now else {})


def _container(task: Task, container: dict[str, Any], status: str) -> dict[str, Any]:
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


def _attachment(task: Task, status: str) -> dict[str, Any]:
    names = ("subnetId", "networkInterfaceId", "macAddress", "privateIPv4Address")
    return {
        "id": task.attachment,
        "type": "ElasticNetworkInterface",
        "status": "DELETED" if status == "STOPPED" else "ATTACHED",
        "details": [{"name": name, "value": task.network[name]} for name in names],
    }


def page(response: Any, key: str, items: list[str], size: int) -> ActionResult:
    """One page of a list, as long as asked for or as AWS makes it; the token is where the next one begins."""
    size = response._get_int_param("maxResults", size)
    token = response._get_param("nextToken") or "0"
    if not token.isdecimal():
        raise InvalidParameterException("Invalid token.")
    begin = int(token)
    more = {"nextToken": str(begin + size)} if begin + size < len(items) else {}
    return ActionResult({key: items[begin : begin + size]} | more)
