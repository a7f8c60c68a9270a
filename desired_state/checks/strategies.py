from collections.abc import Iterator, Mapping

from desired_state.checks.complaint import Complaint
from desired_state.cluster import CapacityProvider, CapacityProviderName
from desired_state.platform import Platform
from desired_state.tree import Where

_CLUSTER: Where = ("cluster", "capacity_providers")


def strategies(platform: Platform) -> Iterator[Complaint]:
    """The cluster's strategy, and what services say instead."""
    known = platform.cluster.capacity_providers
    yield from _strategy(_CLUSTER, known)
    for name, service in platform.services.items():
        if service.capacity_providers is None:
            continue
        where: Where = ("services", name, "capacity_providers")
        yield from _strategy(where, service.capacity_providers)
        for provider in service.capacity_providers.keys() - known.keys():
            message = f"the cluster does not have it; there are {', '.join(known)}"
            yield Complaint((*where, provider), message, rests_on=(_CLUSTER,))


def _strategy(where: Where, providers: Mapping[CapacityProviderName, CapacityProvider]) -> Iterator[Complaint]:
    """At most one base, some weight (ECS API reference, CapacityProviderStrategyItem)."""
    based = [name for name, provider in providers.items() if provider.base]
    if len(based) > 1:
        yield Complaint(where, f"only one may have a base, not {' and '.join(based)}")
    if not any(provider.weight for provider in providers.values()):
        yield Complaint(where, "no weight is more than 0; give one a weight of 1")
