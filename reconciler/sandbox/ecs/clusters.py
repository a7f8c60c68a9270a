"""Clusters as in ECS: idempotent creates, settings, deletes refused while the cluster is in use."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ClusterNotFoundException, ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.answers import page
from reconciler.sandbox.ecs.capacity_providers import check_providers, refuse_busy
from reconciler.sandbox.ecs.checks import check_create
from reconciler.sandbox.ecs.cluster_answers import (
    WITH_ATTACHMENTS,
    WITHOUT_ATTACHMENTS,
    cluster_answer,
    services_of,
    tasks_of,
)
from reconciler.sandbox.world import add, current, wrap


def install() -> None:
    for action in (describe_clusters, list_clusters, update_cluster_settings, create_cluster, update_cluster):
        add(EC2ContainerServiceResponse, action.__name__, action)
    add(EC2ContainerServiceResponse, "delete_cluster", delete_cluster)
    wrap(EC2ContainerServiceBackend, "_get_cluster", _get_active)


def _get_active(original: Any, ecs: Any, name: str) -> Any:
    """Return the cluster unless it is INACTIVE: a deleted cluster can only be described."""
    cluster = original(ecs, name)
    if cluster.status == "INACTIVE":
        raise ClusterNotFoundException
    return cluster


def create_cluster(response: Any) -> ActionResult:
    """Create a cluster. An ACTIVE one with that name is returned unchanged (ECS API reference)."""
    ecs = response.ecs_backend
    sent = response._get_params()
    name = sent.get("clusterName", "default")
    check_create(name, sent.get("tags", []))
    cluster = ecs.clusters.get(name)
    if cluster is None or cluster.status == "INACTIVE":
        check_providers(ecs, sent.get("capacityProviders", []))
        cluster = ecs.create_cluster(
            name,
            sent.get("tags", []),
            None,
            sent.get("configuration"),
            sent.get("capacityProviders", []),
            sent.get("defaultCapacityProviderStrategy", []),
            service_connect_defaults=sent.get("serviceConnectDefaults"),
        )
        _change_settings(cluster, sent.get("settings", []))
        cluster.associated = current().clock.now()
        if cluster.capacity_providers:
            cluster.associated += current().profile.capacity_providers
    return ActionResult({"cluster": cluster_answer(ecs, cluster, WITH_ATTACHMENTS)})


def _change_settings(cluster: Any, settings: list[dict[str, str]]) -> None:
    """Set these settings of the cluster; the others are kept."""
    for setting in settings:
        if setting["value"] not in ("enabled", "disabled", "enhanced"):
            raise InvalidParameterException(f"Invalid value for cluster setting {setting['name']}.")
    sent = {setting["name"]: setting["value"] for setting in settings}
    settings_by_name = {setting["name"]: setting["value"] for setting in cluster.settings}
    cluster.settings = [{"name": name, "value": value} for name, value in (settings_by_name | sent).items()]


def update_cluster(response: Any) -> ActionResult:
    """Change settings, configuration and Service Connect defaults, as far as they are sent."""
    cluster = response.ecs_backend._get_cluster(response._get_param("cluster"))
    _change_settings(cluster, response._get_param("settings", []))
    cluster.configuration = response._get_param("configuration", cluster.configuration)
    cluster.service_connect_defaults = response._get_param(
        "serviceConnectDefaults", cluster.service_connect_defaults
    )
    return ActionResult({"cluster": cluster_answer(response.ecs_backend, cluster, WITHOUT_ATTACHMENTS)})


def update_cluster_settings(response: Any) -> ActionResult:
    """Change the settings that are sent."""
    cluster = response.ecs_backend._get_cluster(response._get_param("cluster"))
    _change_settings(cluster, response._get_param("settings", []))
    return ActionResult({"cluster": cluster_answer(response.ecs_backend, cluster, WITHOUT_ATTACHMENTS)})


def delete_cluster(response: Any) -> ActionResult:
    """Make a cluster without services and tasks INACTIVE. It can still be described by its name."""
    ecs = response.ecs_backend
    cluster = ecs._get_cluster(response._get_param("cluster"))
    if services_of(ecs, cluster):
        message = "The Cluster cannot be deleted while Services are active."
        raise ECSException("ClusterContainsServicesException", message)
    if tasks_of(ecs, cluster):
        raise ECSException(
            "ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active."
        )
    refuse_busy(cluster)
    cluster.status = "INACTIVE"
    return ActionResult({"cluster": cluster_answer(ecs, cluster, WITHOUT_ATTACHMENTS)})


def describe_clusters(response: Any) -> ActionResult:
    """Describe at most 100 clusters by name or ARN, also INACTIVE ones."""
    ecs = response.ecs_backend
    names = [name.rpartition("/")[2] for name in response._get_param("clusters", ["default"])]
    if len(names) > 100:  # noqa: PLR2004 - AWS's limit
        raise InvalidParameterException("clusters can have at most 100 items.")
    include = frozenset(response._get_param("include", []))
    found, failures = ecs.describe_clusters(names)
    return ActionResult({"clusters": [cluster_answer(ecs, c, include) for c in found], "failures": failures})


def list_clusters(response: Any) -> ActionResult:
    """List the ARNs of ACTIVE clusters."""
    arns = [cluster.arn for cluster in response.ecs_backend.clusters.values() if cluster.status == "ACTIVE"]
    return page(response, "clusterArns", arns, 100)
