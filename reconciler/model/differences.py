"""Compare two values of a field, down to single keys and items."""

import enum
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from reconciler.model.references import Json, Ref, fingerprint


class Missing(enum.Enum):
    """The value of a key or an item that one side does not have."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

Where = tuple[Any, ...]  # a field, and the keys below it
Order = Callable[[Any], Any]  # returns a sort key of an item


@dataclass(frozen=True)
class ValueDiff:
    """One value that differs, or one item that only one side has."""

    where: Where  # the field, and the keys below it; of an item of a set or list, the item at the end
    live: Any
    want: Any
    item: bool = False  # an item of a set or list: one side is `MISSING`

    @property
    def field(self) -> str:
        """The field of the spec in which it is."""
        return str(self.where[0])

    @property
    def path(self) -> str:
        """The field and the keys, joined by dots. An item is named as a key is: it tells items apart."""
        return ".".join(map(name_of, self.where))


def name_of(key: Any) -> str:
    """Return the name of a key or an item in a path; a fingerprint of one that has no short text."""
    match key:
        case str() | int():
            return str(key)
        case Ref():
            return key.name
        case BaseModel() if type(key).__str__ is not BaseModel.__str__:  # it defines its own text
            return str(key)
    return fingerprint(key)


def compare(where: Where, live: Any, want: Any, order: Order = str) -> Iterator[ValueDiff]:
    """Yield each single value that differs, and the items that only one side has, sorted by `order`."""
    match live, want:
        case Json(), Json():
            yield from compare(where, live.value, want.value, order)
        case (BaseModel(), BaseModel()) if type(live) is not type(want):  # such as a redirect, and a response
            yield ValueDiff(where, live, want)
        case (BaseModel(), BaseModel()) | (Mapping(), Mapping()):
            old, new = dict(live), dict(want)
            for key in sorted({*old, *new}, key=str):
                yield from compare((*where, key), old.get(key, MISSING), new.get(key, MISSING), order)
        case frozenset(), frozenset():
            yield from _compare_items(where, live - want, want - live, order)
        case list(), list():
            yield from _compare_lists(where, live, want, order)
        case _ if live != want:
            yield ValueDiff(where, live, want)


def _compare_lists(where: Where, live: list[Any], want: list[Any], order: Order) -> Iterator[ValueDiff]:
    if _match_by_title(old := _index_by_title(live), new := _index_by_title(want)):
        yield from _compare_widgets(where, old, new, order)
    elif len(live) == len(want):
        for i, (one, other) in enumerate(zip(live, want, strict=True)):
            yield from compare((*where, i), one, other, order)
    else:
        removed, new_items = [v for v in live if v not in want], [v for v in want if v not in live]
        yield from _compare_items(where, removed, new_items, order)


def _index_by_title(widgets: list[Any]) -> dict[str, Any]:
    """Return a dashboard's widgets by title or text; nothing if these are missing or not unique."""
    found = {}
    for widget in widgets:
        match widget:
            case {"properties": {"title": str(title)} | {"markdown": str(title)}}:
                found[title] = widget
    return found if len(found) == len(widgets) else {}


def _match_by_title(live: Mapping[str, Any], want: Mapping[str, Any]) -> bool:
    """Tell whether the difference can be shown by title: not if only the order of the widgets differs."""
    return bool(live and want) and (list(live) == list(want) or live.keys() != want.keys())


def _compare_widgets(
    where: Where, live: Mapping[str, Any], want: Mapping[str, Any], order: Order
) -> Iterator[ValueDiff]:
    """Yield the differences of widgets. If some are added or removed, the places of the others are left out."""
    yield from _compare_items(where, live.keys() - want.keys(), want.keys() - live.keys(), order)
    places = ("x", "y") if live.keys() != want.keys() else ()
    for title in (t for t in want if t in live):
        old, new = ({k: v for k, v in w[title].items() if k not in places} for w in (live, want))
        yield from compare((*where, title), old, new, order)


def _compare_items(
    where: Where, removed: Collection[Any], new: Collection[Any], order: Order
) -> Iterator[ValueDiff]:
    for item in sorted(removed, key=order):
        yield ValueDiff((*where, item), item, MISSING, item=True)
    for item in sorted(new, key=order):
        yield ValueDiff((*where, item), MISSING, item, item=True)
