"""Clusters as in ECS: idempotent creates, settings, deletes refused while the cluster is in use."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.answers import page
from reconciler.sandbox.ecs.capacity_providers import check_providers, fill_strategy, refuse_busy
from reconciler.sandbox.ecs.checks import NAME_PATTERN, check_create
from reconciler.sandbox.ecs.cluster_answers import (
    WITH_ATTACHMENTS,
    WITHOUT_ATTACHMENTS,
    cluster_answer,
    services_of,
    tasks_of,
)
from reconciler.sandbox.ecs.cluster_settings import change_settings, check_configuration, check_settings
from reconciler.sandbox.ecs.strategy_checks import check_strategy
from reconciler.sandbox.world import add, current, wrap


def install() -> None:
    for action in (describe_clusters, list_clusters, update_cluster_settings, create_cluster, update_cluster):
        add(EC2ContainerServiceResponse, action.__name__, action)
    add(EC2ContainerServiceResponse, "delete_cluster", delete_cluster)
    wrap(EC2ContainerServiceBackend, "_get_cluster", _get_active)


def _get_active(original: Any, ecs: Any, name: str) -> Any:
    """Return the cluster unless it is INACTIVE: a deleted cluster can only be described.

    (The message about names: awslabs/amazon-ecs-nodejs-microservices#18.)
    """
    if not NAME_PATTERN.fullmatch(short := name.rpartition("/")[2]):
        raise InvalidParameterException(rf"Cluster must match ^[a-zA-Z0-9\-_]{{1,255}}$, but was {short}")
    cluster = original(ecs, name)
    if cluster.status == "INACTIVE":
        raise ECSException("ClusterNotFoundException", "The referenced cluster was inactive.")
    return cluster


def create_cluster(response: Any) -> ActionResult:
    """Create a cluster. An ACTIVE one of that name is returned to the same request, and refused to another.

    (Public code catches the message literally.) An INACTIVE one is made anew.
    """
    ecs = response.ecs_backend
    sent = response._get_params()
    name = sent.get("clusterName", "default")
    wanted = {key: value for key, value in sent.items() if key != "clusterName"}
    cluster = ecs.clusters.get(name)
    if cluster is not None and cluster.status != "INACTIVE":
        if getattr(cluster, "sent", {}) != wanted:
            message = "Arguments on this idempotent request are inconsistent with arguments used in previous request(s)."
            raise InvalidParameterException(message)
        return ActionResult({"cluster": cluster_answer(ecs, cluster, WITH_ATTACHMENTS)})
    check_create(name, sent.get("tags", []))
    check_configuration(sent)
    check_settings(sent.get("settings", []))
    check_providers(ecs, sent.get("capacityProviders", []))
    check_strategy(sent.get("capacityProviders", []), sent.get("defaultCapacityProviderStrategy", []))
    cluster = ecs.create_cluster(
        name,
        sent.get("tags", []),
        None,
        sent.get("configuration"),
        sorted(sent.get("capacityProviders", [])),
        fill_strategy(sent.get("defaultCapacityProviderStrategy", [])),
    )
    cluster.sent = wanted
    ecs.container_instances.setdefault(name, {})  # moto fails without it
    if insights := ecs.account_settings.get("containerInsights"):
        change_settings(cluster, [{"name": "containerInsights", "value": insights.value}])
    change_settings(cluster, sent.get("settings", []))
    cluster.associated = current().clock.now()
    if cluster.capacity_providers:
        cluster.associated += current().profile.capacity_providers
    return ActionResult({"cluster": cluster_answer(ecs, cluster, WITH_ATTACHMENTS)})


def update_cluster(response: Any) -> ActionResult:
    """Change settings and configuration, as far as they are sent."""
    cluster = response.ecs_backend._get_cluster(response._get_param("cluster"))
    check_configuration(response._get_params())
    change_settings(cluster, response._get_param("settings", []))
    cluster.configuration = response._get_param("configuration", cluster.configuration)
    return ActionResult({"cluster": cluster_answer(response.ecs_backend, cluster, WITHOUT_ATTACHMENTS)})


def update_cluster_settings(response: Any) -> ActionResult:
    """Change the settings that are sent."""
    cluster = response.ecs_backend._get_cluster(response._get_param("cluster"))
    refuse_busy(cluster)
    change_settings(cluster, response._get_param("settings", []))
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
    names = [name.rpartition("/")[2] for name in response._get_param("clusters", []) or ["default"]]
    if not all(names):
        raise InvalidParameterException("Clusters can not be blank.")
    if len(names) > 100:  # noqa: PLR2004 - AWS's limit
        raise InvalidParameterException("clusters can have at most 100 items.")
    include = frozenset(response._get_param("include", []))
    found, failures = ecs.describe_clusters(names)
    return ActionResult({"clusters": [cluster_answer(ecs, c, include) for c in found], "failures": failures})


def list_clusters(response: Any) -> ActionResult:
    """List the ARNs of ACTIVE clusters."""
    arns = [cluster.arn for cluster in response.ecs_backend.clusters.values() if cluster.status == "ACTIVE"]
    return page(response, "clusterArns", arns, 100)
