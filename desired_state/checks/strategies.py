from collections.abc import Iterator, Mapping
from typing import Any

from desired_state.checks.violation import Violation
from desired_state.cluster import CapacityProvider, CapacityProviderName
from desired_state.platform import Platform
from desired_state.tree import KeyPath

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


def _add(provider: CapacityProviderName, known: Mapping[CapacityProviderName, CapacityProvider]) -> str:
    """Return the cluster's strategy with one more provider, as a file writes it. It gets no tasks by itself."""
    present = {name: _write({k: v for k, v in settings if v}) for name, settings in known.items()}
    return _write(present | {provider: "{}"})


def _write(mapping: Mapping[Any, object]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in mapping.items()) + "}"


def _check_strategy(
    where: KeyPath, providers: Mapping[CapacityProviderName, CapacityProvider]
) -> Iterator[Violation]:
    """Check for at most one base and for a weight above 0 (ECS API reference, CapacityProviderStrategyItem)."""
    based = [name for name, provider in providers.items() if provider.base]
    if len(based) > 1:
        yield Violation(where, f"only one may have a base, not {' and '.join(based)}")
    if not any(provider.weight for provider in providers.values()):
        yield Violation(where, "no weight is more than 0; give one a weight of 1")
