"""Immutable fields that differ need another resource; one that AWS does not tell does not differ."""

from typing import Annotated, ClassVar

import pytest

from reconciler.model.spec import IMMUTABLE, OBSERVED, Spec
from reconciler.plan.matching import find_immutable


class Bell(Spec):
    kind: ClassVar[str] = "bell"
    tone: Annotated[str | None, IMMUTABLE] = "a"
    weight: Annotated[int | None, IMMUTABLE, OBSERVED] = 1
    paint: str = "red"


@pytest.mark.parametrize(
    ("live", "differs"),
    [
        ({}, []),
        ({"paint": "blue"}, []),
        ({"tone": "b", "weight": 2}, ["tone", "weight"]),
        ({"weight": None}, []),
        ({"tone": None}, ["tone"]),
    ],
)
def test_what_differs_and_is_told_is_found(live, differs):
    assert find_immutable(Bell(name="it"), Bell(name="it", **live)) == differs
