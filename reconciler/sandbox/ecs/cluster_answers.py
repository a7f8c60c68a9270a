"""ECS's answers about a cluster, and the services and tasks in it."""

from typing import Any

from reconciler.sandbox.ecs.model import Service, Task
from reconciler.sandbox.world import current

# What `include` of DescribeClusters may name; the other calls answer with all but the attachments.
WITHOUT_ATTACHMENTS = frozenset({"SETTINGS", "CONFIGURATIONS", "TAGS"})
WITH_ATTACHMENTS = WITHOUT_ATTACHMENTS | {"ATTACHMENTS"}


def services_of(ecs: Any, cluster: Any) -> list[Service]:
    """Return the ACTIVE and DRAINING services of the cluster."""
    return [s for s in ecs.services.values() if s.cluster_name == cluster.name and s.status != "INACTIVE"]


def tasks_of(ecs: Any, cluster: Any) -> list[Any]:
    """Return the tasks of the cluster that are not yet STOPPED."""
    now = current().clock.now()
    tasks = ecs.tasks.get(cluster.name, {}).values()
    return [t for t in tasks if (t.stopped > now if isinstance(t, Task) else t.last_status != "STOPPED")]


def cluster_answer(ecs: Any, cluster: Any, include: frozenset[str]) -> dict[str, Any]:
    """Return the cluster as DescribeClusters shows it; settings and the like only if `include` names them.

    (ECS API reference, DescribeClusters.)
    """
    now = current().clock.now()
    status = "UPDATE_IN_PROGRESS" if cluster.associated > now else "UPDATE_COMPLETE"
    tasks = [task for task in tasks_of(ecs, cluster) if isinstance(task, Task)]
    optional: dict[str, dict[str, Any]] = {
        "SETTINGS": {"settings": cluster.settings},
        "CONFIGURATIONS": {"configuration": cluster.configuration},
        "TAGS": {"tags": cluster.tags or []},
        "ATTACHMENTS": {"attachments": [], "attachmentsStatus": status},
        "STATISTICS": {"statistics": _statistics(ecs, cluster, tasks)},
    }
    answer = {
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": cluster.status,
        "registeredContainerInstancesCount": cluster.registered_container_instances_count,
        "runningTasksCount": sum(task.running <= now for task in tasks),
        "pendingTasksCount": sum(task.running > now for task in tasks),
        "activeServicesCount": sum(service.status == "ACTIVE" for service in services_of(ecs, cluster)),
        "settings": [],
        "tags": [],
        "statistics": [],
        "capacityProviders": cluster.capacity_providers or [],
        "defaultCapacityProviderStrategy": cluster.default_capacity_provider_strategy or [],
    }
    for name in include & optional.keys():
        answer |= optional[name]
    return answer


def _statistics(ecs: Any, cluster: Any, tasks: list[Task]) -> list[dict[str, str]]:
    """Return the counts of tasks and services by launch type (ECS API reference, Cluster, `statistics`).

    There are no instances of EC2, so all tasks are on Fargate.
    """
    now = current().clock.now()
    services = services_of(ecs, cluster)
    on_ec2 = [service for service in services if service.fields.get("launchType") == "EC2"]
    on_fargate = [service for service in services if service not in on_ec2]
    counts = {
        "runningEC2TasksCount": 0,
        "runningFargateTasksCount": sum(task.running <= now for task in tasks),
        "pendingEC2TasksCount": 0,
        "pendingFargateTasksCount": sum(task.running > now for task in tasks),
        "activeEC2ServiceCount": sum(service.status == "ACTIVE" for service in on_ec2),
        "activeFargateServiceCount": sum(service.status == "ACTIVE" for service in on_fargate),
        "drainingEC2ServiceCount": sum(service.status == "DRAINING" for service in on_ec2),
        "drainingFargateServiceCount": sum(service.status == "DRAINING" for service in on_fargate),
    }
    return [{"name": name, "value": str(count)} for name, count in counts.items()]
