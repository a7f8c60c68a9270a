"""What a desired spec leaves open is not compared."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import pytest

from reconciler.model.spec import DECLARED, DROPS_EMPTY, EACH, Declared, Part, Spec
from reconciler.plan.declared import only_declared


class Rule(Part):
    port: int
    note: Annotated[str | None, DECLARED] = None


class Door(Spec):
    kind: ClassVar[str] = "door"
    options: Annotated[Mapping[str, str], DECLARED] = {}
    ways: Annotated[Mapping[str, str], Declared(also=lambda value: value.startswith("out"))] = {}
    rules: Annotated[frozenset[Rule], DECLARED] = frozenset()
    main: Annotated[Rule, DECLARED] = Rule(port=1)
    each: Annotated[Mapping[str, Rule], EACH] = {}
    env: Annotated[Mapping[str, str], DROPS_EMPTY] = {}
    size: int = 1


def reduced(want: Door, live: Door) -> Door:
    return only_declared(want, live)


@pytest.mark.parametrize(
    ("want", "live", "expected"),
    [
        ({"options": {"a": "1"}}, {"options": {"a": "2", "b": "3"}}, {"options": {"a": "2"}}),
        ({}, {"ways": {"x": "in", "y": "out-1"}}, {"ways": {"y": "out-1"}}),
        ({"rules": {Rule(port=1)}}, {"rules": {Rule(port=1, note="x")}}, {"rules": {Rule(port=1)}}),
        (
            {"rules": {Rule(port=1, note="y")}},
            {"rules": {Rule(port=1, note="x")}},
            {"rules": {Rule(port=1, note="x")}},
        ),
        ({"rules": set()}, {"rules": {Rule(port=1, note="x")}}, {"rules": {Rule(port=1, note="x")}}),
        ({"main": Rule(port=1)}, {"main": Rule(port=2, note="x")}, {"main": Rule(port=2)}),
        (
            {"each": {"a": Rule(port=1)}},
            {"each": {"a": Rule(port=2, note="x"), "b": Rule(port=3, note="y")}},
            {"each": {"a": Rule(port=2), "b": Rule(port=3, note="y")}},
        ),
        ({"size": 2}, {"size": 1}, {"size": 1}),
    ],
)
def test_only_what_is_declared_is_left(want, live, expected):
    assert reduced(Door(name="it", **want), Door(name="it", **live)) == Door(name="it", **expected)


@pytest.mark.parametrize(
    ("want", "live", "equal"),
    [
        ({"A": "1", "B": ""}, {"A": "1"}, True),  # AWS dropped it
        ({"A": "1", "B": ""}, {"A": "1", "B": ""}, True),  # or kept it
        ({"A": "1"}, {"A": "1", "B": ""}, False),  # taken out of the file, where AWS keeps it
        ({"A": "1", "B": "", "C": ""}, {"A": "1", "B": ""}, False),  # C is new, where AWS keeps such
        ({"A": "1", "B": ""}, {"A": "1", "B": "2"}, False),
        ({"A": "2", "B": ""}, {"A": "1"}, False),
    ],
)
def test_an_empty_value_that_aws_may_have_dropped_is_no_diff(want, live, equal):
    wanted = Door(name="it", env=want)
    assert (reduced(wanted, Door(name="it", env=live)) == wanted) is equal
