from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.doors import Door, where_listeners, where_of
from desired_state.load_balancer import HTTP_BY_CERTIFICATE, NETWORK, Listener, LoadBalancer
from desired_state.platform import Platform
from desired_state.tree import KeyPath

_OF_ANY = ("existing", "name", "type", "listeners", "scheme", "deletion_protection", "ingress")
_TAKEN = {*_OF_ANY, "ingress_descriptions", "cross_zone"}
_NO_REQUESTS = "leave it out: a network load balancer reads no requests, and has no such setting"
_YET = {
    word: f"leave it out: {what} of network load balancers are not supported yet"
    for word, what in (("access_logs", "logs"), ("attributes", "further attributes"))
}
_ANSWERS = ("default", "redirect")


def check_network_balancers(platform: Platform) -> Iterator[Violation]:
    """Check that load balancers and their listeners have what goes with their type, and nothing else."""
    for key, balancer in platform.declared_balancers.items():
        if balancer.type == NETWORK:
            yield from _check_network(key, balancer)
        else:
            yield from _check_application(key, balancer)


def _check_application(key: str, balancer: LoadBalancer) -> Iterator[Violation]:
    depends_on = ((*where_of(key), "type"),)
    for name, listener in balancer.listeners.items():
        if listener.transport:
            yield Violation((*Door(key, name).where, "protocol"), HTTP_BY_CERTIFICATE, depends_on=depends_on)
    if "cross_zone" in balancer.model_fields_set:
        message = "leave it out: an application load balancer sends to tasks in all zones"
        yield Violation((*where_of(key), "cross_zone"), message, depends_on=depends_on)


def _check_network(key: str, balancer: LoadBalancer) -> Iterator[Violation]:
    own = where_of(key)
    depends_on = ((*own, "type"),)
    for word in sorted(balancer.model_fields_set - _TAKEN):
        yield Violation((*own, word), _YET.get(word, _NO_REQUESTS), depends_on=depends_on)
    if balancer.existing:
        message = "is of an application load balancer: a network one cannot exist already; leave it out"
        yield Violation((*own, "existing"), message, depends_on=depends_on)
    if "listeners" not in balancer.model_fields_set:
        message = (
            "names no listeners: a network load balancer has ports of yours, such as {postgres: {port: 5432}}"
        )
        yield Violation((*own,), message, depends_on=(where_listeners(key), *depends_on))
    for name, listener in balancer.listeners.items():
        yield from _check_listener(Door(key, name).where, listener.protocol, listener)


def _check_listener(where: KeyPath, protocol: str, listener: Listener) -> Iterator[Violation]:
    for word in _ANSWERS:
        if word in listener.model_fields_set:
            message = "leave it out: a network load balancer has no answer of its own, and forwards what comes"
            yield Violation((*where, word), message)
    if protocol == "TLS" and not listener.certificate:
        message = "TLS needs a certificate: give `certificate:`, or write TCP, and let the tasks end TLS"
        yield Violation((*where, "protocol"), message, depends_on=((*where, "certificate"),))
    if protocol != "TLS" and listener.certificate:
        message = f"is for TLS, and the protocol is {protocol}: leave one of them out"
        yield Violation((*where, "certificate"), message, depends_on=((*where, "protocol"),))
