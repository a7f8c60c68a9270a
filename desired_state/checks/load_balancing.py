from collections.abc import Iterator

from desired_state.checks.complaint import Complaint
from desired_state.explain import suggestion
from desired_state.load_balancer import Listener
from desired_state.platform import Platform
from desired_state.tree import Where, dotted

_LISTENERS: Where = ("load_balancer", "listeners")
_HTTPS = 443
_MOST_VALUES = 5  # of the conditions of a rule (ELB user guide, "Quotas")


def listeners(platform: Platform) -> Iterator[Complaint]:
    """Two listeners on one port, and redirects or certificates that do not fit."""
    ports: dict[int, str] = {}
    for name, listener in platform.load_balancer.listeners.items():
        where = (*_LISTENERS, name)
        if ports.setdefault(listener.port, name) != name:
            yield Complaint((*where, "port"), f"{listener.port} is the port of {ports[listener.port]} already")
        yield from _redirect(where, listener)
        yield from _certificate(where, listener, platform.region)


def _redirect(where: Where, listener: Listener) -> Iterator[Complaint]:
    to = listener.redirect
    if to is None:
        return
    if "default" in listener.model_fields_set:
        yield Complaint((*where, "redirect"), "is one of two answers; leave out default")
    if (to.protocol, to.port, to.host, to.path) == (listener.protocol, listener.port, "#{host}", "/#{path}"):
        yield Complaint(
            (*where, "redirect"), "leads back to the same listener; change protocol, port, host or path"
        )


def _certificate(where: Where, listener: Listener, region: str | None) -> Iterator[Complaint]:
    if listener.port == _HTTPS and not listener.certificate:
        message = f"{_HTTPS} without a certificate would be plain HTTP: give `certificate:`, or another port"
        yield Complaint((*where, "port"), message, rests_on=((*where, "certificate"),))
    if not listener.certificate or not region:
        return
    service, its_region = listener.certificate.split(":")[2:4]
    if service == "acm" and its_region != region:
        message = f"is in {its_region}; a load balancer in {region} takes certificates of {region} only"
        yield Complaint((*where, "certificate"), message, rests_on=(("region",),))


def routes(platform: Platform) -> Iterator[Complaint]:
    """Each route is a rule of a listener, with a priority of its own."""
    known = platform.load_balancer.listeners
    taken: dict[tuple[str, int], Where] = {}
    for name, service in platform.services.items():
        for index, route in enumerate(service.routes):
            where = ("services", name, "routes", index)
            listener = platform.listener_of(route)
            if listener not in known:
                hint = suggestion(listener, known) or f"; there are {', '.join(known)}"
                yield Complaint(
                    (*where, "listener"), f"there is no listener {listener}{hint}", rests_on=(_LISTENERS,)
                )
            first = taken.setdefault((listener, route.priority), where)
            if first != where:
                message = f"{route.priority} is taken by {dotted(first)}; the next free one is {_free(taken, listener)}"
                yield Complaint((*where, "priority"), message, rests_on=(first, _LISTENERS))
            if not 1 <= len(route.paths + route.hosts) <= _MOST_VALUES:
                yield Complaint(where, f"give 1 to {_MOST_VALUES} paths and hosts together")


def _free(taken: dict[tuple[str, int], Where], listener: str) -> int:
    """The lowest free priority after the highest one taken."""
    return max(priority for name, priority in taken if name == listener) + 1
