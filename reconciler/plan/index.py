"""What a plan is made of, indexed once: what is wanted, what lives, and who refers to whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.model.references import Address, Ref, refs, substitute, walk
from reconciler.model.spec import Live, Spec, parts
from reconciler.model.tags import service
from reconciler.plan.matching import names_of
from reconciler.resources.kind import Kinds


@dataclass(frozen=True)
class PlanIndex:
    """The two sides of a comparison."""

    kinds: Kinds
    specs: Sequence[Spec]  # wanted, one by one
    wanted: Mapping[Address, Spec]
    known: Mapping[Address, Spec]  # wanted, or in the file
    needs: Mapping[Address, Sequence[Address]]  # of each wanted one, what it refers to
    ours: Sequence[Live[Any]]
    foreign: Sequence[Live[Any]]  # of others, or nobody's
    at: Mapping[Address, Sequence[Live[Any]]]  # of ours
    users: Mapping[Ref, Sequence[Live[Any]]]  # in AWS's words -> who of ours holds it
    services: Mapping[str, str | None]  # key of each of ours -> the service of the platform that it belongs to
    lasting_names: Mapping[Ref, Ref]  # ids of what is missing and gets them again -> the same by plan name


def build_index(
    kinds: Kinds, desired: Iterable[Spec], world: Sequence[Live[Any]], stack: str, file: Iterable[Spec]
) -> PlanIndex:
    """Look at it."""
    ours = [live for live in world if live.owner == stack]
    specs = list(_by_name(kinds, [part for spec in desired for part in spec.parts()], ours))
    wanted = {spec.address: spec for spec in specs}
    at, users = defaultdict(list), defaultdict(list)
    for live in ours:
        at[live.spec.address].append(live)
        for ref in walk(live.spec):
            users[ref].append(live)
    known = parts(file) | wanted
    return PlanIndex(
        kinds=kinds,
        specs=specs,
        wanted=wanted,
        known=known,
        needs={a: sorted({ref.address for ref in refs(spec)}) for a, spec in wanted.items()},
        ours=ours,
        foreign=[live for live in world if live.owner != stack and not kinds[live.spec.kind].relations.awaited],
        at=dict(at),
        users=dict(users),
        services=_services(ours, known),
        lasting_names=dict(_lasting_names(kinds, users, wanted.keys() - at.keys())),
    )


def _services(ours: Sequence[Live[Any]], known: Mapping[Address, Spec]) -> dict[str, str | None]:
    """Return the service of each live resource: as the file or its tag says, or that of what it refers to."""
    said = {live.key: service(known.get(live.spec.address, live.spec)) or service(live.spec) for live in ours}
    handles = {ref: live.key for live in ours for ref in live.handles}
    parents = {live.key: [handles[ref] for ref in walk(live.spec) if ref in handles] for live in ours}
    return {key: own or _inherited(said[parent] for parent in parents[key]) for key, own in said.items()}


def _inherited(parents: Iterable[str | None]) -> str | None:
    """Return the one service that all parents with a service belong to."""
    found = {parent for parent in parents if parent}
    return found.pop() if len(found) == 1 else None


def _lasting_names(
    kinds: Kinds, users: Iterable[Ref], missing: Collection[Address]
) -> Iterator[tuple[Ref, Ref]]:
    """Pair each id that ours hold with the missing resource that will have it again once it is made anew."""
    for ref in users:
        keeps_ids = kinds[ref.kind].relations.keeps_ids if ref.kind in kinds else None
        name = keeps_ids(ref) if keeps_ids else None
        if name is not None and Address(ref.kind, name) in missing:
            yield ref, Ref(ref.kind, name, ref.attr)


def _by_name(kinds: Kinds, specs: Sequence[Spec], ours: Iterable[Live[Any]]) -> Iterator[Spec]:
    """The specs, with plan names for the AWS ids of what is wanted itself: one thing must not have two names.

    An id that names a revision means that one, and not the newest.
    """
    wanted = {spec.address for spec in specs}
    names: dict[Ref, Ref] = {}
    for live in ours:
        if live.spec.address in wanted and not kinds[live.spec.kind].relations.revisioned:
            names |= names_of(live.spec.address, live.outputs)
    for spec in specs:
        known = any(ref in names for ref in walk(spec))
        yield substitute(spec, lambda ref: names.get(ref, ref)) if known else spec
