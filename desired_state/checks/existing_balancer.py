from collections.abc import Iterator

from desired_state.checks.load_balancing import LISTENERS
from desired_state.checks.violation import Violation
from desired_state.load_balancer import Listener, LoadBalancer
from desired_state.platform import Platform
from desired_state.tree import KeyPath

WHERE: KeyPath = ("load_balancer", "existing")


def check_existing_balancer(platform: Platform) -> Iterator[Violation]:
    """Check that nothing is asked of a load balancer that exists but rules: it is not changed."""
    balancer = platform.load_balancer
    if balancer is None:
        return
    if balancer.existing is None:
        yield from _check_own(balancer)
        return
    for key in sorted(balancer.model_fields_set - {"existing", "listeners"}):
        message = "is a setting of the load balancer, which exists and is not changed: leave it out"
        yield Violation(("load_balancer", key), message, depends_on=(WHERE,))
    if platform.network.existing is None:
        message = (
            "reaches tasks in its own VPC only, and the stack would make another: name it by `network.existing`"
        )
        yield Violation(WHERE, message, depends_on=(("network",),))
    start = balancer.existing.replace(":loadbalancer/", ":listener/")
    for name, listener in balancer.listeners.items():
        yield from _check_listener((*LISTENERS, name), listener, start)


def _check_own(balancer: LoadBalancer) -> Iterator[Violation]:
    for name, listener in balancer.listeners.items():
        if listener.existing:
            message = "is of a load balancer that exists: name that by `load_balancer.existing`"
            yield Violation((*LISTENERS, name, "existing"), message, depends_on=(("load_balancer",),))


def _check_listener(where: KeyPath, listener: Listener, start: str) -> Iterator[Violation]:
    if listener.existing is None:
        message = (
            "would be made in a load balancer that exists and is not changed: name one of its by `existing`"
        )
        yield Violation(where, message, depends_on=(WHERE,))
        return
    if not listener.existing.startswith(f"{start}/"):
        message = "is a listener of another load balancer than `load_balancer.existing`"
        yield Violation((*where, "existing"), message, depends_on=(WHERE,))
    for key in sorted(listener.model_fields_set - {"existing"}):
        message = "is a setting of the listener, which exists and is not changed: leave it out"
        yield Violation((*where, key), message, depends_on=((*where, "existing"),))
