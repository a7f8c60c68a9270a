"""Match a desired resource with a live one, diff the two, and find the steps that update it. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.model import tags
from reconciler.model.plan import FieldDiff
from reconciler.model.references import Address, Ref, substitute
from reconciler.model.spec import OBSERVED, UNCOMPARED, Live, Spec
from reconciler.model.steps import Later, Outputs, Step
from reconciler.plan.declared import only_declared
from reconciler.resources.kind import Kind

PlanNames = Mapping[Ref, Ref]  # Ref by id -> Ref to the same resource by its name in the plan


def plan_names(address: Address, outputs: Outputs) -> dict[Ref, Ref]:
    """Map each Ref by id to a resource, given its outputs, to the Ref by its name in the plan."""
    return {
        Ref(address.kind, value, attr, by_id=True): Ref(address.kind, address.name, attr)
        for attr, value in outputs.items()
    }


def with_plan_names(live: Live[Any], names: PlanNames) -> Live[Any]:
    """Return the live resource with the known ids in its spec replaced by plan names."""
    return replace(live, spec=substitute(live.spec, lambda ref: names.get(ref, ref)))


def find_match(
    want: Spec, candidates: Iterable[Live[Any]], count_dependents: Callable[[Ref], int]
) -> Live[Any] | None:
    """Return the live resource that can become `want` in place; None if each differs in an immutable field.

    Of several, it is the one with the most dependents, or else with the lowest id. The others are orphans.
    """

    def rank(live: Live[Any]) -> tuple[int, str]:
        return -sum(map(count_dependents, live.own_refs)), live.outputs["id"]

    return min((live for live in candidates if not find_immutable(want, live.spec)), key=rank, default=None)


def find_immutable(want: Spec, live: Spec) -> list[str]:
    """Return the immutable fields that differ. One that AWS does not tell (see `OBSERVED`) does not differ."""
    has, fields = live.immutable, type(want).model_fields
    untold = {name for name, value in has.items() if value is None and OBSERVED in fields[name].metadata}
    return [name for name, new in want.immutable.items() if name not in untold and has[name] != new]


def required_change(
    kind: Kind[Any], want: Spec, live: Live[Any] | None
) -> tuple[tuple[FieldDiff, ...], tuple[Step | Later, ...]]:
    """Return the fields that differ, and the steps that update the live resource or create one, with marks."""
    live = live and replace(live, spec=only_declared(want, live.spec))
    fields = diff(want, live.spec, taggable=kind.tag_call is not None) if live else ()
    return fields, tuple(kind.ensure(want, live)) if fields or not live else ()


def diff(want: Spec, live: Spec, *, taggable: bool = True) -> tuple[FieldDiff, ...]:
    """Return the managed fields that differ. A desired None and other people's tags are not managed."""
    found = []
    for name, info in type(want).model_fields.items():
        new, old = getattr(want, name), getattr(live, name)
        if new is None or UNCOMPARED in info.metadata or (old is None and OBSERVED in info.metadata):
            continue
        if name == "tags":
            new = tags.missing(want, live) if taggable else {}
            old = {k: live.tags[k] for k in new if k in live.tags}
        if new != old:
            found.append(FieldDiff(name, old, new))
    return tuple(found)
