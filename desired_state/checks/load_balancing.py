from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.explain import suggest
from desired_state.load_balancer import Listener
from desired_state.platform import Platform
from desired_state.tree import KeyPath, format_key

_LISTENERS: KeyPath = ("load_balancer", "listeners")
_HTTPS = 443
_MAX_CONDITION_VALUES = 5  # in the conditions of one rule (ELB user guide, "Quotas")


def check_listeners(platform: Platform) -> Iterator[Violation]:
    """Check that ports are unique, and that redirects and certificates fit their listeners."""
    ports: dict[int, str] = {}
    for name, listener in platform.load_balancer.listeners.items():
        where = (*_LISTENERS, name)
        if ports.setdefault(listener.port, name) != name:
            yield Violation((*where, "port"), f"{listener.port} is the port of {ports[listener.port]} already")
        yield from _check_redirect(where, listener)
        yield from _check_certificate(where, listener, platform.region)


def _check_redirect(where: KeyPath, listener: Listener) -> Iterator[Violation]:
    to = listener.redirect
    if to is None:
        return
    if "default" in listener.model_fields_set:
        yield Violation((*where, "redirect"), "is one of two answers; leave out default")
    if (to.protocol, to.port, to.host, to.path) == (listener.protocol, listener.port, "#{host}", "/#{path}"):
        yield Violation(
            (*where, "redirect"), "leads back to the same listener; change protocol, port, host or path"
        )


def _check_certificate(where: KeyPath, listener: Listener, region: str | None) -> Iterator[Violation]:
    if listener.port == _HTTPS and not listener.certificate:
        message = f"{_HTTPS} without a certificate would be plain HTTP: give `certificate:`, or another port"
        yield Violation((*where, "port"), message, depends_on=((*where, "certificate"),))
    if not listener.certificate or not region:
        return
    service, its_region = listener.certificate.split(":")[2:4]
    if service == "acm" and its_region != region:
        message = f"is in {its_region}; a load balancer in {region} takes certificates of {region} only"
        yield Violation((*where, "certificate"), message, depends_on=(("region",),))


def check_routes(platform: Platform) -> Iterator[Violation]:
    """Check that each route has a known listener, a priority of its own there, and conditions."""
    known = platform.load_balancer.listeners
    taken: dict[tuple[str, int], KeyPath] = {}
    for name, service in platform.services.items():
        for index, route in enumerate(service.routes):
            where = ("services", name, "routes", index)
            listener = platform.listener_of(route)
            if listener not in known:
                hint = suggest(listener, known) or f"; there are {', '.join(known)}"
                yield Violation(
                    (*where, "listener"), f"there is no listener {listener}{hint}", depends_on=(_LISTENERS,)
                )
            first = taken.setdefault((listener, route.priority), where)
            if first != where:
                free = _find_free_priority(taken, listener)
                message = f"{route.priority} is taken by {format_key(first)}; the next free one is {free}"
                yield Violation((*where, "priority"), message, depends_on=(first, _LISTENERS))
            if not 1 <= len(route.paths + route.hosts) <= _MAX_CONDITION_VALUES:
                yield Violation(where, f"give 1 to {_MAX_CONDITION_VALUES} paths and hosts together")


def _find_free_priority(taken: dict[tuple[str, int], KeyPath], listener: str) -> int:
    """Return the priority after the highest one taken."""
    return max(priority for name, priority in taken if name == listener) + 1
