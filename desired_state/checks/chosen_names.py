import re
from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

from desired_state.checks.violation import Violation
from desired_state.doors import Door, where_of
from desired_state.platform import Platform
from desired_state.tree import KeyPath, format_key

_REPOSITORY = r"[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"  # ECR API reference

_NO_BALANCER = (
    r"-|internal-|sg-|.*-$"  # ELB API, CreateLoadBalancer; EC2's, CreateSecurityGroup: its group's name
)


def check_chosen_names(platform: Platform) -> Iterator[Violation]:
    """Check names that the file chooses: AWS takes them, and they are unique."""
    yield from _check_forms(platform)
    yield from _check_unique(platform)


def _check_forms(platform: Platform) -> Iterator[Violation]:
    named, chosen = platform.names, platform.name_patterns.model_fields_set
    for key, balancer in platform.declared_balancers.items():
        yield from _check_balancer(named.load_balancer(key), key, balancer.name, chosen)
    if "repository" in chosen and not re.fullmatch(_REPOSITORY, repository := named.repository("x")):
        message = f"would be {repository} for a service x: ECR wants letters or digits beside each / . _ and -"
        yield Violation(("names", "repository"), message)
    if "dashboard" in chosen and not re.search(rf"\b{re.escape(platform.suffix)}\b", named.dashboard):
        message = "has to hold {suffix}: a dashboard is found by its name alone, also to delete it"
        yield Violation(("names", "dashboard"), message)


def _check_balancer(would_be: str, key: str, own: str | None, chosen: Collection[str]) -> Iterator[Violation]:
    pattern = "load_balancers" if key else "load_balancer"
    if (own or pattern in chosen) and re.match(_NO_BALANCER, would_be):
        message = f"would be {would_be}: it may not begin with internal- or sg-, nor begin or end with -"
        yield Violation((*where_of(key), "name") if own else ("names", pattern), message)


def _check_unique(platform: Platform) -> Iterator[Violation]:
    """Check that no name is given twice. Those by a pattern differ, as each has the service's name in it."""
    named = platform.names
    services = {name: named.service(name) for name in platform.services}
    for name, other in _find_twice(services):
        yield Violation(("services", name, "name"), f"would be {services[name]}, which is that of {other}")
    balancers = {key: named.load_balancer(key) for key in platform.declared_balancers}
    for key, other in _find_twice(balancers):
        told = f"would be {balancers[key]}, which is that of {format_key(where_of(other))}"
        yield Violation(_find_name(platform, key), told, about_name=True)
    doors = [Door(key, name) for key, one in platform.declared_balancers.items() for name in one.listeners]
    listeners = {door: named.listener(door) for door in doors}
    for door, twin in _find_twice(listeners):
        if door.balancer != twin.balancer and balancers[door.balancer] == balancers[twin.balancer]:
            continue
        told = twin.listener if door.balancer == twin.balancer else format_key(twin.where)
        yield Violation((*door.where, "name"), f"would be {listeners[door]}, which is that of {told}")


def _find_name(platform: Platform, key: str) -> KeyPath:
    """Return the place of what gives a load balancer its name: its own one, or its key."""
    return (*where_of(key), "name") if platform.declared_balancers[key].name else where_of(key)


K = TypeVar("K")


def _find_twice(names: Mapping[K, str]) -> Iterator[tuple[K, K]]:
    """Yield each key whose name another one has already, with that one."""
    first: dict[str, K] = {}
    for key, name in names.items():
        if (other := first.setdefault(name, key)) != key:
            yield key, other
