"""What a plan is made of, indexed once: what is wanted, what lives, and who refers to whom."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.model.references import Address, Ref, refs, substitute, walk
from reconciler.model.spec import Live, Spec, parts
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
    return PlanIndex(
        kinds=kinds,
        specs=specs,
        wanted=wanted,
        known=parts(file) | wanted,
        needs={a: sorted({ref.address for ref in refs(spec)}) for a, spec in wanted.items()},
        ours=ours,
        foreign=[live for live in world if live.owner != stack and not kinds[live.spec.kind].awaited],
        at=dict(at),
        users=dict(users),
    )


def _by_name(kinds: Kinds, specs: Sequence[Spec], ours: Iterable[Live[Any]]) -> Iterator[Spec]:
    """The specs, with plan names for the AWS ids of what is wanted itself: one thing must not have two names.

    An id that names a revision means that one, and not the newest.
    """
    wanted = {spec.address for spec in specs}
    names: dict[Ref, Ref] = {}
    for live in ours:
        if live.spec.address in wanted and not kinds[live.spec.kind].revisioned:
            names |= names_of(live.spec.address, live.outputs)
    for spec in specs:
        known = any(ref in names for ref in walk(spec))
        yield substitute(spec, lambda ref: names.get(ref, ref)) if known else spec
