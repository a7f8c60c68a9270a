"""The priorities of routes to which the file gives none: what is more specific is tried first."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from desired_state.requests import Requests

K = TypeVar("K")
PRIORITIES = range(1, 50_000 + 1)  # of a listener's rules (ELBv2 API reference, CreateRule)
FIRST, STEP = 1000, 1000  # between routes of two ranks, with room for what comes later
EVERYTHING = frozenset("*")


def choose_priorities(
    routes: Mapping[K, tuple[Requests, int | None]], others: Mapping[int, Requests | None] | None = None
) -> dict[K, int]:
    """Return the priority of each route of one listener: the one that it has, or else one that is free.

    `others` are priorities of rules that are no routes of the file, with their requests if they are known. A
    route comes before those that take all of its requests, and after those of which it takes all, if there is
    room. Whoever has a priority keeps it.
    """
    chosen = {key: priority for key, (_, priority) in routes.items() if priority is not None}
    placed = [(priority, routes[key][0]) for key, priority in chosen.items()]
    taken = {*chosen.values(), *(others or {})}
    placed += [(priority, requests) for priority, requests in (others or {}).items() if requests]
    waiting = {key: requests for key, (requests, priority) in routes.items() if priority is None}
    order = {key: _order(requests, waiting.values()) for key, requests in waiting.items()}
    for key, requests in sorted(waiting.items(), key=lambda item: order[item[0]]):
        chosen[key] = _find_place(requests, order[key][0], placed, taken)
        placed.append((chosen[key], requests))
        taken.add(chosen[key])
    return chosen


def rank(requests: Requests) -> int:
    """Return how general the requests are, from 0: exceptions, paths of hosts, hosts, paths, everything.

    Exceptions are also the paths that the load balancer answers itself, such as /admin/* at every host.
    """
    any_host, any_path = requests.hosts >= EVERYTHING, requests.paths >= EVERYTHING
    if requests.headers or requests.query or requests.source or (requests.answered and not any_path):
        return 0
    return 1 + 2 * any_host + any_path


def _order(requests: Requests, among: Iterable[Requests]) -> tuple[int, int, int]:
    """Return the key by which routes find their places: each before all those that take all of its requests."""
    taken = [other for other in among if requests.takes_all(other)]
    return max(rank(requests), *map(rank, taken)), -_length(requests), len(taken)


def _length(requests: Requests) -> int:
    """Return the number of characters of its shortest pattern of a path, without wildcards."""
    return min(len(path.replace("*", "").replace("?", "")) for path in requests.paths)


def _find_place(
    requests: Requests, of_rank: int, placed: Iterable[tuple[int, Requests]], taken: set[int]
) -> int:
    after, before = 0, PRIORITIES.stop
    for priority, other in placed:
        if other.takes_all(requests):
            before = min(before, priority)
        elif requests.takes_all(other):
            after = max(after, priority)
    usual = FIRST + STEP * of_rank
    return next(p for p in _list_places(after, before, usual) if p not in taken)


def _list_places(after: int, before: int, usual: int) -> Iterator[int]:
    """Yield priorities, the best first: between the two, from the usual one on, then below it; then any."""
    yield from range(max(after + 1, usual), before)
    yield from range(min(before, usual) - 1, after, -1)
    yield from range(usual, PRIORITIES.stop)
    yield from PRIORITIES
