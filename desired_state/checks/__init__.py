"""Rules between values of the platform. Each check yields violations and makes no AWS call."""

from collections.abc import Iterator
from itertools import chain

from desired_state.checks.attached import check_attached
from desired_state.checks.auth import check_auth
from desired_state.checks.balancer_attributes import check_balancer_attributes
from desired_state.checks.capacity import check_capacity
from desired_state.checks.certificates import check_certificates
from desired_state.checks.dns import check_dns
from desired_state.checks.drift import check_drift
from desired_state.checks.drift_correction import check_drift_correction
from desired_state.checks.endpoints import check_endpoints
from desired_state.checks.existing import check_existing
from desired_state.checks.existing_balancer import check_existing_balancer
from desired_state.checks.existing_endpoints import check_existing_endpoints
from desired_state.checks.groups import check_groups
from desired_state.checks.load_balancing import check_listeners
from desired_state.checks.naming import check_names
from desired_state.checks.network import check_network
from desired_state.checks.network_balancers import check_network_balancers
from desired_state.checks.network_routes import check_network_routes
from desired_state.checks.notifying import check_notified
from desired_state.checks.partitions import check_partitions
from desired_state.checks.placement import check_placement
from desired_state.checks.routes import check_routes
from desired_state.checks.rules import check_rules
from desired_state.checks.secure_listeners import check_secure_listeners
from desired_state.checks.services import check_service
from desired_state.checks.strategies import check_strategies
from desired_state.checks.tagging import check_tags
from desired_state.checks.violation import Violation
from desired_state.platform import Platform


def check(platform: Platform) -> Iterator[Violation]:
    """Yield all violations in the platform."""
    services = (check_service(name, wanted) for name, wanted in platform.services.items())
    rules = (
        *(check_network, check_strategies, check_listeners, check_certificates, check_routes, check_names),
        *(check_tags, check_placement, check_capacity, check_partitions, check_drift, check_notified),
        *(check_drift_correction, check_endpoints, check_existing, check_existing_balancer, check_attached),
        *(check_auth, check_existing_endpoints, check_groups, check_dns, check_rules),
        *(check_network_balancers, check_network_routes, check_balancer_attributes, check_secure_listeners),
    )
    return chain(*(rule(platform) for rule in rules), *services)
