"""Find routes that no request can reach: earlier ones in the same listener take all of theirs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from desired_state.claims import NONE_KNOWN, Claim, list_routes
from desired_state.platform import Platform
from desired_state.tree import format_key
from desired_state.warnings.file_warning import FileWarning


def find_unreachable_routes(
    platform: Platform, priorities: Mapping[str, int] = NONE_KNOWN
) -> Iterator[FileWarning]:
    """Yield a warning for each route of which earlier ones take all requests for certain.

    `priorities` are those that rules have, by their names, where the file gives none.
    """
    for in_order in list_routes(platform, priorities).values():
        for number, route in enumerate(in_order):
            if taken_by := _find_takers(route, in_order[:number]):
                yield FileWarning(route.where, _explain(platform, route, taken_by))


def _explain(platform: Platform, route: Claim, taken_by: Sequence[Claim]) -> str:
    first = taken_by[0]
    takers = " and ".join(f"{format_key(taker.where)} (priority {taker.priority})" for taker in taken_by)
    verb = "takes them all" if len(taken_by) == 1 else "take them all"
    if _asks_for_log_in(platform, route) and not all(_asks_for_log_in(platform, taker) for taker in taken_by):
        verb += ", and asks for no log-in" if len(taken_by) == 1 else ", not always with a log-in"
    remedy = f"give it a priority below {first.priority}"
    if first.priority == 1:  # there is none below
        remedy = f"give {format_key(first.where)} a higher one than {route.priority}"
    return f"no request reaches {format_key(route.where)}: {takers} {verb}; {remedy}"


def _asks_for_log_in(platform: Platform, claim: Claim) -> bool:
    _, service, _, index = claim.where
    return platform.services[str(service)].routes[int(index)].auth is not None


def _find_takers(route: Claim, earlier: Sequence[Claim]) -> list[Claim]:
    """Return the earlier routes that together take all requests of a route; none if some are left."""
    found = []
    admitting = [other for other in earlier if other.requests.admits(route.requests)]
    for host, path in product(route.requests.hosts, route.requests.paths):
        taker = next((other for other in admitting if other.requests.takes(host, path)), None)
        if taker is None:
            return []
        found.append(taker)
    return sorted(set(found), key=lambda taker: taker.priority)
