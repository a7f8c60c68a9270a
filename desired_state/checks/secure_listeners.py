import re
from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.doors import Door
from desired_state.load_balancer import Listener
from desired_state.platform import Platform
from desired_state.tree import KeyPath


def check_secure_listeners(platform: Platform) -> Iterator[Violation]:
    """Check that what is for HTTPS is of a listener that is, and that certificates are named once, in reach."""
    for key, balancer in platform.declared_balancers.items():
        for name, listener in balancer.listeners.items():
            if not listener.existing:
                yield from _check(Door(key, name).where, listener, platform.region)


def _check(where: KeyPath, listener: Listener, region: str | None) -> Iterator[Violation]:
    own = (*where, "certificate")
    if listener.certificates and not listener.certificate:
        message = "are for HTTPS, and the listener has no `certificate`, so that it is plain HTTP"
        yield Violation((*where, "certificates"), message, depends_on=(own,))
        return
    if listener.trust_store not in (None, "none") and listener.protocol != "HTTPS":
        message = f"is for HTTPS, and the listener is {listener.protocol}: give it a `certificate`"
        yield Violation((*where, "trust_store"), message, depends_on=(own,))
        return
    seen = {listener.certificate}
    for number, arn in enumerate(listener.certificates or ()):
        place = (*where, "certificates", number)
        if arn in seen:
            yield Violation(place, "is there already", depends_on=(own,))
        seen.add(arn)
        yield from _check_region(place, arn, "acm", "certificates", region)
    yield from _check_region(
        (*where, "trust_store"), listener.trust_store, "elasticloadbalancing", "trust stores", region
    )


def _check_region(
    where: KeyPath, arn: str | None, service: str, what: str, region: str | None
) -> Iterator[Violation]:
    found = re.match(rf"arn:[a-z-]+:{service}:(?P<region>[a-z0-9-]+):", arn or "")
    if found and region and found["region"] != region:
        message = f"is in {found['region']}; a load balancer in {region} takes {what} of {region} only"
        yield Violation(where, message, depends_on=(("region",),))
