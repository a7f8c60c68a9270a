"""Reduce a live spec to what the desired one declares: the rest is not managed, and so no diff."""

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any

from reconciler.model.frozen import FrozenDict
from reconciler.model.spec import DROPS_EMPTY, Declared, P, Part


def only_declared(want: P, live: P) -> P:
    """Return the live spec or part, with its `DECLARED` fields reduced to what the desired one declares.

    Empty values that AWS may have dropped are put back.
    """
    declared = _declared_fields(type(want))
    update = {f: _value(getattr(want, f), getattr(live, f), mark) for f, mark in declared.items()}
    update |= {f: _with_dropped(getattr(want, f), getattr(live, f)) for f in _dropping_fields(type(want))}
    return live.model_copy(update=update) if update else live


@cache
def _declared_fields(part: Hashable) -> Mapping[str, Declared]:
    """Return the marked fields of a class; none if it is not a subclass of Part."""
    fields = part.model_fields if isinstance(part, type) and issubclass(part, Part) else {}
    return {f: m for f, info in fields.items() for m in info.metadata if isinstance(m, Declared)}


@cache
def _dropping_fields(part: type[Part]) -> tuple[str, ...]:
    return tuple(f for f, info in part.model_fields.items() if DROPS_EMPTY in info.metadata)


def _with_dropped(want: Mapping[str, str], live: Mapping[str, str]) -> Mapping[str, str]:
    """Return the live mapping with the desired empty values, unless it shows that AWS keeps such values."""
    keeps = "" in live.values()
    return live if keeps else FrozenDict({k: v for k, v in want.items() if not v} | dict(live))


def _value(want: Any, live: Any, mark: Declared) -> Any:
    match want, live:
        case None, _:
            return None
        case Mapping(), Mapping():
            kept = {k: v for k, v in live.items() if k in want or (mark.also and mark.also(v))}
            return FrozenDict({k: _value(want.get(k, v), v, mark) for k, v in kept.items()})
        case frozenset(), frozenset():
            return _items(want, frozenset(v for v in live if v in want or not mark.also or mark.also(v)))
        case Part(), Part():
            return only_declared(want, live)
    return live


def _items(want: frozenset[Any], live: frozenset[Any]) -> frozenset[Any]:
    """Return the live items. One that equals a desired item but for undeclared fields loses these fields."""
    fields = {f for item in want if isinstance(item, Part) for f in _declared_fields(type(item))}

    def without(item: Any) -> Any:
        return item.model_copy(update=dict.fromkeys(fields))

    undeclared = {item for item in want if fields and item == without(item)}
    return frozenset(without(item) if undeclared and without(item) in undeclared else item for item in live)
