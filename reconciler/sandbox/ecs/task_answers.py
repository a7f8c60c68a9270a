"""ECS's answers about tasks, with their present status."""

from typing import Any

from reconciler.sandbox.ecs.answers import platform_version
from reconciler.sandbox.ecs.health import container_health, task_health
from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.world import current

# In the order in which a task passes through them (ECS developer guide, task lifecycle).
STATUSES = ("PROVISIONING", "PENDING", "RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED")
_FARGATE_STORAGE = 20  # GiB, unless the definition has more
_KILLED = 143  # exit code of a container that ends by SIGTERM; what it is on AWS depends on the program
_CONTAINER_STATES = {
    "PROVISIONING": "PENDING",
    "PENDING": "PENDING",
    "DEPROVISIONING": "STOPPED",
    "STOPPED": "STOPPED",
}
_INTERFACE = {"PROVISIONING": "PRECREATED", "DEPROVISIONING": "DETACHING", "STOPPED": "DELETED"}


def task_answer(task: Task, *, tags: bool, status: str = "") -> dict[str, Any]:
    """Return the task as DescribeTasks shows it, at present or with the given status."""
    definition = task.definition
    now = current().clock.now()
    status = status or task_status(task, now)
    containers = [_container_answer(task, c, status) for c in definition.container_definitions]
    architecture = (getattr(definition, "runtime_platform", None) or {}).get("cpuArchitecture", "X86_64")
    storage = task.overrides.get("ephemeralStorage") or getattr(definition, "ephemeral_storage", None)
    storage = storage or {"sizeInGiB": _FARGATE_STORAGE}
    answer = {
        "taskArn": task.task_arn,
        "clusterArn": task.cluster_arn,
        "taskDefinitionArn": task.task_definition_arn,
        "group": task.group,
        "startedBy": task.started_by or None,
        "lastStatus": status,
        "desiredStatus": "RUNNING" if task.alive else "STOPPED",
        "healthStatus": task_health(task, now),
        "cpu": definition.cpu,
        "memory": definition.memory,
        "availabilityZone": task.network.get("availabilityZone"),
        "createdAt": current().clock.date(task.created),
        "version": STATUSES.index(status) + 1,
        "containers": containers,
        "attachments": [_attachment_answer(task, status)] if task.network else [],
        "attributes": [{"name": "ecs.cpu-architecture", "value": architecture.lower()}],
        "overrides": _overrides(task),
        "tags": task.tags if tags else [],
        **task.launch,
        "platformVersion": platform_version(task.launch.get("platformVersion")),
        "platformFamily": "Linux",
        "ephemeralStorage": storage,
        "fargateEphemeralStorage": storage,
    }
    return answer | _moments(task, status)


def _overrides(task: Task) -> dict[str, Any]:
    """Return the overrides, with an entry for each container (recorded examples of the API reference)."""
    sent = {each["name"]: each for each in task.overrides.get("containerOverrides", []) if "name" in each}
    names = [container["name"] for container in task.definition.container_definitions]
    containers = [sent.get(name, {"name": name}) for name in names]
    return {**task.overrides, "containerOverrides": containers, "inferenceAcceleratorOverrides": []}


def has_run(task: Task) -> bool:
    """Tell whether the containers of the task were started."""
    exited = task.failure is not None and task.failure.exit_code is not None and not task.alive
    return task.registered is not None or exited


def task_status(task: Task, now: float) -> str:
    """Return the lastStatus of the task at this moment."""
    if task.stopping is None:
        return "RUNNING" if task.running <= now else "PENDING" if task.pending <= now else "PROVISIONING"
    if task.stopped <= now:
        return "STOPPED"
    own = current().profile.task_stop
    if now < task.stopped - own:
        return "DEACTIVATING"
    return "STOPPING" if has_run(task) and now < task.stopped - own / 2 else "DEPROVISIONING"


def _moments(task: Task, status: str) -> dict[str, Any]:
    """Return the moments that have passed at this status, and how the task ended."""
    date = current().clock.date
    told: dict[str, Any] = {}
    if status != "PROVISIONING":
        told |= {"connectivity": "CONNECTED", "connectivityAt": date(task.pending)}
        told["pullStartedAt"] = date(task.pending)
    if has_run(task) and status not in ("PROVISIONING", "PENDING"):
        told |= {"pullStoppedAt": date(task.running), "startedAt": date(task.running)}
    if task.stopping is not None:
        told |= {"stopCode": task.stop_code, "stoppedReason": task.stopped_reason}
        told |= {"stoppingAt": date(task.stopping)}
    if status in ("DEPROVISIONING", "STOPPED"):
        told["executionStoppedAt"] = date(max(task.stopped - current().profile.task_stop, task.stopping or 0))
    return told | ({"stoppedAt": date(task.stopped)} if status == "STOPPED" else {})


def _container_answer(task: Task, container: dict[str, Any], status: str) -> dict[str, Any]:
    state = _CONTAINER_STATES.get(status, "RUNNING")
    address = {"attachmentId": task.attachment, "privateIpv4Address": task.network.get("privateIPv4Address")}
    answer: dict[str, Any] = {
        "containerArn": f"{task.task_arn.replace(':task/', ':container/')}/{container['name']}",
        "taskArn": task.task_arn,
        "name": container["name"],
        "image": container["image"],
        "imageDigest": task.digests.get(container["name"]) if state != "PENDING" else None,
        "runtimeId": runtime_id(task, container["name"]) if state != "PENDING" else None,
        "lastStatus": state,
        "cpu": str(container.get("cpu", 0)),
        "memory": _text(container.get("memory")),
        "memoryReservation": _text(container.get("memoryReservation")),
        "networkBindings": [],
        "networkInterfaces": [address] if task.network and status != "PROVISIONING" else [],
        "healthStatus": container_health(task, container, current().clock.now()),
    }
    if task.launch.get("enableExecuteCommand"):
        started = current().clock.date(task.running) if state == "RUNNING" else None
        agent = {"name": "ExecuteCommandAgent", "lastStatus": state, "lastStartedAt": started}
        answer["managedAgents"] = [agent]
    return answer | (_container_end(task, container) if state == "STOPPED" else {})


def _container_end(task: Task, container: dict[str, Any]) -> dict[str, Any]:
    """Return the exit code of a container that has run, or why one that failed has not."""
    failed = task.failure is not None and task.failure.container == container["name"]
    if task.failure is not None and failed and task.failure.exit_code is not None:
        return {"exitCode": task.failure.exit_code}
    if has_run(task):
        return {"exitCode": _KILLED}
    return {"reason": task.stopped_reason} if failed else {}


def runtime_id(task: Task, container: str) -> str:
    """Return the id that Fargate gives a container: the task's and ten digits."""
    return f"{task.id}-{sum(map(ord, task.id + container)) * 7919 % 10**10:010d}"


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _attachment_answer(task: Task, status: str) -> dict[str, Any]:
    names = ("subnetId", "networkInterfaceId", "macAddress", "privateDnsName", "privateIPv4Address")
    told = names[:1] if status == "PROVISIONING" else names
    return {
        "id": task.attachment,
        "type": "ElasticNetworkInterface",
        "status": _INTERFACE.get(status, "ATTACHED"),
        "details": [{"name": name, "value": task.network[name]} for name in told if task.network.get(name)],
    }
