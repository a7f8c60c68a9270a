"""What is wanted beside what lives: which one it is, and where the two differ. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.model import tags
from reconciler.model.plan import FieldDiff
from reconciler.model.references import Address, Ref, substitute
from reconciler.model.spec import OBSERVED, UNCOMPARED, Live, Spec
from reconciler.model.steps import Outputs, Step
from reconciler.plan.declared import only_declared
from reconciler.resources.kind import Kind

Names = Mapping[Ref, Ref]  # in AWS's words -> by plan name


def names_of(address: Address, outputs: Outputs) -> dict[Ref, Ref]:
    """Each Ref that AWS's words make to it, and the one by its name in the plan."""
    return {
        Ref(address.kind, value, attr, foreign=True): Ref(address.kind, address.name, attr)
        for attr, value in outputs.items()
    }


def named(live: Live[Any], names: Names) -> Live[Any]:
    """The same, with names in the plan instead of the ids it holds."""
    return replace(live, spec=substitute(live.spec, lambda ref: names.get(ref, ref)))


def find(want: Spec, lives: Iterable[Live[Any]], uses: Callable[[Ref], int]) -> Live[Any] | None:
    """The one that can become `want` in place: what ours uses most, then the lowest id. The rest is surplus."""

    def rank(live: Live[Any]) -> tuple[int, str]:
        return -sum(map(uses, live.handles)), live.outputs["id"]

    return min((live for live in lives if live.spec.immutable == want.immutable), key=rank, default=None)


def decide(
    kind: Kind[Any], want: Spec, live: Live[Any] | None
) -> tuple[tuple[FieldDiff, ...], tuple[Step, ...]]:
    """What differs, and the steps that make it right."""
    live = live and replace(live, spec=only_declared(want, live.spec))
    fields = diff(want, live.spec, taggable=kind.tag_call is not None) if live else ()
    return fields, tuple(kind.ensure(want, live)) if fields or not live else ()


def diff(want: Spec, live: Spec, *, taggable: bool = True) -> tuple[FieldDiff, ...]:
    """The managed fields that differ; a want of None is unmanaged, other people's tags are no difference."""
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
