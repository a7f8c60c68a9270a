"""Find an order in which the changes can be made, or the cycle that forbids one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from graphlib import TopologicalSorter
from itertools import pairwise

from reconciler.model.plan import Change

Edge = tuple[str, str]  # key of a change, key of one that comes before it


def order_changes(
    changes: Mapping[str, Change], droppable: set[Edge]
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Return the changes in order, with `after` limited to them; and those of a cycle, if there is no order.

    A droppable edge, which AWS does not demand, is dropped if it is part of a cycle.
    """
    graph = {key: sorted(change.after & changes.keys()) for key, change in changes.items()}
    if cycle := _drop_cycles(graph, droppable):
        return tuple(changes.values()), tuple(changes[key] for key in cycle[:-1])
    order = TopologicalSorter(graph).static_order()
    return tuple(replace(changes[key], after=frozenset(graph[key])) for key in order), ()


def _drop_cycles(graph: dict[str, list[str]], droppable: set[Edge]) -> list[str]:
    """Remove a droppable edge of each cycle; return the keys of a cycle that has none, the first one twice.

    The search goes on at the removed edge, not from the beginning: many cycles are no more than their edges.
    """
    acyclic: set[str] = set()
    for start, first in graph.items():
        path = {start: iter(first)} if start not in acyclic else {}  # each comes after the next
        while path:
            if (following := next(next(reversed(path.values())), None)) is None:
                acyclic.add(path.popitem()[0])
            elif following in path:
                keys = [*path, following]
                cycle = keys[keys.index(following) :]
                edge = next((edge for edge in pairwise(cycle) if edge in droppable), None)
                if edge is None:
                    return cycle
                _go_back(path, graph, edge)
            elif following not in acyclic:
                path[following] = iter(graph[following])
    return []


def _go_back(path: dict[str, Iterator[str]], graph: dict[str, list[str]], edge: Edge) -> None:
    """Remove the edge from the graph and what comes after it from the path."""
    key, before = edge
    graph[key].remove(before)
    while next(reversed(path)) != key:
        path.popitem()
    path[key] = iter(graph[key])
