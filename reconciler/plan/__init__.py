"""Compare desired with live resources and plan the changes. Pure, and linear in the number of resources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from reconciler.model.plan import Change, Op, Plan, PlanWarning
from reconciler.model.references import Address, Ref
from reconciler.model.spec import Live, Spec
from reconciler.plan.conflicts import find_conflicts
from reconciler.plan.cycles import changes_in_cycle, references_in_cycle
from reconciler.plan.index import PlanIndex, build_index
from reconciler.plan.matching import find_match, plan_names, required_change, with_plan_names
from reconciler.plan.not_in_file import find_not_in_file
from reconciler.plan.ordering import order_changes
from reconciler.plan.parts import after_rollouts, change_parts
from reconciler.plan.removals import plan_deletions, plan_replacements, put_takings_after_deletions
from reconciler.resources.kind import Kinds


def plan(
    kinds: Kinds,
    desired: Iterable[Spec],
    live: Sequence[Live[Any]],
    stack: str,
    file: Iterable[Spec] = (),
    *,
    delete_orphans: bool = True,
    region: str = "",
) -> Plan:
    """Plan the changes that make the stack as desired, given all live resources, ours and foreign.

    For a destroy, `desired` is empty, and the specs of the `file` give the order that no live field shows.
    Without `delete_orphans`, only those orphans are deleted that have the address of a desired resource.
    `region` is for the commands that a person may copy.
    """
    index = build_index(kinds, desired, live, stack, file, region)
    try:
        in_order = [a for a in TopologicalSorter(index.dependencies).static_order() if a in index.desired]
    except CycleError as e:
        conflict = references_in_cycle(e.args[1])
        return Plan((), {}, (conflict,), tuple(index.foreign), index.desired, index.in_file)

    compared = _Compared(names=dict(index.recurring_ids))
    for address in in_order:  # dependencies first: the ids that a live spec holds have plan names by then
        _compare(index, index.desired[address], compared)
    deletions, droppable = plan_deletions(index, compared.matched, delete_orphans=delete_orphans)
    kept = put_takings_after_deletions(index, compared.changes, deletions)
    todo = plan_replacements(kinds, kept, deletions, compared.names) | deletions
    changes, cycle = order_changes(after_rollouts(_without_idle_waits(kinds, todo)), droppable)
    conflicts = tuple(find_conflicts(index, compared.matched, deletions.values(), compared.names))
    conflicts = conflicts or tuple(changes_in_cycle(cycle, changes))
    ids = {address: match.outputs for address, match in compared.matched.items()}
    warnings = tuple(_find_warnings(index, compared.matched))
    open_values = tuple(find_not_in_file(index.desired, compared.matched))
    return Plan(
        changes,
        ids,
        conflicts,
        tuple(index.foreign),
        index.desired,
        index.in_file,
        warnings,
        not_in_file=open_values,
    )


def _find_warnings(index: PlanIndex, matched: Mapping[Address, Live[Any]]) -> Iterator[PlanWarning]:
    for address, want in index.desired.items():
        for why in index.kinds[want.kind].warn(want, matched.get(address)):
            yield PlanWarning(why, address)


@dataclass(frozen=True)
class _Compared:
    """Collects the results of comparing the desired resources."""

    changes: dict[str, Change] = field(default_factory=dict)  # by key
    matched: dict[Address, Live[Any]] = field(default_factory=dict)  # the live resource that each one matches
    names: dict[Ref, Ref] = field(default_factory=dict)  # plan names of the ids that no change makes anew


def _compare(index: PlanIndex, want: Spec, compared: _Compared) -> None:
    address, key, kind = want.address, str(want.address), index.kinds[want.kind]
    candidates = [with_plan_names(live, compared.names) for live in index.ours_at.get(address, ())]
    live = find_match(want, candidates, lambda ref: len(index.dependents.get(ref, ())))
    fields, steps = required_change(kind, want, live)
    if live:
        compared.matched[address] = live
        changes_identity, lasting = kind.changes_identity(fields), kind.relations.lasting
        kept = {k: v for k, v in live.outputs.items() if k in lasting or not changes_identity}
        compared.names.update(plan_names(address, kept))
    if fields or not live:
        after = frozenset(map(str, index.dependencies[address]))
        outputs = live.outputs if live else {}
        change = Change(key, address, Op.UPDATE, fields, (), after, outputs, want.service, want, live)
        compared.changes.update((part.key, part) for part in change_parts(kind, change, steps))


def _without_idle_waits(kinds: Kinds, changes: dict[str, Change]) -> dict[str, Change]:
    """Leave out the waits for resources that others make, where no other change needs them."""
    needed = {key for change in changes.values() for key in change.after}
    return {k: c for k, c in changes.items() if k in needed or not kinds[c.address.kind].relations.awaited}
