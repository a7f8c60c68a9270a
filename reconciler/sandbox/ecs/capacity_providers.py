"""The capacity providers of a cluster, whose association with it takes time."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.checks import FARGATE_PROVIDERS
from reconciler.sandbox.ecs.cluster_answers import WITH_ATTACHMENTS, cluster_answer, services_of
from reconciler.sandbox.ecs.strategy_checks import check_strategy
from reconciler.sandbox.world import add, current

PROVIDERS_LIMIT = 20  # of a cluster (Amazon ECS quotas)


def install() -> None:
    add(EC2ContainerServiceResponse, "put_cluster_capacity_providers", put_cluster_capacity_providers)


def put_cluster_capacity_providers(response: Any) -> ActionResult:
    """Replace the providers and the default strategy of a cluster.

    ECS refuses while the last association is under way, and if a service uses a provider to be removed.
    """
    ecs = response.ecs_backend
    cluster = ecs._get_cluster(response._get_param("cluster"))
    names = response._get_param("capacityProviders")
    strategy = response._get_param("defaultCapacityProviderStrategy")
    refuse_busy(cluster)
    check_providers(ecs, names)
    used = {
        item["capacityProvider"]
        for service in services_of(ecs, cluster)
        for item in service.fields.get("capacityProviderStrategy", [])
    }
    if used - set(names):
        message = "The specified capacity provider is in use and cannot be removed."
        raise ECSException("ResourceInUseException", message)
    check_strategy(names, strategy)
    cluster.capacity_providers = sorted(names)
    cluster.default_capacity_provider_strategy = fill_strategy(strategy)
    cluster.associated = current().clock.now() + current().profile.capacity_providers
    return ActionResult({"cluster": cluster_answer(ecs, cluster, WITH_ATTACHMENTS)})


def fill_strategy(strategy: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the items, in their order, with base and weight (recorded)."""
    return [{"base": 0, "weight": 0} | item for item in strategy]


def check_providers(ecs: Any, names: list[str]) -> None:
    """Refuse names of capacity providers that do not exist, the same one twice, and too many."""
    for name in names:
        if name not in FARGATE_PROVIDERS and ecs._get_provider(name) is None:
            raise InvalidParameterException(f"The specified capacity provider does not exist. ({name})")
    if len(set(names)) < len(names):
        raise InvalidParameterException("The list of capacity providers contains duplicate values.")
    if len(names) > PROVIDERS_LIMIT:
        message = f"A cluster can have a maximum of {PROVIDERS_LIMIT} capacity providers."
        raise InvalidParameterException(message)


def refuse_busy(cluster: Any) -> None:
    """Refuse a change of a cluster while capacity providers are being associated with it."""
    if cluster.associated > current().clock.now():
        message = "The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated."
        raise ECSException("UpdateInProgressException", message)
