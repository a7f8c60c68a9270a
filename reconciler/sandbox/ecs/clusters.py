"""Clusters as ECS has them: idempotent creates, settings, capacity providers with their association, refusals."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ClusterNotFoundException, ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.answers import page
from reconciler.sandbox.ecs.checks import check_create, check_strategy
from reconciler.sandbox.ecs.model import Service, Task
from reconciler.sandbox.world import add, current, wrap

_FARGATE = ("FARGATE", "FARGATE_SPOT")


def install() -> None:
    for action in (describe_clusters, list_clusters, update_cluster_settings, create_cluster, update_cluster):
        add(EC2ContainerServiceResponse, action.__name__, action)
    add(EC2ContainerServiceResponse, "put_cluster_capacity_providers", put_cluster_capacity_providers)
    add(EC2ContainerServiceResponse, "delete_cluster", delete_cluster)
    wrap(EC2ContainerServiceBackend, "_get_cluster", _active)


def _active(original: Any, ecs: Any, name: str) -> Any:
    """A deleted cluster can be described and nothing else."""
    cluster = original(ecs, name)
    if cluster.status == "INACTIVE":
        raise ClusterNotFoundException
    return cluster


def create_cluster(response: Any) -> ActionResult:
    """An ACTIVE one of that name is answered as it is, whatever was sent (ECS API reference)."""
    ecs = response.ecs_backend
    sent = response._get_params()
    name = sent.get("clusterName", "default")
    check_create(name, sent.get("tags", []))
    cluster = ecs.clusters.get(name)
    if cluster is None or cluster.status == "INACTIVE":
        _check_providers(ecs, sent.get("capacityProviders", []))
        cluster = ecs.create_cluster(
            name,
            sent.get("tags", []),
            None,
            sent.get("configuration"),
            sent.get("capacityProviders", []),
            sent.get("defaultCapacityProviderStrategy", []),
            service_connect_defaults=sent.get("serviceConnectDefaults"),
        )
        _set(cluster, sent.get("settings", []))
        cluster.associated = current().clock.now()
        if cluster.capacity_providers:
            cluster.associated += current().profile.capacity_providers
    return ActionResult(
        {"cluster": _answer(ecs, cluster, {"SETTINGS", "CONFIGURATIONS", "TAGS", "ATTACHMENTS"})}
    )


def _set(cluster: Any, settings: list[dict[str, str]]) -> None:
    for setting in settings:
        if setting["value"] not in ("enabled", "disabled", "enhanced"):
            raise InvalidParameterException(f"Invalid value for cluster setting {setting['name']}.")
    sent = {setting["name"]: setting["value"] for setting in settings}
    kept = {setting["name"]: setting["value"] for setting in cluster.settings}
    cluster.settings = [{"name": name, "value": value} for name, value in (kept | sent).items()]


def _check_providers(ecs: Any, names: list[str]) -> None:
    for name in names:
        if name not in _FARGATE and ecs._get_provider(name) is None:
            raise InvalidParameterException(f"The specified capacity provider does not exist. ({name})")


def update_cluster(response: Any) -> ActionResult:
    """Settings that are not sent stay as they are."""
    cluster = response.ecs_backend._get_cluster(response._get_param("cluster"))
    _set(cluster, response._get_param("settings", []))
    cluster.configuration = response._get_param("configuration", cluster.configuration)
    cluster.service_connect_defaults = response._get_param(
        "serviceConnectDefaults", cluster.service_connect_defaults
    )
    return ActionResult(
        {"cluster": _answer(response.ecs_backend, cluster, {"SETTINGS", "CONFIGURATIONS", "TAGS"})}
    )


def update_cluster_settings(response: Any) -> ActionResult:
    cluster = response.ecs_backend._get_cluster(response._get_param("cluster"))
    _set(cluster, response._get_param("settings", []))
    return ActionResult(
        {"cluster": _answer(response.ecs_backend, cluster, {"SETTINGS", "CONFIGURATIONS", "TAGS"})}
    )


def put_cluster_capacity_providers(response: Any) -> ActionResult:
    """Both lists are replaced. Refused while the last change goes on, and for a provider that a service uses."""
    ecs = response.ecs_backend
    cluster = ecs._get_cluster(response._get_param("cluster"))
    names = response._get_param("capacityProviders")
    strategy = response._get_param("defaultCapacityProviderStrategy")
    _refuse_busy(cluster)
    _check_providers(ecs, names)
    used = {
        item["capacityProvider"]
        for service in _services(ecs, cluster)
        for item in service.fields.get("capacityProviderStrategy", [])
    }
    if used - set(names):
        message = "The specified capacity provider is in use and cannot be removed."
        raise ECSException("ResourceInUseException", message)
    before = cluster.capacity_providers
    cluster.capacity_providers = names
    try:
        check_strategy(cluster, strategy)
    except InvalidParameterException:
        cluster.capacity_providers = before
        raise
    cluster.default_capacity_provider_strategy = [{"base": 0, "weight": 0} | item for item in strategy]
    cluster.associated = current().clock.now() + current().profile.capacity_providers
    return ActionResult(
        {"cluster": _answer(ecs, cluster, {"SETTINGS", "CONFIGURATIONS", "TAGS", "ATTACHMENTS"})}
    )


def _refuse_busy(cluster: Any) -> None:
    if cluster.associated > current().clock.now():
        message = "The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated."
        raise ECSException("UpdateInProgressException", message)


def _services(ecs: Any, cluster: Any) -> list[Service]:
    return [s for s in ecs.services.values() if s.cluster_name == cluster.name and s.status != "INACTIVE"]


def _tasks(ecs: Any, cluster: Any) -> list[Any]:
    """Those not yet STOPPED."""
    now = current().clock.now()
    tasks = ecs.tasks.get(cluster.name, {}).values()
    return [t for t in tasks if (t.stopped > now if isinstance(t, Task) else t.last_status != "STOPPED")]


def delete_cluster(response: Any) -> ActionResult:
    """Refused while services or tasks are in it; then INACTIVE, and found by name for a while."""
    ecs = response.ecs_backend
    cluster = ecs._get_cluster(response._get_param("cluster"))
    if _services(ecs, cluster):
        message = "The Cluster cannot be deleted while Services are active."
        raise ECSException("ClusterContainsServicesException", message)
    if _tasks(ecs, cluster):
        raise ECSException(
            "ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active."
        )
    _refuse_busy(cluster)
    cluster.status = "INACTIVE"
    return ActionResult({"cluster": _answer(ecs, cluster, {"SETTINGS", "CONFIGURATIONS", "TAGS"})})


def describe_clusters(response: Any) -> ActionResult:
    ecs = response.ecs_backend
    names = [name.rpartition("/")[2] for name in response._get_param("clusters", ["default"])]
    if len(names) > 100:  # noqa: PLR2004 - AWS's limit
        raise InvalidParameterException("clusters can have at most 100 items.")
    include = set(response._get_param("include", []))
    found, failures = ecs.describe_clusters(names)
    return ActionResult({"clusters": [_answer(ecs, c, include) for c in found], "failures": failures})


def list_clusters(response: Any) -> ActionResult:
    arns = [cluster.arn for cluster in response.ecs_backend.clusters.values() if cluster.status == "ACTIVE"]
    return page(response, "clusterArns", arns, 100)


def _answer(ecs: Any, cluster: Any, include: set[str]) -> dict[str, Any]:
    """Settings, configuration and tags are told only to those who ask (ECS API reference, DescribeClusters)."""
    now = current().clock.now()
    status = "UPDATE_IN_PROGRESS" if cluster.associated > now else "UPDATE_COMPLETE"
    tasks = [task for task in _tasks(ecs, cluster) if isinstance(task, Task)]
    told = {
        "SETTINGS": {"settings": cluster.settings},
        "CONFIGURATIONS": {"configuration": cluster.configuration},
        "TAGS": {"tags": cluster.tags or []},
        "ATTACHMENTS": {"attachments": [], "attachmentsStatus": status},
        "STATISTICS": {"statistics": []},
    }
    answer = {
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": cluster.status,
        "registeredContainerInstancesCount": cluster.registered_container_instances_count,
        "runningTasksCount": sum(task.running <= now for task in tasks),
        "pendingTasksCount": sum(task.running > now for task in tasks),
        "activeServicesCount": sum(service.status == "ACTIVE" for service in _services(ecs, cluster)),
        "settings": [],
        "tags": [],
        "statistics": [],
        "capacityProviders": cluster.capacity_providers or [],
        "defaultCapacityProviderStrategy": cluster.default_capacity_provider_strategy or [],
        "serviceConnectDefaults": cluster.service_connect_defaults,
    }
    for name in include & told.keys():
        answer |= told[name]
    return answer
