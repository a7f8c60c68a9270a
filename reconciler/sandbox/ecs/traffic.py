"""Register tasks in target groups and Cloud Map services, and deregister them."""

from typing import Any

from moto.elbv2 import elbv2_backends
from moto.servicediscovery import servicediscovery_backends

from reconciler.sandbox.ecs.health import seconds_to_health
from reconciler.sandbox.ecs.model import Service, Task
from reconciler.sandbox.ecs.own_calls import record_instance, record_targets
from reconciler.sandbox.ecs.task_logs import log_start
from reconciler.sandbox.world import current


def register_task(service: Service, task: Task, at: float) -> None:
    """Register a running task. It becomes healthy after a while, unless it fails its health checks."""
    task.registered = at
    if task.failure is None:
        checks = current().profile.target_healthy if task.balancers else 0
        task.healthy = at + max(checks, seconds_to_health(task.definition))
    log_start(task, at)
    for target_group, target in _targets(service, task):
        target_group.register([target])
        record_targets(service, "RegisterTargets", target_group.arn, target)
        target_group.healthy_at[target["Id"], target["Port"]] = task.healthy
    for registry in task.registries:
        _register_instance(service, registry, task)


def deregister_task(service: Service, task: Task) -> None:
    """Deregister a task from its target groups and Cloud Map services, if it is registered."""
    if task.registered is None:
        return
    for target_group, target in _targets(service, task):
        target_group.deregister([target])
        record_targets(service, "DeregisterTargets", target_group.arn, target)
    discovery = servicediscovery_backends[service.account_id][service.region_name]
    for registry in task.registries:
        found = discovery.services.get(registry["registryArn"].rpartition("/")[2])
        if found is not None and any(i.instance_id == task.id for i in found.instances):
            discovery.deregister_instance(found.id, task.id)
            record_instance(service, "DeregisterInstance", found.id, task.id)


def seconds_to_stop(service: Service, task: Task) -> float:
    """Return the seconds from the order to stop until STOPPED: connections drain, then the container ends."""
    own = current().profile.task_stop
    if not own or task.registered is None:
        return own
    key = "deregistration_delay.timeout_seconds"
    return own + max((float(group.attributes[key]) for group, _ in _targets(service, task)), default=0)


def _targets(service: Service, task: Task) -> list[tuple[Any, dict[str, Any]]]:
    groups = elbv2_backends[service.account_id][service.region_name].target_groups
    address = task.network.get("privateIPv4Address", task.id)
    return [
        (groups[balancer["targetGroupArn"]], {"Id": address, "Port": balancer["containerPort"]})
        for balancer in task.balancers
        if balancer.get("targetGroupArn") in groups
    ]


def _register_instance(service: Service, registry: dict[str, Any], task: Task) -> None:
    discovery = servicediscovery_backends[service.account_id][service.region_name]
    service_id = registry["registryArn"].rpartition("/")[2]
    if service_id not in discovery.services:
        return
    attributes = {
        "AVAILABILITY_ZONE": task.network.get("availabilityZone", ""),
        "AWS_INIT_HEALTH_STATUS": "HEALTHY",
        "AWS_INSTANCE_IPV4": task.network.get("privateIPv4Address", ""),
        "ECS_CLUSTER_NAME": service.cluster_name,
        "ECS_SERVICE_NAME": service.name,
        "ECS_TASK_DEFINITION_FAMILY": task.task_definition_arn.rpartition("/")[2].partition(":")[0],
        "REGION": service.region_name,
    }
    if port := registry.get("containerPort") or registry.get("port"):
        attributes["AWS_INSTANCE_PORT"] = str(port)
    discovery.register_instance(service_id, task.id, task.id, attributes)
    record_instance(service, "RegisterInstance", service_id, task.id)
    discovery.get_instance(service_id, task.id).task = task  # whose health `cloud_map.discovery` tells
