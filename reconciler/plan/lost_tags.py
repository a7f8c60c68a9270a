"""Find resources of ours that have lost their tags: a plan would create a second one of each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.model.plan import Conflict
from reconciler.model.references import Ref, walk
from reconciler.model.spec import Live, Spec
from reconciler.plan.foreign import adopt_command
from reconciler.plan.index import PlanIndex
from reconciler.plan.matching import PlanNames
from reconciler.plan.places import is_other_in_place


@dataclass(frozen=True)
class LostTags:
    """A resource without an owner that is probably a missing one of ours."""

    want: Spec  # the missing one
    live: Live[Any]
    related: Live[Any]  # one of ours that refers to it, or that it refers to


def find_lost_tags(index: PlanIndex, names: PlanNames) -> Iterator[LostTags]:
    """Yield the resources without an owner that seem to be ours, if one of their kind is missing.

    They seem to be ours if ours refer to them and the file does not give their ids, or if they have the name of
    a missing resource and refer to ours. What has that name by its place only must also be as desired.
    """
    missing = _missing(index)
    if not (missing and index.foreign):
        return
    given = {ref for spec in index.in_file.values() for ref in walk(spec) if ref.by_id}
    ours_by_ref = {ref: live for live in index.ours for ref in live.own_refs}
    for live in index.foreign:
        candidates = missing.get(live.spec.kind, [])
        if live.owner is not None or index.kinds[live.spec.kind].tag_call is None or not candidates:
            continue
        related = next(_dependents(index, live, given), None)
        namesake = next((spec for spec in candidates if spec.name == live.spec.name), None)
        if related is None and namesake and not is_other_in_place(index.kinds, namesake, live, names):
            ours = (ours_by_ref[ref] for ref in walk(live.spec) if ref in ours_by_ref)
            related = min(ours, key=lambda found: found.spec.address, default=None)  # the same in each run
        if related:
            want = _most_similar(candidates, live.spec)
            candidates.remove(want)
            yield LostTags(want, live, related)


def _missing(index: PlanIndex) -> Mapping[str, list[Spec]]:
    """Return the specs of the file that no live resource of ours has the address of, by kind."""
    missing: dict[str, list[Spec]] = defaultdict(list)
    for address, spec in index.in_file.items():
        if address not in index.ours_at:
            missing[address.kind].append(spec)
    return missing


def _dependents(index: PlanIndex, live: Live[Any], given: Collection[Ref]) -> Iterator[Live[Any]]:
    """Yield those of ours that refer to it by an id not given in the file, without those that others make."""
    for ref in live.own_refs:
        if ref in index.dependents and ref not in given:
            yield from (x for x in index.dependents[ref] if not index.kinds[x.spec.kind].relations.awaited)


def _most_similar(candidates: Iterable[Spec], live: Spec) -> Spec:
    """Return the candidate of the same name, or else the one with the most fields equal."""

    def similarity(want: Spec) -> tuple[bool, int]:
        equal = [getattr(want, field) == getattr(live, field) for field in type(want).model_fields]
        return want.name == live.name, sum(equal)

    return max(candidates, key=similarity)


def lost_tags(index: PlanIndex, lost: LostTags) -> Conflict:
    """Return the conflict of a resource that has lost its tags, with the command that restores them."""
    why = (
        f"{lost.live.outputs['id']} goes with {lost.related.spec.address} and does not carry this stack's tags"
    )
    remedy = f"if its tags were lost, restore them: {adopt_command(index, lost.want, lost.live)}"
    return Conflict(lost.want.address, why, remedy, frozenset({lost.live.key}))
