"""Find an order in which the changes can be made, or the cycle that forbids one."""

from collections.abc import Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from reconciler.model.plan import Change

Edge = tuple[str, str]  # key of a change, key of one that comes before it


def order_changes(
    changes: Mapping[str, Change], droppable: set[Edge]
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Return the changes in order, with `after` limited to them; and those of a cycle, if there is no order.

    A droppable edge, which only the file shows, is dropped if it is part of a cycle.
    """
    graph = {key: sorted(change.after & changes.keys()) for key, change in changes.items()}
    while True:  # each round drops an edge of one cycle
        try:
            order = list(TopologicalSorter(graph).static_order())
        except CycleError as e:
            cycle: list[str] = e.args[1][::-1]  # graphlib: each is a predecessor of the next
            dropped = next((edge for edge in pairwise(cycle) if edge in droppable), None)
            if dropped is None:
                return tuple(changes.values()), tuple(changes[key] for key in cycle[:-1])
            graph[dropped[0]].remove(dropped[1])
        else:
            return tuple(replace(changes[key], after=frozenset(graph[key])) for key in order), ()
