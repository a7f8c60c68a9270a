"""Find the differences of a resource's fields, down to single values."""

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from reconciler.model.plan import FieldDiff
from reconciler.model.references import Address, Json, Ref
from reconciler.model.steps import Outputs
from reconciler.render.redaction import mark_changed, redact_field
from reconciler.render.values import format_value

Ids = Mapping[Address, Outputs]


class Missing(enum.Enum):
    """The value of a key or an item that one side does not have."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True)
class Difference:
    """One value that differs, or one item that only one side has."""

    path: str  # field and keys, joined by dots
    live: Any
    want: Any
    item: bool = False  # an item of a set or list: one side is `MISSING`


def find_differences(
    fields: Iterable[FieldDiff], ids: Ids, *, show_values: bool = False
) -> Iterator[Difference]:
    """Yield each single value that differs. Secrets in it are `Hidden`, unless `show_values` shows them.

    `ids` are the ids that the plan leaves unchanged. They replace plan names in the desired values, to show the
    digest of an image or the revision of a service.
    """
    for f in fields:
        live, want = (v if show_values else redact_field(f.field, v) for v in (f.live, f.want))
        yield from _compare(f.field, live, want, ids)


def _compare(path: str, live: Any, want: Any, ids: Ids) -> Iterator[Difference]:
    match live, want:
        case Json(), Json():
            yield from _compare(path, live.value, want.value, ids)
        case (BaseModel(), BaseModel()) | (Mapping(), Mapping()):
            old, new = dict(live), dict(want)
            for key in sorted({*old, *new}, key=str):
                yield from _compare(f"{path}.{key}", old.get(key, MISSING), new.get(key, MISSING), ids)
        case frozenset(), frozenset():
            yield from _compare_items(path, live - want, want - live, ids)
        case list(), list():
            yield from _compare_lists(path, live, want, ids)
        case Ref(by_id=True), Ref(by_id=False) if value := ids.get(want.address, {}).get(want.attr):
            yield Difference(path, live, Ref(want.kind, value, want.attr, by_id=True))
        case _ if live != want:
            yield Difference(path, live, mark_changed(live, want))


def _compare_lists(path: str, live: list[Any], want: list[Any], ids: Ids) -> Iterator[Difference]:
    if _match_by_title(old := _index_by_title(live), new := _index_by_title(want)):
        yield from _compare_widgets(path, old, new, ids)
    elif len(live) == len(want):
        for i, (one, other) in enumerate(zip(live, want, strict=True)):
            yield from _compare(f"{path}.{i}", one, other, ids)
    else:
        removed, new_items = [v for v in live if v not in want], [v for v in want if v not in live]
        yield from _compare_items(path, removed, new_items, ids)


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
    path: str, live: Mapping[str, Any], want: Mapping[str, Any], ids: Ids
) -> Iterator[Difference]:
    """Yield the differences of widgets. If some are added or removed, the places of the others are left out."""
    yield from _compare_items(path, live.keys() - want.keys(), want.keys() - live.keys(), ids)
    places = ("x", "y") if live.keys() != want.keys() else ()
    for title in (t for t in want if t in live):
        old, new = ({k: v for k, v in w[title].items() if k not in places} for w in (live, want))
        yield from _compare(f"{path}.{title}", old, new, ids)


def _compare_items(path: str, removed: Collection[Any], new: Collection[Any], ids: Ids) -> Iterator[Difference]:
    if path == "images" and len(removed) == len(new) == 1:
        (live,), (want,) = removed, new
        yield _compare_digests(live, want, ids)
        return
    for item in sorted(removed, key=format_value):
        yield Difference(path, item, MISSING, item=True)
    for item in sorted(new, key=format_value):
        yield Difference(path, MISSING, item, item=True)


def _compare_digests(live: Ref, want: Ref, ids: Ids) -> Difference:
    """Return the difference between the digest that runs and the one that the tag has now."""
    now = ids.get(want.address, {}).get("id")
    return Difference(f"image {want.name.rpartition(':')[2]}", live.name, now)
