"""Decide what to do: (kinds, desired, live) -> Plan. Pure, and linear in what there is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address, Ref
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call
from reconciler.plan import conflicts
from reconciler.plan.index import PlanIndex, build_index
from reconciler.plan.matching import decide, find, named, names_of
from reconciler.plan.ordering import ordered
from reconciler.plan.removals import removals, replacements
from reconciler.resources.kind import Kinds


def plan(
    kinds: Kinds,
    desired: Iterable[Spec],
    world: Sequence[Live[Any]],
    stack: str,
    file: Iterable[Spec] = (),
    *,
    surplus: bool = True,
) -> Plan:
    """What makes `world` as desired. A destroy desires nothing; `file` then tells the hidden order of what goes.

    `surplus`: whether what is not desired goes, or only what something desired replaces.
    """
    index = build_index(kinds, desired, world, stack, file)
    try:
        in_order = [a for a in TopologicalSorter(index.needs).static_order() if a in index.wanted]
    except CycleError as e:
        stop = conflicts.round_about(e.args[1])
        return Plan((), {}, (stop,), tuple(index.foreign), index.wanted, index.known)

    made = _Made(names=dict(index.lasting_names))
    for address in in_order:  # when one is compared, the ids that it may hold have names already
        _compare(index, index.wanted[address], made)
    gone, soft = removals(index, made.kept, surplus=surplus)
    todo = replacements(kinds, made.changes, gone, made.names) | gone
    changes, circle = ordered(_without_idle_waits(kinds, todo), soft)
    stops = tuple(conflicts.find(index, made.kept, gone.values())) or tuple(conflicts.circle(circle, changes))
    ids = {address: live.outputs for address, live in made.kept.items()}
    return Plan(changes, ids, stops, tuple(index.foreign), index.wanted, index.known)


@dataclass(frozen=True)
class _Made:
    """What is found out of the wanted, one after the other."""

    changes: dict[str, Change] = field(default_factory=dict)
    kept: dict[Address, Live[Any]] = field(default_factory=dict)
    names: dict[Ref, Ref] = field(default_factory=dict)  # of the ids that stay


def _compare(index: PlanIndex, want: Spec, made: _Made) -> None:
    address, key, kind = want.address, str(want.address), index.kinds[want.kind]
    lives = [named(live, made.names) for live in index.at.get(address, ())]
    live = find(want, lives, lambda ref: len(index.users.get(ref, ())))
    fields, steps = decide(kind, want, live)
    if live:
        made.kept[address] = live
        if not kind.changes_identity(fields):
            made.names.update(names_of(address, live.outputs))
    if fields or not live:
        idle = not any(isinstance(step, Call) for step in steps)
        op = Op.AWAIT if kind.relations.awaited or (live and idle) else Op.UPDATE if live else Op.CREATE
        after = frozenset(map(str, index.needs[address]))
        outputs = live.outputs if live else {}
        made.changes[key] = Change(key, address, op, fields, steps, after, outputs, want.service, want, live)


def _without_idle_waits(kinds: Kinds, changes: dict[str, Change]) -> dict[str, Change]:
    """Without the changes to what is not ours to make and that no other change needs."""
    needed = {key for change in changes.values() for key in change.after}
    return {k: c for k, c in changes.items() if k in needed or not kinds[c.address.kind].relations.awaited}
