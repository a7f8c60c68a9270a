"""Find routes that no request can reach: earlier ones in the same listener take all of theirs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from desired_state.claims import NONE_KNOWN, Claim, list_routes
from desired_state.platform import Platform
from desired_state.tree import format_key
from desired_state.warnings.file_warning import FileWarning


class Unreachable(NamedTuple):
    """A route that no request reaches, and the earlier routes that take all of its requests."""

    route: Claim
    takers: Sequence[Claim]
    passes_log_in: bool
    """Whether the route asks for a log-in, and one of the others does not."""

    @property
    def why(self) -> str:
        """What takes its requests."""
        takers = " and ".join(f"{format_key(one.where)} (priority {one.priority})" for one in self.takers)
        verb = "takes them all" if len(self.takers) == 1 else "take them all"
        if self.passes_log_in:
            verb += ", and asks for no log-in" if len(self.takers) == 1 else ", not always with a log-in"
        return f"no request reaches {format_key(self.route.where)}: {takers} {verb}"

    @property
    def remedy(self) -> str:
        """Which priority would help."""
        first = self.takers[0]
        if first.priority == 1:  # there is none below
            return f"give {format_key(first.where)} a higher one than {self.route.priority}"
        return f"give it a priority below {first.priority}"


def find_unreachable_routes(
    platform: Platform, priorities: Mapping[str, int] = NONE_KNOWN
) -> Iterator[Unreachable]:
    """Yield each route of which earlier ones take all requests for certain.

    `priorities` are those that rules have, by their names, where the file gives none.
    """
    for in_order in list_routes(platform, priorities).values():
        for number, route in enumerate(in_order):
            if takers := _find_takers(route, in_order[:number]):
                has_log_in = _asks_for_log_in(platform, route)
                passes = has_log_in and not all(_asks_for_log_in(platform, taker) for taker in takers)
                yield Unreachable(route, takers, passes)


def warn_of_unreachable_routes(
    platform: Platform, priorities: Mapping[str, int] = NONE_KNOWN
) -> Iterator[FileWarning]:
    """Yield a warning for each of these routes; those whose log-in is passed by stop the plan instead."""
    for found in find_unreachable_routes(platform, priorities):
        if not found.passes_log_in:
            yield FileWarning(found.route.where, f"{found.why}; {found.remedy}")


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
