from collections import defaultdict
from collections.abc import Iterator

from desired_state.checks.name_limits import MAX_BALANCER, MAX_TAG, NAME_PARTS, explain_too_long, find_longest
from desired_state.checks.violation import Violation
from desired_state.doors import Door, where_of
from desired_state.platform import Platform


def check_balancer_names(platform: Platform) -> Iterator[Violation]:
    """Check the names of `load_balancers`, which hold their keys."""
    for key, balancer in platform.load_balancers.items():
        limit = find_longest([("load balancer", platform.names.load_balancer(key), MAX_BALANCER)])
        if limit and not balancer.existing:
            own, told = where_of(key), explain_too_long(limit, "it")
            if balancer.name:
                yield Violation((*own, "name"), told, depends_on=NAME_PARTS)
            else:
                told = explain_too_long(limit, f"{key} or the suffix")
                pattern = ("names", "load_balancers")
                yield Violation(own, told, depends_on=(*NAME_PARTS, pattern), about_name=True)


def check_listener_names(platform: Platform) -> Iterator[Violation]:
    """Check the names of listeners and rules, which AWS has as tags only."""
    named = platform.names
    rules = defaultdict[Door, list[str]](list)
    for name, service in platform.services.items():
        for number, route in enumerate(service.routes, 1):
            door = platform.door_of(route)
            rules[door].append(named.rule(door, name, number))
    for door in platform.doors:
        longest = max([named.listener(door), *rules[door]], key=len)
        if limit := find_longest([("tag ecs-reconciler:name", longest, MAX_TAG)]):
            told = explain_too_long(limit, "the listener's name")
            yield Violation(door.where, told, NAME_PARTS, about_name=True)
