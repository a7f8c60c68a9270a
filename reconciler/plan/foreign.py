"""What is not ours and needs what a plan would delete: AWS would take it along, or refuse until it is gone."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reconciler.aws.cli_command import cli_commands
from reconciler.model.plan import Change, Conflict
from reconciler.model.references import Address, Ref, walk
from reconciler.model.spec import Live
from reconciler.plan.index import PlanIndex
from reconciler.resources.kind import Kinds

FEW = 3  # names are told one by one up to so many


def foreign_dependents(
    index: PlanIndex, gone: Iterable[Change]
) -> Iterator[tuple[Live[Any], Sequence[Address]]]:
    """Each of these, with what it needs of all that goes."""
    leaving = {ref: change.address for change in gone for ref in _taken(index.kinds, change)}
    for live in index.foreign if leaving else ():
        relations = index.kinds[live.spec.kind].relations
        parents = relations.parents(live.spec) if relations.parents else live.spec
        if not relations.weak_refs and (needs := {leaving[ref] for ref in walk(parents) if ref in leaving}):
            yield live, sorted(needs)


def _taken(kinds: Kinds, change: Change) -> Iterator[Ref]:
    """All by which others may refer to what a deletion takes."""
    also_deletes = kinds[change.address.kind].relations.also_deletes
    if change.live:
        yield from change.live.handles
        for own_id in also_deletes(change.live) if also_deletes else ():
            yield Ref(change.address.kind, own_id, foreign=True)


def needed(kinds: Kinds, live: Live[Any], needs: Sequence[Address]) -> Conflict:
    """Why the plan may not be run, and what to do with this one first."""
    more = len(needs) - FEW
    what = ", ".join(map(str, needs[:FEW])) + (f" and {more} more" if more > 0 else "")
    remedy = "move it away or delete it first"
    if not live.owner:
        remedy += f": {cli_commands(kinds[live.spec.kind].remove(live))}"
    why = f"{whose(live)} and needs {what}, which this plan would delete"
    return Conflict(live.spec.address, why, remedy, frozenset({live.key}))


def whose(live: Live[Any]) -> str:
    """Whose it is, of what is not ours."""
    return f"belongs to stack {live.owner}" if live.owner else "does not carry this stack's tags"
