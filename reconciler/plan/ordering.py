"""An order in which the changes can be made, or the circle that forbids it."""

from collections.abc import Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from reconciler.model.plan import Change

Edge = tuple[str, str]  # what comes later, what comes before


def ordered(changes: Mapping[str, Change], soft: set[Edge]) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """The changes in order, each `after` only what is among them; or else the changes of a circle.

    A soft edge, one that only the file tells, gives way where it would make a circle with what is live.
    """
    graph = {key: sorted(change.after & changes.keys()) for key, change in changes.items()}
    while True:  # one round to a circle
        try:
            order = list(TopologicalSorter(graph).static_order())
        except CycleError as e:
            circle: list[str] = e.args[1][::-1]  # graphlib: each is a predecessor of the next
            given = next((edge for edge in pairwise(circle) if edge in soft), None)
            if given is None:
                return tuple(changes.values()), tuple(changes[key] for key in circle[:-1])
            graph[given[0]].remove(given[1])
        else:
            return tuple(replace(changes[key], after=frozenset(graph[key])) for key in order), ()
