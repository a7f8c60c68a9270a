"""Find live values that differ from AWS's defaults where the desired resource leaves them open."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model.aws_default import AwsDefault, AwsDefaults, NotInFile
from reconciler.model.references import Address
from reconciler.model.spec import Live, Part, Spec

Found = tuple[str, Any, AwsDefault]  # the path of a field, its live value, and its mark


def find_not_in_file(
    desired: Mapping[Address, Spec], matched: Mapping[Address, Live[Any]]
) -> Iterator[NotInFile]:
    """Yield each such value of the live resources that desired ones match."""
    for address, want in desired.items():
        if live := matched.get(address):
            for path, value, default in _find(want, live.spec):
                yield NotInFile(address, path, value, default.value, default.key)


def _find(want: Part, live: Part) -> Iterator[Found]:
    for name, info in type(want).model_fields.items():
        new, old = getattr(want, name), getattr(live, name)
        for mark in info.metadata:
            if isinstance(mark, AwsDefault) and new is None:
                yield from _told(name, old, mark)
            if isinstance(mark, AwsDefaults):
                open_keys = (key for key in mark.by_key if key not in new)
                yield from (
                    found for k in open_keys for found in _told(f"{name}.{k}", old.get(k), mark.by_key[k])
                )
        if isinstance(new, frozenset):
            yield from _find_in_items(name, new, old)


def _told(path: str, live: Any, default: AwsDefault) -> Iterator[Found]:
    """Yield the value, unless it is the default or unknown."""
    if live not in (None, default.value):
        yield path, live, default


def _find_in_items(name: str, want: frozenset[Any], live: frozenset[Any]) -> Iterator[Found]:
    """Yield the values of those items that are desired but for their open fields, in order."""
    for item in sorted((item for item in live - want if isinstance(item, Part)), key=str):
        bare = item.model_copy(update=dict.fromkeys(_open_fields(item)))
        if bare in want:
            yield from ((f"{name}.{bare}.{path}", value, mark) for path, value, mark in _find(bare, item))


def _open_fields(item: Part) -> list[str]:
    fields = type(item).model_fields.items()
    return [name for name, info in fields if any(isinstance(mark, AwsDefault) for mark in info.metadata)]
