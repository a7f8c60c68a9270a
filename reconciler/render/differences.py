"""Find the differences of a resource's fields as they are shown: secrets hidden, names as ids."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.model.differences import MISSING, ValueDiff, compare
from reconciler.model.plan import FieldDiff
from reconciler.model.references import Address, Ref, substitute
from reconciler.model.steps import Outputs
from reconciler.render.redaction import mark_changed, redact_field
from reconciler.render.values import format_value

Ids = Mapping[Address, Outputs]
Names = Mapping[Ref, Ref]  # Ref by id -> Ref to the same resource by its name in the plan
NO_NAMES: Names = {}


@dataclass(frozen=True)
class Difference:
    """One value that differs, or one item that only one side has, as it is shown."""

    path: str  # field and keys, joined by dots
    live: Any
    want: Any
    item: bool = False  # an item of a set or list: one side is `MISSING`


def find_differences(
    fields: Iterable[FieldDiff], ids: Ids, names: Names = NO_NAMES, *, show_values: bool = False
) -> Iterator[Difference]:
    """Yield each single value that differs. Secrets in it are `Hidden`, unless `show_values` shows them.

    `ids` are the ids that the plan leaves unchanged. They replace plan names in the desired values, to show the
    digest of an image or the revision of a service. `names` are shown for ids of what leaves the file.
    """
    for f in fields:
        live, want = (v if show_values else redact_field(f.field, v) for v in (f.live, f.want))
        match [*compare((f.field,), live, want, format_value)]:
            case [ValueDiff(live=Ref() as old, item=True), ValueDiff(want=Ref() as new, item=True)] if (
                f.field == "images"
            ):
                yield _compare_digests(old, new, ids)
            case found:
                yield from (_show(diff, ids, names) for diff in found)


def _show(diff: ValueDiff, ids: Ids, names: Names) -> Difference:
    keys = diff.where[:-1] if diff.item else diff.where
    path, live = ".".join(map(str, keys)), substitute(diff.live, lambda ref: names.get(ref, ref))
    match live, diff.want:
        case Ref(by_id=True), Ref(by_id=False) as want if value := ids.get(want.address, {}).get(want.attr):
            return Difference(path, live, Ref(want.kind, value, want.attr, by_id=True))
    return Difference(path, live, mark_changed(live, diff.want), diff.item)


def _compare_digests(live: Ref, want: Ref, ids: Ids) -> Difference:
    """Return the difference between the digest that runs and the one that the tag has now."""
    now = ids.get(want.address, {}).get("id")
    return Difference(f"image {want.name.rpartition(':')[2]}", live.name, now)


__all__ = ["MISSING", "Difference", "Ids", "Names", "find_differences"]
