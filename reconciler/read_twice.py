"""Read what AWS has of a stack, and compare it: first by the tagging index, then directly what would change.

See docs/decisions/0017.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model.plan import Plan
from reconciler.model.references import Address, walk
from reconciler.model.spec import Live
from reconciler.resources.kind import Kinds, read_all

Compare = Callable[[Sequence[Live[Any]]], Plan]


def read_and_compare(
    reads: Reads, kinds: Kinds, compare: Compare, directly: Collection[Address] = ()
) -> tuple[Plan, Sequence[Live[Any]]]:
    """Return the plan, and the live resources that it was made of. Raises `ReadFailed`.

    `compare` makes the plan of live resources. What it would change is read directly, like `directly`, and
    compared again; so is what resources of ours refer to and the first reads did not find.
    """
    known = frozenset(directly)
    live = read_all(replace(reads, directly=known), kinds)
    todo = compare(live)
    while unsure := {*_find_unsure(reads.stack.name, kinds, todo, live)} - known:
        known |= unsure
        again = {address.kind: kinds[address.kind] for address in unsure}
        live = (
            *(resource for resource in live if resource.spec.kind not in again),
            *read_all(replace(reads, directly=known), again),
        )
        todo = compare(live)
    return todo, live


def _find_unsure(stack: str, kinds: Kinds, todo: Plan, live: Sequence[Live[Any]]) -> Iterator[Address]:
    """Yield what rests on the tagging index and must not: what is to be changed, and what was not found."""
    trusting = {name for name, kind in kinds.items() if kind.trusts_index}
    yield from (c.address for c in todo.changes if c.live and c.address.kind in trusting)
    found = {ref for resource in live for ref in resource.own_refs}
    held = (ref for resource in live if resource.owner == stack for ref in walk(resource.spec))
    yield from (ref.address for ref in held if ref.by_id and ref.kind in trusting and ref not in found)
