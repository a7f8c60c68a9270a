"""Divide a change into its parts: what is done at once, and what a `Later` puts off."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from reconciler.model.plan import Change, Op
from reconciler.model.steps import Call, Later, Step, split_parts
from reconciler.resources.kind import Kind


def change_parts(kind: Kind[Any], change: Change, steps: Iterable[Step | Later]) -> Iterator[Change]:
    """Yield the change to a resource with the steps that come first, and one for each later part.

    A part without steps is left out, unless the resource is new.
    """
    interrupts, live = kind.relations.interrupts, change.live
    words = interrupts(change.want, live.spec) if interrupts and live else ""
    previous = frozenset[str]()
    for mark, found in split_parts(steps):
        key = change.key if mark is None else f"{change.key} ({mark.what})"
        if not found and (mark or (live and any(isinstance(step, Later) for step in steps))):
            continue
        op = _op(kind, change, found)
        after = change.after | previous
        yield replace(change, key=key, op=op, steps=found, after=after, later=mark, interrupts=words)
        previous, words = frozenset({key}), ""


def _op(kind: Kind[Any], change: Change, steps: Iterable[Step]) -> Op:
    idle = not any(isinstance(step, Call) for step in steps)
    if kind.relations.awaited or (change.live and idle):
        return Op.AWAIT
    return Op.UPDATE if change.live else Op.CREATE


def after_rollouts(changes: Mapping[str, Change]) -> dict[str, Change]:
    """Return the changes, later parts and deletions after the rollouts that they wait for.

    A deletion waits for all parts of a change to which it comes after: the last one may be what frees it.
    """
    taking_away = defaultdict(set)
    for key, change in changes.items():
        if change.takes_away and change.want:
            taking_away[str(change.address)].add(key)
    found = {}
    for key, change in changes.items():
        waits = set[str]()
        if change.later and change.later.rolled_out:
            waits.add(str(change.later.rolled_out))
        if change.takes_away:
            earlier = waits if change.want else change.after
            waits |= {part for address in earlier for part in taking_away.get(address, ())}
        found[key] = replace(change, after=change.after | waits, after_rollout=frozenset(waits))
    return found
