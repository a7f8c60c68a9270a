"""What a value of the file is for, by the types of the models."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from desired_state.part import Part, ShortForm


@dataclass(frozen=True)
class Place:
    """A place in the file: the type of its value, and the short form that the file may have instead of it."""

    type: Any
    form: str | None = None  # the name of a ShortForm


def find_place(annotation: Any, marks: tuple[Any, ...] = ()) -> Place:
    """Return the place of a value with this annotation and these marks. Of a union, the first type counts."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return find_place(inner, (*more, *marks))
    if get_origin(annotation) in {Union, UnionType}:
        place = find_place(get_args(annotation)[0])
    else:
        place = Place(annotation)
    own = [mark.name for mark in marks if isinstance(mark, ShortForm)]
    return replace(place, form=own[-1]) if own else place


def find_place_below(place: Place, key: str | int) -> Place | None:
    """Return the place at a key or index of a value; None if the models have none there."""
    origin, args = get_origin(place.type), get_args(place.type)
    if isinstance(key, int):
        return find_place(args[0]) if origin in {tuple, frozenset} else None
    if origin is Mapping:
        return find_place(args[1])
    if not (isinstance(place.type, type) and issubclass(place.type, Part)):
        return None
    fields = {field.alias or name: field for name, field in place.type.model_fields.items()}
    if field := fields.get(key):
        return find_place(field.annotation, tuple(field.metadata))
    further = place.type.further_keys.get(key)
    return further and find_place(further)
