"""Compare what can be read with what refers to something that cannot: such references count as equal."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from reconciler.model.drift import NotCompared
from reconciler.model.references import Ref, substitute, walk
from reconciler.model.spec import UNCOMPARED, Live, Spec

UNREAD = "(not read)"  # in the place of names and ids


def mask_spec(spec: Spec, denied: Collection[str]) -> Spec:
    """Return the spec with one and the same Ref for all resources of each type that may not be read."""

    def mask(ref: Ref) -> Ref:
        return Ref(ref.kind, UNREAD, ref.attr, by_id=True) if ref.kind in denied else ref

    masked: Spec = substitute(spec, mask) if denied else spec
    return masked


def mask_live(live: Live[Any], denied: Collection[str]) -> Live[Any]:
    """Return the live resource with its spec masked in the same way."""
    return replace(live, spec=mask_spec(live.spec, denied))


def find_not_compared(desired: Iterable[Spec], denied: Mapping[str, str]) -> Iterator[NotCompared]:
    """Yield the types that may not be read, and the fields of others that refer to them."""
    for kind, words in denied.items():
        yield NotCompared(kind, words)
    found = {pair for spec in desired if spec.kind not in denied for pair in _find_fields(spec, denied)}
    for field, kind in sorted(found):
        yield NotCompared(field, f"it refers to {kind}, which may not be read")


def _find_fields(spec: Spec, denied: Collection[str]) -> Iterator[tuple[str, str]]:
    for name, info in type(spec).model_fields.items():
        if UNCOMPARED not in info.metadata:
            kinds = {ref.kind for ref in walk(getattr(spec, name))} & {*denied}
            yield from ((f"{spec.kind}.*.{name}", kind) for kind in kinds)
