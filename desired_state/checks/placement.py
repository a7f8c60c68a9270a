from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.doors import where_of
from desired_state.load_balancer import PUBLIC_SCHEME
from desired_state.network import PUBLIC
from desired_state.platform import Platform


def check_placement(platform: Platform) -> Iterator[Violation]:
    """Check that services and the load balancers are placed in tiers that the network has."""
    tiers = platform.network.tiers
    for name, service in platform.services.items():
        if service.placement and service.placement not in tiers:
            message = f"the network has no {service.placement} subnets, only {' and '.join(tiers)}"
            where = ("services", name, "placement")
            yield Violation(where, message, depends_on=(("network", "subnets"),), candidates=tuple(tiers))
    for key, balancer in platform.declared_balancers.items():
        if not balancer.existing and balancer.scheme == PUBLIC_SCHEME and PUBLIC not in tiers:
            message = "internet-facing, in a network without public subnets: write `scheme: internal`"
            yield Violation(where_of(key), message, depends_on=(("network", "subnets"),))
