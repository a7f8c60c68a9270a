"""Find the conflicts of a plan: taken names, lost tags, foreign dependents, references to nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from reconciler.model.plan import Change, Conflict
from reconciler.model.references import Address
from reconciler.model.spec import Live, Spec
from reconciler.plan.foreign import (
    NAMED_AT_MOST,
    adopt_command,
    blocked_deletions,
    describe_owner,
    foreign_dependent,
    foreign_dependents,
    remove_commands,
)
from reconciler.plan.index import PlanIndex
from reconciler.plan.lost_tags import find_lost_tags, lost_tags
from reconciler.plan.matching import PlanNames
from reconciler.plan.places import find_in_the_way, place_taken, specs_of_kind


def find_conflicts(
    index: PlanIndex, matched: Mapping[Address, Live[Any]], deletions: Collection[Change], names: PlanNames
) -> Iterator[Conflict]:
    """Yield all conflicts of a plan except cycles, each foreign resource once.

    `matched` are the live resources that desired ones match, and `names` the plan names of their ids.
    """
    yield from _same_physical_name(index.specs)
    yield from _refers_to_nothing(index)
    lost = list(find_lost_tags(index, names))
    yield from (lost_tags(index, found) for found in lost)
    missing = index.desired.keys() - matched.keys()
    in_the_way = {live.spec.address for live in find_in_the_way(index, matched, names)}
    taken = _names_taken(index, missing | in_the_way, {found.live.key for found in lost})
    for owner, resources in taken.items():
        if owner and len(resources) > NAMED_AT_MOST:
            yield _names_taken_by_stack(owner, resources)
        else:
            yield from (_name_taken(index, live, names) for live in resources)
    reported = {found.live.key for found in lost} | {
        live.key for resources in taken.values() for live in resources
    }
    for live, needs in foreign_dependents(index, deletions):
        if live.key not in reported:
            yield foreign_dependent(index, live, needs)
    yield from blocked_deletions(deletions)


def _same_physical_name(specs: Iterable[Spec]) -> Iterator[Conflict]:
    first: dict[tuple[str, str], Spec] = {}
    for spec in specs:
        other = first.setdefault((spec.kind, spec.physical_name), spec)
        if other != spec:
            why = f"AWS would call it {spec.physical_name}, and {other.address} too"
            yield Conflict(spec.address, why, "give one of them another name")


def _refers_to_nothing(index: PlanIndex) -> Iterator[Conflict]:
    for address, dependencies in index.dependencies.items():
        for dependency in dependencies:
            if dependency not in index.desired:
                why = f"refers to {dependency}, which is not wanted"
                yield Conflict(address, why, "add that, or refer to another one")


def _names_taken(
    index: PlanIndex, missing: Collection[Address], lost: Collection[str]
) -> Mapping[str | None, list[Live[Any]]]:
    """Return the foreign resources with the addresses of missing ones, by owner, without the `lost` ones.

    If tags were lost, resources that AWS cannot tag are left out too: they have the owner of another resource.
    """
    taken: dict[str | None, list[Live[Any]]] = defaultdict(list)
    for live in index.foreign:
        follows = lost and index.kinds[live.spec.kind].tag_call is None
        if live.spec.address in missing and live.key not in lost and not follows:
            taken[live.owner].append(live)
    return taken


def _name_taken(index: PlanIndex, live: Live[Any], names: PlanNames) -> Conflict:
    want = index.desired[live.spec.address]
    if describe := index.kinds[want.kind].relations.place_taken:
        return place_taken(index, want, live, describe(want, live, specs_of_kind(index, want.kind, names)))
    why = f"{live.outputs['id']} already has the name that it would get, and {describe_owner(live)}"
    remedy = "choose another `suffix` in the file"
    if command := adopt_command(index, want, live):
        remedy += f", or, if it is to become this stack's: {command}"
    elif not live.owner:
        remedy += f", or, if nobody needs it, remove it: {remove_commands(index, live)}"
    return Conflict(want.address, why, remedy, frozenset({live.key}))


def _names_taken_by_stack(owner: str, resources: Sequence[Live[Any]]) -> Conflict:
    names = ", ".join(sorted(live.spec.name for live in resources)[:NAMED_AT_MOST])
    why = f"stack {owner} has this name and {len(resources) - 1} others that this one would get: {names}, …"
    found = frozenset(live.key for live in resources)
    return Conflict(resources[0].spec.address, why, "choose another `suffix` in the file", found)
