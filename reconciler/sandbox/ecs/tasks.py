"""Launch and stop the tasks of services; each has a network interface of its own."""

from typing import Any

from moto.ec2 import ec2_backends
from moto.ecs import ecs_backends
from moto.moto_api._internal import mock_random

from reconciler.sandbox.ec2.interfaces import attach_interface, release_interface
from reconciler.sandbox.ecr.images import find_digest
from reconciler.sandbox.ecs.failures import find_failure
from reconciler.sandbox.ecs.model import Deployment, Service, Task
from reconciler.sandbox.ecs.traffic import deregister_task, seconds_to_stop
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
    _attach_interface(service, deployment, task)
    task.failure = find_failure(definition, task)
    deployment.tasks.append(task)
    ecs = ecs_backends[service.account_id][service.region_name]
    ecs.tasks.setdefault(service.cluster_name, {})[task.task_arn] = task
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
        "capacityProviderName": _choose_provider(strategy, deployment.alive),
        "launchType": "FARGATE",
    }


def _choose_provider(strategy: list[dict[str, Any]], tasks: list[Task]) -> str:
    """Return the next task's provider: bases first, then weights (ECS developer guide, capacity providers)."""
    names = [task.launch["capacityProviderName"] for task in tasks]
    below_base = [i for i in strategy if names.count(i["capacityProvider"]) < i.get("base", 0)]
    weighted = below_base or [i for i in strategy if i.get("weight", 0)] or strategy

    def share(item: dict[str, Any]) -> float:
        above_base = names.count(item["capacityProvider"]) - int(item.get("base", 0))
        return above_base / (item.get("weight") or 1)

    return str(min(weighted, key=share)["capacityProvider"])


def _tags(service: Service, definition: Any) -> list[dict[str, str]]:
    source = str(service.fields["propagateTags"])
    tags = {"SERVICE": service.tags, "TASK_DEFINITION": definition.tags}.get(source, [])
    managed = {"aws:ecs:clusterName": service.cluster_name, "aws:ecs:serviceName": service.name}
    own = managed if service.fields["enableECSManagedTags"] else {}
    return [*tags, *({"key": key, "value": value} for key, value in own.items())]


def _attach_interface(service: Service, deployment: Deployment, task: Task) -> None:
    wanted = deployment.fields.get("networkConfiguration", {}).get("awsvpcConfiguration")
    if not wanted:
        return
    ec2 = ec2_backends[service.account_id][service.region_name]
    subnet_id = wanted["subnets"][len(deployment.tasks) % len(wanted["subnets"])]
    task.attachment = str(mock_random.uuid4())
    arn = service.cluster_arn.replace(f":cluster/{service.cluster_name}", f":attachment/{task.attachment}")
    public = wanted.get("assignPublicIp") == "ENABLED"
    groups = wanted.get("securityGroups") or []
    eni = attach_interface(ec2, subnet_id, groups, description=arn, owner="amazon-ecs", public=public)
    task.network = {
        "subnetId": subnet_id,
        "networkInterfaceId": eni.id,
        "macAddress": eni.mac_address,
        "privateIPv4Address": eni.private_ip_address,
        "availabilityZone": eni.availability_zone,
    }


def stop_task(service: Service, task: Task, at: float, code: str, reason: str) -> None:
    """Order a task to stop: it gets no more traffic, and is STOPPED when its connections have drained."""
    task.stopping = at
    task.stopped = at + seconds_to_stop(service, task)
    task.stop_code = code
    task.stopped_reason = reason
    deregister_task(service, task)


def release_task(service: Service, task: Task) -> None:
    """Schedule the deletion of a stopped task's interface some time after the task stopped."""
    task.released = True
    ec2 = ec2_backends[service.account_id][service.region_name]
    eni = ec2.enis.get(task.network.get("networkInterfaceId", ""))
    if eni is not None:
        release_interface(eni, task.stopped)
