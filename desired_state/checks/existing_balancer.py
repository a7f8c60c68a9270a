from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.doors import Door, where_of
from desired_state.load_balancer import Listener, LoadBalancer
from desired_state.platform import Platform
from desired_state.tree import KeyPath, format_key


def check_existing_balancer(platform: Platform) -> Iterator[Violation]:
    """Check that nothing is asked of a load balancer that exists but rules: it is not changed."""
    for key, balancer in platform.declared_balancers.items():
        if balancer.existing is None:
            yield from _check_own(key, balancer)
        else:
            yield from _check_existing(platform, key, balancer, balancer.existing)


def _check_own(key: str, balancer: LoadBalancer) -> Iterator[Violation]:
    for name, listener in balancer.listeners.items():
        if listener.existing:
            own = where_of(key)
            message = f"is of a load balancer that exists: name that by `{format_key((*own, 'existing'))}`"
            yield Violation((*Door(key, name).where, "existing"), message, depends_on=(own,))


def _check_existing(platform: Platform, key: str, balancer: LoadBalancer, arn: str) -> Iterator[Violation]:
    own = where_of(key)
    where = (*own, "existing")
    for setting in sorted(balancer.model_fields_set - {"existing", "listeners"}):
        message = "is a setting of the load balancer, which exists and is not changed: leave it out"
        yield Violation((*own, setting), message, depends_on=(where,))
    if platform.network.existing is None:
        message = (
            "reaches tasks in its own VPC only, and the stack would make another: name it by `network.existing`"
        )
        yield Violation(where, message, depends_on=(("network",),))
    start = arn.replace(":loadbalancer/", ":listener/")
    for name, listener in balancer.listeners.items():
        yield from _check_listener(Door(key, name).where, listener, start, where)


def _check_listener(where: KeyPath, listener: Listener, start: str, of: KeyPath) -> Iterator[Violation]:
    if listener.existing is None:
        message = (
            "would be made in a load balancer that exists and is not changed: name one of its by `existing`"
        )
        yield Violation(where, message, depends_on=(of,))
        return
    if not listener.existing.startswith(f"{start}/"):
        message = f"is a listener of another load balancer than `{format_key(of)}`"
        yield Violation((*where, "existing"), message, depends_on=(of,))
    for key in sorted(listener.model_fields_set - {"existing"}):
        message = "is a setting of the listener, which exists and is not changed: leave it out"
        yield Violation((*where, key), message, depends_on=((*where, "existing"),))
