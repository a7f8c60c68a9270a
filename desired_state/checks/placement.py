from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.network import PUBLIC
from desired_state.platform import Platform


def check_placement(platform: Platform) -> Iterator[Violation]:
    """Check that services and the load balancer are placed in tiers that the network has."""
    tiers = platform.network.tiers
    for name, service in platform.services.items():
        if service.placement and service.placement not in tiers:
            message = f"the network has no {service.placement} subnets, only {' and '.join(tiers)}"
            where = ("services", name, "placement")
            yield Violation(where, message, depends_on=(("network", "subnets"),), candidates=tuple(tiers))
    balancer = platform.load_balancer
    if balancer and not balancer.existing and balancer.scheme == "internet-facing" and PUBLIC not in tiers:
        message = "internet-facing, in a network without public subnets: write `scheme: internal`"
        yield Violation(("load_balancer",), message, depends_on=(("network", "subnets"),))
