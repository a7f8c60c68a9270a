"""Plan the deletions of orphans, their order, and what replaces them. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.model.plan import Change, FieldDiff, Op
from reconciler.model.references import Address
from reconciler.model.spec import Live, Spec
from reconciler.plan.declared import only_declared
from reconciler.plan.foreign import deleted_refs
from reconciler.plan.index import PlanIndex
from reconciler.plan.matching import PlanNames, diff, find_immutable, with_plan_names
from reconciler.plan.ordering import Edge
from reconciler.resources.kind import Kinds


def plan_deletions(
    index: PlanIndex, matched: Mapping[Address, Live[Any]], *, delete_orphans: bool
) -> tuple[dict[str, Change], set[Edge]]:
    """Return the deletions by key, each after those of its dependents, and the edges that AWS does not demand.

    Without `delete_orphans`, only those orphans are deleted that have the address of a desired resource.
    """
    change_keys = {
        live.key: str(address) for address, live in matched.items()
    }  # of live resources that are kept
    in_file = _dependents_in_file(index, change_keys)
    changes: dict[str, Change] = {}
    droppable: set[Edge] = set()
    for live in index.ours:
        address, key, kind = live.spec.address, live.key, index.kinds[live.spec.kind]
        if key in change_keys or kind.relations.awaited or not (delete_orphans or address in index.desired):
            continue
        shown = {change_keys.get(dependent, dependent) for dependent in _dependents(index, live)}
        hidden = in_file.get(address, set()) - shown  # only the file shows these
        loose = (
            shown if kind.relations.left_behind else {change_keys.get(k, k) for k in _loose_ones(index, live)}
        )
        undemanded = hidden | loose
        droppable |= {(key, dependent) for dependent in undemanded}
        service = index.services[key]
        after = frozenset((shown | hidden) - {key})
        steps = tuple(kind.remove(live))
        loses = kind.relations.loses(live) if kind.relations.loses else ""
        change = Change(
            key, address, Op.DELETE, (), steps, after, live.outputs, service, live=live, loses=loses
        )
        lingers = kind.relations.lingers
        changes[key] = replace(change, lingers=lingers(live)) if lingers else change
    return changes, droppable


def put_takings_after_deletions(
    index: PlanIndex, changes: Mapping[str, Change], deletions: Mapping[str, Change]
) -> dict[str, Change]:
    """Return the changes, those that take something away after the deletions of what refers to the resource.

    A VPC, for example, gives up its IPv6 block only when the subnets that have a part of it are deleted.
    """
    found = dict(changes)
    for key, change in changes.items():
        if change.takes_away and change.live:
            first = _dependents(index, change.live) & deletions.keys()
            found[key] = replace(change, after=change.after | first)
    return found


def _dependents(index: PlanIndex, live: Live[Any]) -> set[str]:
    """Return the keys of our resources that are deleted, or changed, before the live resource is deleted.

    One with weak Refs is not among them, but those that refer to it are: services, by their task definition.
    """
    holders = _holders(index, live)
    through = (_holders(index, holder) for holder in holders if _has_weak_refs(index, holder))
    found = (*holders, *(holder for further in through for holder in further))
    return {holder.key for holder in found if not _has_weak_refs(index, holder)}


def _loose_ones(index: PlanIndex, live: Live[Any]) -> set[str]:
    """Return the keys of those that refer to the live resource by Refs that may lead to nothing."""
    return {h.key for h in _holders(index, live) if index.kinds[h.spec.kind].relations.dangling_refs}


def _holders(index: PlanIndex, live: Live[Any]) -> list[Live[Any]]:
    """Return our resources that refer to the live resource, or to what is deleted with it."""
    return [holder for ref in deleted_refs(index.kinds, live) for holder in index.dependents.get(ref, ())]


def _has_weak_refs(index: PlanIndex, live: Live[Any]) -> bool:
    return index.kinds[live.spec.kind].relations.weak_refs


def _dependents_in_file(index: PlanIndex, change_keys: Mapping[str, str]) -> dict[Address, set[str]]:
    """Return, for each address, the keys of the changes to resources that the file puts `after` it."""
    found: dict[Address, set[str]] = defaultdict(set)
    for live in index.ours:
        spec = index.in_file.get(live.spec.address)
        for ref in spec.after if spec else ():
            found[ref.address].add(change_keys.get(live.key, live.key))
    return found


def plan_replacements(
    kinds: Kinds, changes: Mapping[str, Change], deletions: Mapping[str, Change], names: PlanNames
) -> dict[str, Change]:
    """Return the changes with what they replace, each after the deletions of what it clashes with."""
    by_kind: dict[str, list[tuple[str, Spec]]] = defaultdict(list)  # key of a deletion and what is deleted
    by_address = defaultdict(list)
    for deletion in deletions.values():
        if deletion.live:
            spec = with_plan_names(deletion.live, names).spec
            by_kind[deletion.address.kind].append((deletion.key, spec))
        by_address[deletion.address].append(deletion)
    found = dict(changes)
    for key, change in changes.items():
        if change.want and change.op is not Op.AWAIT:
            first = _clashing(kinds, change.want, by_kind[change.address.kind])
            found[key] = replace(change, after=change.after | first)
        if change.want and change.op is Op.CREATE:
            old = by_address[change.address][:1]
            fields = tuple(each for o in old for each in _immutable_diffs(change.want, o, names))
            if old:
                cost = _interruption(kinds, change.want, old[0], names)
                seamless = kinds[change.address.kind].relations.seamless
                found[key] = replace(
                    found[key], replaces=old[0].key, fields=fields, interrupts=cost, seamless=seamless
                )
    return found | _find_moves(kinds, found, deletions.values(), names)


def _find_moves(
    kinds: Kinds,
    changes: Mapping[str, Change],
    deletions: Iterable[Change],
    names: PlanNames,
) -> dict[str, Change]:
    """Return the creations that stand in for the deletion of the same thing elsewhere, by key."""
    found: dict[str, Change] = {}
    deletions = tuple(deletions)
    deleted = {value for deletion in deletions for value in deletion.outputs.values()}
    taken = {change.replaces for change in changes.values()}
    of_service: dict[tuple[str, str], list[Change]] = defaultdict(list)  # by kind and service
    for deletion in deletions:
        if deletion.service and deletion.key not in taken:
            of_service[deletion.address.kind, deletion.service].append(deletion)
    for key, change in changes.items():
        moved = kinds[change.address.kind].relations.moved
        if moved is None or change.want is None or change.op is not Op.CREATE or change.replaces:
            continue
        candidates = of_service[change.address.kind, change.service or ""]
        for old in candidates:
            if old.live and moved((left := with_plan_names(old.live, names)).spec, change.want):
                fields = _moved_diffs(change.want, left.spec)
                moves_after = kinds[change.address.kind].relations.moves_after
                first = {old.key} if moves_after and moves_after(left, change.want, deleted) else set[str]()
                after = change.after | first
                found[key] = replace(change, replaces=old.key, moved=True, fields=fields, after=after)
                candidates.remove(old)
                break
    return found


def _clashing(kinds: Kinds, want: Spec, deletions: Iterable[tuple[str, Spec]]) -> frozenset[str]:
    """Return the keys of the deletions of resources that cannot coexist with `want`."""
    clashes = kinds[want.kind].relations.clashes
    if clashes is None:
        return frozenset()
    return frozenset(key for key, live in deletions if clashes(live, want))


def _interruption(kinds: Kinds, want: Spec, deletion: Change, names: PlanNames) -> str:
    interrupts = kinds[want.kind].relations.interrupts
    return interrupts(want, with_plan_names(deletion.live, names).spec) if interrupts and deletion.live else ""


def _moved_diffs(want: Spec, live: Spec) -> tuple[FieldDiff, ...]:
    """Return all that differs, as what moves may change on its way. Its name says only where it is."""
    found = diff(want, only_declared(want, live), taggable=False)
    return tuple(each for each in found if each.field != "name")


def _immutable_diffs(want: Spec, deletion: Change, names: PlanNames) -> tuple[FieldDiff, ...]:
    if deletion.live is None:
        return ()
    old = with_plan_names(deletion.live, names).spec
    return tuple(FieldDiff(f, getattr(old, f), getattr(want, f)) for f in find_immutable(want, old))
