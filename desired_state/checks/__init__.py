"""What must hold between values. Each check is a generator of complaints; AWS is not asked."""

from collections.abc import Iterator
from itertools import chain

from desired_state.checks.complaint import Complaint
from desired_state.checks.load_balancing import listeners, routes
from desired_state.checks.naming import names
from desired_state.checks.network import network
from desired_state.checks.services import service
from desired_state.checks.strategies import strategies
from desired_state.checks.tagging import tags
from desired_state.platform import Platform


def check(platform: Platform) -> Iterator[Complaint]:
    """All rules that the platform breaks."""
    services = (service(name, wanted) for name, wanted in platform.services.items())
    rules = (network, strategies, listeners, routes, names, tags)
    return chain(*(rule(platform) for rule in rules), *services)
