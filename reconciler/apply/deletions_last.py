"""Put last what takes something away: if nothing depends on it, it waits until all else has succeeded."""

from collections.abc import Mapping

from reconciler.model.plan import Change
from reconciler.model.steps import Rollout

ALL_OTHERS = "all else"  # a node of the graph that is no change: all that takes nothing away is done
ROLLED_OUT_SUFFIX = " settled"  # after a change's key: the node of the end of its rollout


def final_changes(changes: Mapping[str, Change]) -> frozenset[str]:
    """Return the keys of the changes that take something away, and that no other change depends on.

    Not even indirectly: a deletion that a creation has to wait for is not among them.
    """
    needed, left = set[str](), [key for key, change in changes.items() if not change.takes_away]
    while left:
        before = changes[left.pop()].after & changes.keys()
        left += before - needed
        needed |= before
    return frozenset(key for key, change in changes.items() if change.takes_away and key not in needed)


def edges(changes: Mapping[str, Change]) -> dict[str, set[str]]:
    """Return the dependencies of each node of the graph. A final change depends on everything else."""
    rolled = {key for key, c in changes.items() if any(isinstance(step, Rollout) for step in c.steps)}
    graph = {key + ROLLED_OUT_SUFFIX: {key} for key in rolled}
    for key, change in changes.items():
        graph[key] = set(change.after & changes.keys())
        graph[key] |= {awaited + ROLLED_OUT_SUFFIX for awaited in change.after_rollout & rolled}
    others = [key for key, change in changes.items() if not change.takes_away]
    last = final_changes(changes)
    if last:
        graph[ALL_OTHERS] = {key + ROLLED_OUT_SUFFIX if key in rolled else key for key in others}
        for key in last:
            graph[key].add(ALL_OTHERS)
    return graph
