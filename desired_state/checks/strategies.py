from collections.abc import Iterator, Mapping

from desired_state.checks.violation import Violation
from desired_state.cluster import CapacityProvider, CapacityProviderName
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from desired_state.yaml_line import write

_CLUSTER_PROVIDERS: KeyPath = ("cluster", "capacity_providers")


def check_strategies(platform: Platform) -> Iterator[Violation]:
    """Check the cluster's strategy and those of services, which use the cluster's providers only."""
    known = platform.cluster.capacity_providers
    yield from _check_strategy(_CLUSTER_PROVIDERS, known)
    for name, service in platform.services.items():
        if service.capacity_providers is None:
            continue
        where: KeyPath = ("services", name, "capacity_providers")
        yield from _check_strategy(where, service.capacity_providers)
        for provider in service.capacity_providers.keys() - known.keys():
            message = (
                f"the cluster does not have it; write {_add(provider, known)} at cluster.capacity_providers"
            )
            yield Violation((*where, provider), message, depends_on=(_CLUSTER_PROVIDERS,))


def _add(provider: CapacityProviderName, known: Mapping[CapacityProviderName, CapacityProvider]) -> str | None:
    """Return the cluster's strategy with one more provider, as a file writes it. It gets no tasks by itself."""
    return write({name: {k: v for k, v in one if v} for name, one in known.items()} | {provider: {}})


def _check_strategy(
    where: KeyPath, providers: Mapping[CapacityProviderName, CapacityProvider]
) -> Iterator[Violation]:
    """Check for at most one base and for a weight above 0 (ECS API reference, CapacityProviderStrategyItem)."""
    based = [name for name, provider in providers.items() if provider.base]
    if len(based) > 1:
        yield Violation(where, f"only one may have a base, not {' and '.join(based)}")
    if not any(provider.weight for provider in providers.values()):
        yield Violation(where, "no weight is more than 0; give one a weight of 1")
