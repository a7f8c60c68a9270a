"""Put live values into desired specs, so that no write changes what is held. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from reconciler.drift.differences import Compared
from reconciler.model.differences import MISSING, ValueDiff, compare
from reconciler.model.frozen import FrozenDict
from reconciler.model.references import Ref, substitute
from reconciler.model.spec import Spec
from reconciler.plan.declared import only_declared
from reconciler.plan.matching import diff


def carry(compared: Compared, allowed: Collection[str], ids: Mapping[Ref, Ref]) -> tuple[Spec, frozenset[str]]:
    """Return the desired spec with the live values of all that differs but for the allowed differences.

    Also return the keys of allowed differences that are carried too, as nothing writes them without the others:
    a list is one value. `ids` has the ids of resources that no desired spec has a name for.
    """
    want, entangled = compared.want, frozenset[str]()
    for field in {str(value.where[0]) for value in _find(compared, want)}:
        values = [value for value in _find(compared, compared.want) if value.where[0] == field]
        may = {v.path: compared.difference(v).key for v in values if compared.difference(v).key in allowed}
        held = [value for value in values if value.path not in may]
        carried = getattr(compared.want, field)
        for value in held:
            carried = _put(carried, value.where[1:], value.live)
        update = {field: substitute(carried, lambda ref: ids.get(ref, ref))}
        exact = compared.want.model_copy(update=update)
        if {v.path for v in _find(compared, exact) if v.where[0] == field} != may.keys():
            update = {field: substitute(getattr(compared.live.spec, field), lambda ref: ids.get(ref, ref))}
            entangled |= {*may.values()}
        want = want.model_copy(update=update) if held else want
    return want, entangled


def _find(compared: Compared, want: Spec) -> Iterator[ValueDiff]:
    """Yield the values in which a spec differs from the live one."""
    live = only_declared(want, compared.live.spec)
    for field in diff(want, live, taggable=compared.kind.tag_call is not None):
        yield from compare((field.field,), field.live, field.want)


def _put(want: Any, where: tuple[Any, ...], live: Any) -> Any:
    """Return the desired value with the live one at this place; unchanged if it has no such place."""
    if not where:
        return want if live is MISSING else live
    key, further = where[0], where[1:]
    match want:
        case frozenset() if not further:
            return want - {key} if live is MISSING else want | {live}
        case BaseModel():
            return want.model_copy(update={key: _put(getattr(want, key), further, live)})
        case Mapping() if further:
            return FrozenDict({**want, key: _put(want[key], further, live)}) if key in want else want
        case Mapping():
            rest = {k: v for k, v in want.items() if k != key}
            return FrozenDict(rest if live is MISSING else rest | {key: live})
    return want
