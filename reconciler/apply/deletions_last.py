"""Put deletions last: those that nothing else depends on wait until all else is done and rolled out."""

from collections.abc import Mapping

from reconciler.model.plan import Change, Op
from reconciler.model.steps import Rollout

ALL_OTHERS = "all else"  # a node of the graph that is no change: all creations and updates are done
ROLLED_OUT_SUFFIX = " settled"  # after a change's key: the node of the end of its rollout


def final_deletions(changes: Mapping[str, Change]) -> frozenset[str]:
    """Return the keys of the deletions that no creation or update depends on, directly or indirectly."""
    needed, left = set[str](), [key for key, change in changes.items() if change.op is not Op.DELETE]
    while left:
        before = changes[left.pop()].after & changes.keys()
        left += before - needed
        needed |= before
    return frozenset(key for key, change in changes.items() if change.op is Op.DELETE and key not in needed)


def edges(changes: Mapping[str, Change]) -> dict[str, set[str]]:
    """Return the dependencies of each node of the graph. A final deletion depends on everything else."""
    graph = {key: set(change.after & changes.keys()) for key, change in changes.items()}
    others = [change for change in changes.values() if change.op is not Op.DELETE]
    last = final_deletions(changes)
    if not (others and last):
        return graph
    rolled = {c.key for c in others if any(isinstance(step, Rollout) for step in c.steps)}
    graph |= {key + ROLLED_OUT_SUFFIX: {key} for key in rolled}
    graph[ALL_OTHERS] = {c.key + ROLLED_OUT_SUFFIX if c.key in rolled else c.key for c in others}
    for key in last:
        graph[key].add(ALL_OTHERS)
    return graph
