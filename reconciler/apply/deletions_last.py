"""What goes, goes last: deletions that nothing else needs wait until all else is done and rolled out."""

from collections.abc import Mapping

from reconciler.model.plan import Change, Op
from reconciler.model.steps import Rollout

ALL_ELSE = "all else"  # a node of the graph that is no change
SETTLED = " settled"  # after a change's key: the node of its rollout's end


def final_deletions(todo: Mapping[str, Change]) -> frozenset[str]:
    """Keys of the deletions that no creation or update comes after, however far away."""
    needed, look = set[str](), [key for key, change in todo.items() if change.op is not Op.DELETE]
    while look:
        before = todo[look.pop()].after & todo.keys()
        look += before - needed
        needed |= before
    return frozenset(key for key, change in todo.items() if change.op is Op.DELETE and key not in needed)


def edges(todo: Mapping[str, Change]) -> dict[str, set[str]]:
    """What must be done before each change; and before what leaves, by way of nodes of their own, all else."""
    graph = {key: set(change.after & todo.keys()) for key, change in todo.items()}
    others = [change for change in todo.values() if change.op is not Op.DELETE]
    last = final_deletions(todo)
    if not (others and last):
        return graph
    rolled = {c.key for c in others if any(isinstance(step, Rollout) for step in c.steps)}
    graph |= {key + SETTLED: {key} for key in rolled}
    graph[ALL_ELSE] = {c.key + SETTLED if c.key in rolled else c.key for c in others}
    for key in last:
        graph[key].add(ALL_ELSE)
    return graph
