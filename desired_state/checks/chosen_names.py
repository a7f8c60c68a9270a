import re
from collections.abc import Iterator, Mapping

from desired_state.checks.violation import Violation
from desired_state.platform import Platform

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
    own = platform.load_balancer is not None and platform.load_balancer.name is not None
    if (own or "load_balancer" in chosen) and re.match(_NO_BALANCER, named.load_balancer):
        message = (
            f"would be {named.load_balancer}: it may not begin with internal- or sg-, nor begin or end with -"
        )
        yield Violation(("load_balancer", "name") if own else ("names", "load_balancer"), message)
    if "repository" in chosen and not re.fullmatch(_REPOSITORY, repository := named.repository("x")):
        message = f"would be {repository} for a service x: ECR wants letters or digits beside each / . _ and -"
        yield Violation(("names", "repository"), message)
    if "dashboard" in chosen and not re.search(rf"\b{re.escape(platform.suffix)}\b", named.dashboard):
        message = "has to hold {suffix}: a dashboard is found by its name alone, also to delete it"
        yield Violation(("names", "dashboard"), message)


def _check_unique(platform: Platform) -> Iterator[Violation]:
    """Check that no name is given twice. Those by a pattern differ, as each has the service's name in it."""
    named = platform.names
    services = {name: named.service(name) for name in platform.services}
    for name, other in _find_twice(services):
        yield Violation(("services", name, "name"), f"would be {services[name]}, which is that of {other}")
    listeners = {name: named.listener(name) for name in platform.listeners}
    for name, other in _find_twice(listeners):
        where = ("load_balancer", "listeners", name, "name")
        yield Violation(where, f"would be {listeners[name]}, which is that of {other}")


def _find_twice(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each key whose name another one has already, with that one."""
    first: dict[str, str] = {}
    for key, name in names.items():
        if (other := first.setdefault(name, key)) != key:
            yield key, other
