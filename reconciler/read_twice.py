"""Read what AWS has of a stack, and compare it: first by the tagging index, then directly what would change.

See docs/decisions/0017.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from reconciler.aws.indexed import rules_out
from reconciler.aws.reads import Reads
from reconciler.model.plan import Op, Plan
from reconciler.model.references import Address, Ref, walk
from reconciler.model.spec import Live
from reconciler.resources.kind import Kinds, read_all

Lives = Sequence[Live[Any]]
Read = Callable[[Reads, Kinds], Lives]  # as `read_all` does


def read_and_compare(
    reads: Reads, kinds: Kinds, compare: Callable[[Lives], Plan], read: Read = read_all
) -> tuple[Plan, Lives]:
    """Return the plan that `compare` makes of what `read` finds, and that. Raises `ReadFailed`.

    What it would change is read directly, and compared again. All is, if the index is seen to miss something.
    """
    directly = frozenset[Address]()
    live = read(replace(reads, directly=directly), kinds)
    todo = compare(live)
    if _misses_something(reads, kinds, live, read) or _hides_something(reads, kinds, todo, read):
        live = read(replace(reads, directly=None), kinds)
        return compare(live), live
    while unsure := _find_unsure(kinds, todo) - directly:
        directly |= unsure
        again = {address.kind: kinds[address.kind] for address in unsure}
        known = (found for found in live if found.spec.kind not in again)
        live = (*known, *read(replace(reads, directly=directly), again))
        todo = compare(live)
    return todo, live


def _find_unsure(kinds: Kinds, todo: Plan) -> frozenset[Address]:
    """Return what a plan would change or delete, of the types that the index is believed about."""
    changed = (change.address for change in todo.changes if change.live)
    return frozenset(address for address in changed if kinds[address.kind].trusts_index)


def _misses_something(reads: Reads, kinds: Kinds, live: Lives, read: Read) -> bool:
    """Tell whether ours refer to a resource that is not found by the index, and is found directly."""
    missing = frozenset(_find_missing(reads.stack.name, kinds, live))
    if not missing:
        return False
    asked = {ref.kind: kinds[ref.kind] for ref in missing}
    again = read(replace(reads, directly=frozenset(ref.address for ref in missing)), asked)
    return any(ref in missing for found in again for ref in found.own_refs)


def _hides_something(reads: Reads, kinds: Kinds, todo: Plan, read: Read) -> bool:
    """Tell whether the plan deletes something, and the index hides all of ours of a type: they may use it.

    AWS would refuse for minutes to delete a group of the load balancer that is to go with it.
    """
    if not any(change.op is Op.DELETE for change in todo.changes):
        return False
    brief, stack = replace(reads, directly=frozenset()), reads.stack.name
    unread = {name: kind for name, kind in kinds.items() if rules_out(brief, name, kind.indexed_as)}
    return any(found.owner == stack for found in read(replace(reads, directly=None), unread))


def _find_missing(stack: str, kinds: Kinds, live: Lives) -> Iterator[Ref]:
    """Yield the Refs of ours, by id, to what was not found, of the types that the index is believed about."""
    found = {ref for resource in live for ref in resource.own_refs}
    for resource in live:
        for ref in walk(resource.spec) if resource.owner == stack else ():
            if ref.by_id and ref not in found and ref.kind in kinds and kinds[ref.kind].trusts_index:
                yield ref
