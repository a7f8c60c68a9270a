"""Resources that are there without this stack's tags: neither missing, nor this stack's any more. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model import tags
from reconciler.model.differences import ValueDiff, compare
from reconciler.model.drift import NotCompared
from reconciler.model.plan import Plan
from reconciler.model.references import Address, walk
from reconciler.model.spec import Live
from reconciler.resources.kind import Kinds

Untagged = Mapping[Address, Live[Any]]  # by the address of the desired resource


def find_untagged(todo: Plan) -> Untagged:
    """Return the foreign resources that conflicts name in the place of desired ones of the same type."""
    by_key = {live.key: live for live in todo.foreign}
    return {
        conflict.address: by_key[key]
        for conflict in todo.conflicts
        for key in conflict.foreign
        if conflict.address in todo.desired and key in by_key
        if by_key[key].spec.kind == conflict.address.kind and conflict.address not in todo.ids
    }


def compare_tags(todo: Plan, untagged: Untagged) -> Iterator[tuple[Address, ValueDiff]]:
    """Yield each desired tag that one lacks. Nothing else is compared: of what is not ours, not all is read."""
    for address, live in untagged.items():
        want = todo.desired[address]
        lacking = tags.missing(want, live.spec)
        has = {key: live.spec.tags[key] for key in lacking if key in live.spec.tags}
        yield from ((address, diff) for diff in compare(("tags",), has, lacking))


def find_heirs(kinds: Kinds, todo: Plan, untagged: Untagged) -> frozenset[Address]:
    """Return the desired resources that AWS cannot tag, and that hang on an untagged one: they went with it."""
    return frozenset(
        address
        for address, want in todo.desired.items()
        if kinds[want.kind].any_tag_call is None and address not in todo.ids
        if any(ref.address in untagged for ref in walk(kinds[want.kind].parents(want)))
    )


def find_not_compared(kinds: Kinds, todo: Plan) -> Iterator[NotCompared]:
    """Yield that nothing else of them is compared."""
    untagged = find_untagged(todo)
    for address in untagged:
        yield NotCompared(str(address), "it does not carry this stack's tags, so only these are compared")
    for address in sorted(find_heirs(kinds, todo, untagged)):
        yield NotCompared(str(address), "what it belongs to does not carry this stack's tags")
