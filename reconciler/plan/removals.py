"""What is ours and no longer wanted: in which order it goes, and what comes in its place. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.model.plan import Change, FieldDiff, Op
from reconciler.model.references import Address
from reconciler.model.spec import Live, Spec
from reconciler.plan.index import PlanIndex
from reconciler.plan.matching import Names, named
from reconciler.plan.ordering import Edge
from reconciler.resources.kind import Kinds


def removals(
    index: PlanIndex, kept: Mapping[Address, Live[Any]], *, surplus: bool
) -> tuple[dict[str, Change], set[Edge]]:
    """Delete what nobody wants, once nothing needs it any more; and those of the edges that only the file tells.

    Without `surplus`, only what has the address of something wanted.
    """
    stays = {live.key: str(address) for address, live in kept.items()}
    told: dict[Address, set[str]] = defaultdict(set)
    for live in index.ours:
        spec = index.known.get(live.spec.address)
        for ref in spec.after if spec else ():
            told[ref.address].add(stays.get(live.key, live.key))

    changes: dict[str, Change] = {}
    soft: set[Edge] = set()
    for live in index.ours:
        address, key, kind = live.spec.address, live.key, index.kinds[live.spec.kind]
        if key in stays or kind.relations.awaited or not (surplus or address in index.wanted):
            continue
        users = {
            user.key
            for ref in live.handles
            for user in index.users.get(ref, ())
            if not index.kinds[user.spec.kind].relations.weak_refs
        }
        seen = {stays.get(user, user) for user in users}
        hidden = told.get(address, set()) - seen
        soft |= {(key, user) for user in hidden}
        service = index.services[key]
        after = frozenset((seen | hidden) - {key})
        steps = tuple(kind.remove(live))
        changes[key] = Change(key, address, Op.DELETE, (), steps, after, live.outputs, service, live=live)
    return changes, soft


def replacements(
    kinds: Kinds, changes: Mapping[str, Change], gone: Mapping[str, Change], names: Names
) -> dict[str, Change]:
    """The changes, with what they stand in for, and each after what cannot exist beside what it makes."""
    by_kind, by_address = defaultdict(list), defaultdict(list)
    for change in gone.values():
        by_kind[change.address.kind].append(change)
        by_address[change.address].append(change)
    found = dict(changes)
    for key, change in changes.items():
        if change.want and change.op is not Op.AWAIT:
            first = _rivals(kinds, change.want, by_kind[change.address.kind], names)
            found[key] = replace(change, after=change.after | first)
        if change.want and change.op is Op.CREATE:
            old = by_address[change.address][:1]
            fields = tuple(f for o in old for f in _why_replaced(change.want, o, names))
            if old:
                found[key] = replace(found[key], replaces=old[0].key, fields=fields)
    return found


def _rivals(kinds: Kinds, want: Spec, leaving: Iterable[Change], names: Names) -> frozenset[str]:
    clashes = kinds[want.kind].relations.clashes
    if clashes is None:
        return frozenset()
    return frozenset(o.key for o in leaving if o.live and clashes(named(o.live, names).spec, want))


def _why_replaced(want: Spec, old: Change, names: Names) -> tuple[FieldDiff, ...]:
    was = named(old.live, names).spec.immutable if old.live else {}
    return tuple(FieldDiff(f, was.get(f), new) for f, new in want.immutable.items() if was.get(f) != new)
