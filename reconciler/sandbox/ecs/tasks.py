"""Launch and stop the tasks of services; each has a network interface of its own."""

from typing import Any

from moto.ecs import ecs_backends
from moto.moto_api._internal import mock_random

from reconciler.sandbox.ecr.images import find_digest
from reconciler.sandbox.ecs.capacity import choose_provider
from reconciler.sandbox.ecs.failures import find_failure
from reconciler.sandbox.ecs.model import Deployment, Service, Task
from reconciler.sandbox.ecs.task_logs import log_end
from reconciler.sandbox.ecs.task_network import attach_task
from reconciler.sandbox.ecs.traffic import deregister_task, seconds_to_stop
from reconciler.sandbox.eventbridge.ecs_events import tell_task
from reconciler.sandbox.world import current


def launch_task(service: Service, deployment: Deployment, at: float) -> Task:
    """Launch a task of this deployment, and decide when it will be RUNNING and whether it will fail."""
    definition = pin_images(service, deployment)
    start = current().profile.task_start
    prefix = service.cluster_arn.replace(":cluster/", ":task/")
    task = Task(
        task_arn=f"{prefix}/{mock_random.get_random_hex(32)}",
        cluster_arn=service.cluster_arn,
        task_definition_arn=definition.arn,
        definition=definition,
        group=f"service:{service.name}",
        started_by=deployment.id,
        launch=_launch_fields(service, deployment),
        created=at,
        pending=at + start / 3,
        running=at + start,
        tags=_tags(service, definition),
        balancers=deployment.fields["loadBalancers"],
        registries=deployment.fields["serviceRegistries"],
        digests=deployment.digests,
    )
    wanted = deployment.fields.get("networkConfiguration", {}).get("awsvpcConfiguration")
    if wanted:
        attach_task(task, wanted, len(deployment.tasks))
    task.failure = find_failure(definition, task)
    deployment.tasks.append(task)
    ecs = ecs_backends[service.account_id][service.region_name]
    ecs.tasks.setdefault(service.cluster_name, {})[task.task_arn] = task
    tell_task(task, "PROVISIONING", at)
    return task


def pin_images(service: Service, deployment: Deployment) -> Any:
    """Record the digests of the images that are not recorded yet, and return the task definition.

    All tasks of a deployment run the digests of its first task (ECS developer guide, version consistency).
    """
    ecs = ecs_backends[service.account_id][service.region_name]
    definition = ecs.describe_task_definition(deployment.fields["taskDefinition"])
    for container in definition.container_definitions:
        found = find_digest(container["image"])
        if found and container["name"] not in deployment.digests:
            deployment.digests[container["name"]] = found
    return definition


def _launch_fields(service: Service, deployment: Deployment) -> dict[str, Any]:
    """Return the launch type or capacity provider of the next task, and its platform version."""
    common = {
        "platformVersion": deployment.fields.get("platformVersion"),
        "enableExecuteCommand": service.fields["enableExecuteCommand"],
    }
    strategy = deployment.fields.get("capacityProviderStrategy")
    if not strategy:
        return common | {"launchType": deployment.fields["launchType"]}
    return common | {
        "capacityProviderName": choose_provider(strategy, deployment.alive),
        "launchType": "FARGATE",
    }


def _tags(service: Service, definition: Any) -> list[dict[str, str]]:
    source = str(service.fields["propagateTags"])
    tags = {"SERVICE": service.tags, "TASK_DEFINITION": definition.tags}.get(source, [])
    managed = {"aws:ecs:clusterName": service.cluster_name, "aws:ecs:serviceName": service.name}
    own = managed if service.fields["enableECSManagedTags"] else {}
    return [*tags, *({"key": key, "value": value} for key, value in own.items())]


def stop_task(service: Service, task: Task, at: float, code: str, reason: str) -> None:
    """Order a task to stop: it gets no more traffic, and is STOPPED when its connections have drained."""
    task.stopping = at
    task.stopped = at + seconds_to_stop(service, task)
    task.stop_code = code
    task.stopped_reason = reason
    if task.registered is not None:
        log_end(task, at)
    deregister_task(service, task)
