"""Index the desired and the live resources, and their dependents, once for the whole comparison."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.model.references import Address, Ref, refs, substitute, walk
from reconciler.model.spec import Live, Spec, parts
from reconciler.model.tags import service
from reconciler.plan.matching import plan_names
from reconciler.resources.kind import Kinds


@dataclass(frozen=True)
class PlanIndex:
    """The desired and the live resources, by address and by reference."""

    kinds: Kinds
    specs: Sequence[Spec]  # the desired ones in order, also where two have one address
    desired: Mapping[Address, Spec]
    in_file: Mapping[Address, Spec]  # the desired ones, and what the file asks for
    dependencies: Mapping[Address, Sequence[Address]]  # of each desired resource
    ours: Sequence[Live[Any]]
    foreign: Sequence[Live[Any]]  # of other stacks, or of no stack
    ours_at: Mapping[Address, Sequence[Live[Any]]]
    dependents: Mapping[Ref, Sequence[Live[Any]]]  # Ref by id -> those of ours that hold it
    services: Mapping[str, str | None]  # key of each of ours -> the service of the platform that it belongs to
    region: str  # of commands that a person may copy; empty: that of the person's shell
    recurring_ids: Mapping[Ref, Ref]  # an id that a missing resource will have again -> the Ref by plan name


def build_index(
    kinds: Kinds,
    desired: Iterable[Spec],
    live: Sequence[Live[Any]],
    stack: str,
    file: Iterable[Spec],
    region: str = "",
) -> PlanIndex:
    """Index the desired and the live resources. See `plan` for the parameters."""
    ours = [resource for resource in live if resource.owner == stack]
    specs = list(_by_plan_name(kinds, [part for spec in desired for part in spec.parts()], ours))
    by_address = {spec.address: spec for spec in specs}
    ours_at, dependents = defaultdict(list), defaultdict(list)
    for resource in ours:
        ours_at[resource.spec.address].append(resource)
        for ref in walk(resource.spec):
            dependents[ref].append(resource)
    in_file = parts(file) | by_address
    return PlanIndex(
        kinds=kinds,
        specs=specs,
        desired=by_address,
        in_file=in_file,
        dependencies={a: sorted({ref.address for ref in refs(spec)}) for a, spec in by_address.items()},
        ours=ours,
        foreign=[x for x in live if x.owner != stack and not kinds[x.spec.kind].relations.awaited],
        ours_at=dict(ours_at),
        dependents=dict(dependents),
        region=region,
        services=_services(kinds, ours, in_file),
        recurring_ids=dict(_recurring_ids(kinds, dependents, by_address.keys() - ours_at.keys())),
    )


def _services(
    kinds: Kinds, ours: Sequence[Live[Any]], in_file: Mapping[Address, Spec]
) -> dict[str, str | None]:
    """Map each of ours to its service: by the file, by its tag or, if AWS cannot tag it, by its parents."""
    own = {live.key: service(in_file.get(live.spec.address, live.spec)) or service(live.spec) for live in ours}
    keys = {ref: live.key for live in ours for ref in live.own_refs}
    parents: dict[str, set[str]] = {
        live.key: {keys[ref] for ref in walk(kinds[live.spec.kind].parents(live.spec)) if ref in keys}
        for live in ours
        if own[live.key] is None and kinds[live.spec.kind].tag_call is None
    }

    def find(key: str, heirs: frozenset[str] = frozenset()) -> str | None:
        ancestors = parents.get(key, set()) - heirs
        return own[key] or _inherited(find(parent, heirs | {key}) for parent in ancestors)

    return {key: find(key) for key in own}


def _inherited(services: Iterable[str | None]) -> str | None:
    """Return the only service among those of the parents; None if there are none or several."""
    found = {name for name in services if name}
    return found.pop() if len(found) == 1 else None


def _recurring_ids(
    kinds: Kinds, held: Iterable[Ref], missing: Collection[Address]
) -> Iterator[tuple[Ref, Ref]]:
    """Yield each id that ours hold and that a missing resource will get again, with the Ref by plan name."""
    for ref in held:
        keeps_ids = kinds[ref.kind].relations.keeps_ids if ref.kind in kinds else None
        name = keeps_ids(ref) if keeps_ids else None
        if name is not None and Address(ref.kind, name) in missing:
            yield ref, Ref(ref.kind, name, ref.attr)


def _by_plan_name(kinds: Kinds, specs: Sequence[Spec], ours: Iterable[Live[Any]]) -> Iterator[Spec]:
    """Yield the specs, with the AWS ids of desired resources replaced by plan names.

    The id of a revision is kept: it means that revision, and not the newest one.
    """
    desired = {spec.address for spec in specs}
    names: dict[Ref, Ref] = {}
    for live in ours:
        if live.spec.address in desired and not kinds[live.spec.kind].relations.revisioned:
            names |= plan_names(live.spec.address, live.outputs)
    for spec in specs:
        holds_one = any(ref in names for ref in walk(spec))
        yield substitute(spec, lambda ref: names.get(ref, ref)) if holds_one else spec
