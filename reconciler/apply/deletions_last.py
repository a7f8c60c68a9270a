"""Put last what takes something away, old revisions behind all of it, and clean-up beside what settles."""

from collections.abc import Collection, Iterable, Mapping

from reconciler.model.plan import Change
from reconciler.model.steps import Rollout

# Nodes of the graph that are no changes:
ALL_OTHERS = "all else"  # all that takes nothing away is done
ALL_WRITES = "all writes"  # the same, but for the rollouts: clean-up begins
ALL_BUT_LINGERING = "all but what lingers"  # all is done, but for clean-up and what is deleted at the very end
GROUPS = frozenset({ALL_OTHERS, ALL_WRITES, ALL_BUT_LINGERING})
ROLLED_OUT_SUFFIX = " settled"  # after a change's key: the node of the end of its rollout


def final_changes(changes: Mapping[str, Change]) -> frozenset[str]:
    """Return the keys of the changes that take something away, and that no other change depends on.

    Not even indirectly: a deletion that a creation has to wait for is not among them.
    """
    needed = _needed_by(changes, (key for key, change in changes.items() if not change.takes_away))
    return frozenset(key for key, change in changes.items() if change.takes_away and key not in needed)


def _lingering_changes(changes: Mapping[str, Change]) -> frozenset[str]:
    """Return the keys of the deletions that come after all others, as no change but these depends on them."""
    needed = _needed_by(changes, (key for key, change in changes.items() if not change.lingers))
    return frozenset(key for key, change in changes.items() if change.lingers and key not in needed)


def _needed_by(changes: Mapping[str, Change], keys: Iterable[str]) -> set[str]:
    """Return the keys of all changes that these depend on, also indirectly."""
    needed, left = set[str](), [*keys]
    while left:
        before = changes[left.pop()].after & changes.keys()
        left += before - needed
        needed |= before
    return needed


def edges(changes: Mapping[str, Change]) -> dict[str, set[str]]:
    """Return the dependencies of each node of the graph. A final change depends on everything else."""
    rolled = {key for key, c in changes.items() if any(isinstance(step, Rollout) for step in c.steps)}
    graph = {key + ROLLED_OUT_SUFFIX: {key} for key in rolled}
    for key, change in changes.items():
        graph[key] = set(change.after & changes.keys())
        graph[key] |= {awaited + ROLLED_OUT_SUFFIX for awaited in change.after_rollout & rolled}
    clean_up = frozenset(key for key, change in changes.items() if change.is_clean_up)
    final, lingering = final_changes(changes), _lingering_changes(changes)
    makers = [key for key, change in changes.items() if not (change.takes_away or key in clean_up)]
    others = changes.keys() - lingering - clean_up
    _put_after(graph, clean_up, ALL_WRITES, makers)
    _put_after(graph, final, ALL_OTHERS, (key + ROLLED_OUT_SUFFIX if key in rolled else key for key in makers))
    _put_after(graph, lingering, ALL_BUT_LINGERING, others)
    return graph


def _put_after(graph: dict[str, set[str]], last: Collection[str], group: str, first: Iterable[str]) -> None:
    """Put nodes after a group of others. Without the node of the group there would be an edge for each pair."""
    if last:
        graph[group] = {*first}
        for key in last:
            graph[key].add(group)
