"""The tasks of services: launched with an interface of their own, stopped, and what they held given back."""

from typing import Any

from moto.ec2 import ec2_backends
from moto.ecs import ecs_backends
from moto.moto_api._internal import mock_random

from reconciler.sandbox.ec2.interfaces import attach_interface
from reconciler.sandbox.ecr.images import digest
from reconciler.sandbox.ecs.failures import failure
from reconciler.sandbox.ecs.model import Deployment, Service, Task
from reconciler.sandbox.ecs.traffic import leave, stop_time
from reconciler.sandbox.world import current


def launch(service: Service, deployment: Deployment, at: float) -> Task:
    """A new task of this deployment, PENDING and RUNNING in its time, unless it is to fail."""
    described = pin_images(service, deployment)
    start = current().profile.task_start
    prefix = service.cluster_arn.replace(":cluster/", ":task/")
    task = Task(
        task_arn=f"{prefix}/{mock_random.get_random_hex(32)}",
        cluster_arn=service.cluster_arn,
        task_definition_arn=described.arn,
        definition=described,
        group=f"service:{service.name}",
        started_by=deployment.id,
        launch=_launch(service, deployment),
        created=at,
        pending=at + start / 3,
        running=at + start,
        tags=_tags(service, described),
        balancers=deployment.fields["loadBalancers"],
        registries=deployment.fields["serviceRegistries"],
        digests=deployment.digests,
    )
    _connect(service, deployment, task)
    task.failure = failure(described, task)
    deployment.tasks.append(task)
    ecs = ecs_backends[service.account_id][service.region_name]
    ecs.tasks.setdefault(service.cluster_name, {})[task.task_arn] = task
    return task


def pin_images(service: Service, deployment: Deployment) -> Any:
    """The task definition. All tasks of a deployment run the digests that its tags had first (version consistency, ECS developer guide)."""
    ecs = ecs_backends[service.account_id][service.region_name]
    described = ecs.describe_task_definition(deployment.fields["taskDefinition"])
    for container in described.container_definitions:
        found = digest(container["image"])
        if found and container["name"] not in deployment.digests:
            deployment.digests[container["name"]] = found
    return described


def _launch(service: Service, deployment: Deployment) -> dict[str, Any]:
    common = {
        "platformVersion": deployment.fields.get("platformVersion"),
        "enableExecuteCommand": service.fields["enableExecuteCommand"],
    }
    strategy = deployment.fields.get("capacityProviderStrategy")
    if not strategy:
        return common | {"launchType": deployment.fields["launchType"]}
    return common | {"capacityProviderName": _provider(strategy, deployment.alive), "launchType": "FARGATE"}


def _provider(strategy: list[dict[str, Any]], tasks: list[Task]) -> str:
    """Bases are filled first, then each gets its share by weight (ECS developer guide, capacity providers)."""
    names = [task.launch["capacityProviderName"] for task in tasks]
    left = [i for i in strategy if names.count(i["capacityProvider"]) < i.get("base", 0)]
    weighted = left or [i for i in strategy if i.get("weight", 0)] or strategy

    def share(item: dict[str, Any]) -> float:
        above_base = names.count(item["capacityProvider"]) - int(item.get("base", 0))
        return above_base / (item.get("weight") or 1)

    return str(min(weighted, key=share)["capacityProvider"])


def _tags(service: Service, described: Any) -> list[dict[str, str]]:
    source = str(service.fields["propagateTags"])
    tags = {"SERVICE": service.tags, "TASK_DEFINITION": described.tags}.get(source, [])
    managed = {"aws:ecs:clusterName": service.cluster_name, "aws:ecs:serviceName": service.name}
    own = managed if service.fields["enableECSManagedTags"] else {}
    return [*tags, *({"key": key, "value": value} for key, value in own.items())]


def _connect(service: Service, deployment: Deployment, task: Task) -> None:
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


def stop(service: Service, task: Task, at: float, code: str, reason: str) -> None:
    """Order a task to stop: it leaves traffic at once and is STOPPED when connections have drained."""
    task.stopping = at
    task.stopped = at + stop_time(service, task)
    task.stop_code = code
    task.stopped_reason = reason
    leave(service, task)


def release(service: Service, task: Task) -> None:
    """Give back what a stopped task held. Its interface lingers from that moment, whenever anyone looks."""
    task.closed = True
    ec2 = ec2_backends[service.account_id][service.region_name]
    eni = ec2.enis.get(task.network.get("networkInterfaceId", ""))
    if eni is not None:
        eni.gone_at = task.stopped + current().profile.interface_lingers
