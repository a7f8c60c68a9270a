import re
from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.doors import Door
from desired_state.load_balancer import NETWORK, Listener, LoadBalancer
from desired_state.platform import Platform
from desired_state.tree import KeyPath

_HTTPS = 443


def check_listeners(platform: Platform) -> Iterator[Violation]:
    """Check that ports are unique, and that redirects and certificates fit their listeners."""
    for key, balancer in platform.declared_balancers.items():
        yield from _check_listeners(key, balancer, platform.region)


def _check_listeners(key: str, balancer: LoadBalancer, region: str | None) -> Iterator[Violation]:
    ports: dict[int, str] = {}
    for name, listener in balancer.listeners.items():
        protocol = listener.protocol
        where = Door(key, name).where
        if listener.existing:
            continue
        if not listener.port:
            yield Violation((*where, "port"), "is missing (port that it listens on, 1 to 65535)")
            continue
        if ports.setdefault(listener.port, name) != name:
            yield Violation((*where, "port"), f"{listener.port} is the port of {ports[listener.port]} already")
        if balancer.type != NETWORK:
            yield from _check_redirect(where, listener, protocol)
            yield from _check_https(where, listener)
        yield from _check_certificate(where, listener, region)


def _check_redirect(where: KeyPath, listener: Listener, protocol: str) -> Iterator[Violation]:
    to = listener.redirect
    if to is None:
        return
    if "default" in listener.model_fields_set:
        yield Violation((*where, "redirect"), "is one of two answers; leave out default")
    if (to.protocol, to.port, to.host, to.path) == (protocol, listener.port, "#{host}", "/#{path}"):
        yield Violation(
            (*where, "redirect"), "leads back to the same listener; change protocol, port, host or path"
        )


def _check_https(where: KeyPath, listener: Listener) -> Iterator[Violation]:
    if listener.port == _HTTPS and not listener.certificate:
        message = f"{_HTTPS} without a certificate would be plain HTTP: give `certificate:`, or another port"
        yield Violation((*where, "port"), message, depends_on=((*where, "certificate"),))


def _check_certificate(where: KeyPath, listener: Listener, region: str | None) -> Iterator[Violation]:
    found = re.match(r"arn:[a-z-]+:acm:(?P<region>[a-z0-9-]+):", listener.certificate or "")
    if found and region and found["region"] != region:
        message = f"is in {found['region']}; a load balancer in {region} takes certificates of {region} only"
        yield Violation((*where, "certificate"), message, depends_on=(("region",),))
