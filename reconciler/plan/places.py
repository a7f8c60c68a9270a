"""Find foreign resources in the places of desired ones: a priority, a port, a range of addresses."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model.plan import Conflict
from reconciler.model.references import Address
from reconciler.model.spec import Live, Spec
from reconciler.plan.foreign import describe_owner, remove_commands
from reconciler.plan.index import PlanIndex
from reconciler.plan.matching import PlanNames, diff, with_plan_names
from reconciler.resources.kind import Kinds


def find_in_the_way(
    index: PlanIndex, matched: Mapping[Address, Live[Any]], names: PlanNames
) -> Iterator[Live[Any]]:
    """Yield each foreign resource in a place to which one of ours is to be moved."""
    for live in index.foreign:
        want, relations = index.desired.get(live.spec.address), index.kinds[live.spec.kind].relations
        if want is None or want.address not in matched or not (relations.place_taken and relations.clashes):
            continue
        if relations.clashes(with_plan_names(live, names).spec, want):
            yield live


def is_other_in_place(kinds: Kinds, want: Spec, live: Live[Any], names: PlanNames) -> bool:
    """Tell whether a foreign resource, found by its place, differs from the one that is desired there."""
    found_by_place = kinds[want.kind].relations.place_taken is not None
    return found_by_place and bool(diff(want, with_plan_names(live, names).spec, taggable=False))


def specs_of_kind(index: PlanIndex, kind: str, names: PlanNames) -> Iterator[Spec]:
    """Yield all specs of a kind, desired and live, with Refs by plan name."""
    yield from (spec for spec in index.specs if spec.kind == kind)
    yield from (with_plan_names(x, names).spec for x in (*index.ours, *index.foreign) if x.spec.kind == kind)


def place_taken(index: PlanIndex, want: Spec, live: Live[Any], told: tuple[str, str]) -> Conflict:
    """Return the conflict of a foreign resource in the place of a desired one, which nobody should adopt.

    `told` is why, and a remedy, as the kind says them.
    """
    why, remedy = told
    if not live.owner:
        remedy += f"; or, if nobody needs it, remove it: {remove_commands(index, live)}"
    return Conflict(want.address, f"{why}, which {describe_owner(live)}", remedy, frozenset({live.key}))
