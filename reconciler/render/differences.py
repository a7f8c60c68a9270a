"""What differs in a resource, leaf by leaf."""

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from reconciler.model.plan import FieldDiff
from reconciler.model.references import Address, Json, Ref
from reconciler.model.steps import Outputs
from reconciler.render.redaction import redacted, variable
from reconciler.render.values import format_value

Ids = Mapping[Address, Outputs]


class Nothing(enum.Enum):
    """A key or an item that one side does not have."""

    NOTHING = "nothing"


NOTHING: Final = Nothing.NOTHING


@dataclass(frozen=True)
class Difference:
    """A leaf, or an item of a set, which only one of the sides has. Without what looks like a secret."""

    path: str
    live: Any
    want: Any
    item: bool = False


def differences(fields: Iterable[FieldDiff], ids: Ids) -> Iterator[Difference]:
    """Every leaf that differs. `ids`, of what stays as it is: an image's digest, the revision that a service gets."""
    for f in fields:
        yield from _leaves(f.field, f.live, f.want, ids)


def _leaves(path: str, live: Any, want: Any, ids: Ids) -> Iterator[Difference]:
    match live, want:
        case Json(), Json():
            yield from _leaves(path, live.value, want.value, ids)
        case (BaseModel(), BaseModel()) | (Mapping(), Mapping()):
            old, new = dict(live), dict(want)
            for key in sorted({*old, *new}, key=str):
                yield from _leaves(f"{path}.{key}", old.get(key, NOTHING), new.get(key, NOTHING), ids)
        case frozenset(), frozenset():
            yield from _items(path, live - want, want - live, ids)
        case list(), list():
            yield from _lists(path, live, want, ids)
        case Ref(foreign=True), Ref(foreign=False) if value := ids.get(want.address, {}).get(want.attr):
            yield Difference(path, live, Ref(want.kind, value, want.attr, foreign=True))
        case _ if live != want:
            yield Difference(path, _shown(path, live), _shown(path, want))


def _lists(path: str, live: list[Any], want: list[Any], ids: Ids) -> Iterator[Difference]:
    if _by_title(old := _titled(live), new := _titled(want)):
        yield from _widgets(path, old, new, ids)
    elif len(live) == len(want):
        for i, (one, other) in enumerate(zip(live, want, strict=True)):
            yield from _leaves(f"{path}.{i}", one, other, ids)
    else:
        yield from _items(path, [v for v in live if v not in want], [v for v in want if v not in live], ids)


def _titled(widgets: list[Any]) -> dict[str, Any]:
    """A dashboard's widgets by what a person sees on them; empty where that does not tell them apart."""
    found = {}
    for widget in widgets:
        match widget:
            case {"properties": {"title": str(title)} | {"markdown": str(title)}}:
                found[title] = widget
    return found if len(found) == len(widgets) else {}


def _by_title(live: Mapping[str, Any], want: Mapping[str, Any]) -> bool:
    """Not where nothing but their order differs."""
    return bool(live and want) and (list(live) == list(want) or live.keys() != want.keys())


def _widgets(path: str, live: Mapping[str, Any], want: Mapping[str, Any], ids: Ids) -> Iterator[Difference]:
    """Where some come or go the others change places, which is not told."""
    yield from _items(path, live.keys() - want.keys(), want.keys() - live.keys(), ids)
    places = ("x", "y") if live.keys() != want.keys() else ()
    for title in (t for t in want if t in live):
        old, new = ({k: v for k, v in w[title].items() if k not in places} for w in (live, want))
        yield from _leaves(f"{path}.{title}", old, new, ids)


def _items(path: str, gone: Collection[Any], new: Collection[Any], ids: Ids) -> Iterator[Difference]:
    if path == "images" and len(gone) == len(new) == 1:
        (live,), (want,) = gone, new
        yield _digest(live, want, ids)
        return
    for item in sorted(gone, key=format_value):
        yield Difference(path, _shown(path, item), NOTHING, item=True)
    for item in sorted(new, key=format_value):
        yield Difference(path, NOTHING, _shown(path, item), item=True)


def _digest(live: Ref, want: Ref, ids: Ids) -> Difference:
    """What runs, and what its tag means by now."""
    now = ids.get(want.address, {}).get("id")
    return Difference(f"image {want.name.rpartition(':')[2]}", live.name, now)


def _shown(path: str, value: Any) -> Any:
    _, inside, name = path.rpartition(".environment.")
    return variable(name, value) if inside else redacted(value)
