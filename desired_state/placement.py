"""Which subnets the tasks and the load balancer are in, and how many addresses these have."""

from collections.abc import Mapping

from desired_state.load_balancer import ADDRESSES_OF_BALANCER, LoadBalancer
from desired_state.network import PUBLIC
from desired_state.platform import Platform
from desired_state.service import Service


def find_tier(platform: Platform, service: Service) -> str:
    """Return the tier of the subnets that a service's tasks run in."""
    return service.placement or platform.network.default_placement


def find_tier_of_balancer(platform: Platform, balancer: LoadBalancer) -> str:
    """Return the tier of the subnets that a load balancer is in."""
    return platform.network.default_placement if balancer.scheme == "internal" else PUBLIC


def has_balancer(platform: Platform, tier: str) -> bool:
    """Tell whether a load balancer is in a tier."""
    return any(tier == find_tier_of_balancer(platform, one) for one in platform.balancers.values())


def find_tier_of_job(platform: Platform) -> str:
    """Return the tier of the subnets that the job of `drift_correction` runs in.

    It asks AWS services that have no endpoints, so that it needs a way to the internet.
    """
    network = platform.network
    return (
        PUBLIC
        if network.nat == "none" and PUBLIC in network.subnets and not network.existing
        else network.default_placement
    )


def group_by_tier(platform: Platform) -> Mapping[str, Mapping[str, Service]]:
    """Return the services by name, by the tier that they run in; only of tiers that the network has."""
    placed: dict[str, dict[str, Service]] = {tier: {} for tier in platform.network.tiers}
    for name, service in platform.services.items():
        placed.get(find_tier(platform, service), {})[name] = service
    return placed


def count_addresses(platform: Platform, tier: str) -> int:
    """Return how many tasks a tier's subnets have addresses for, beside the load balancers."""
    made = [one for one in platform.balancers.values() if not one.existing]
    beside = sum(tier == find_tier_of_balancer(platform, one) for one in made)
    for_balancers = ADDRESSES_OF_BALANCER * platform.network.zone_count * beside
    return max(0, platform.network.free_addresses(tier) - for_balancers)
