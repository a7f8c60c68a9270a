"""A live value that the desired resource leaves open is told if it is not AWS's default."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import pytest

from reconciler.model.aws_default import AwsDefault, AwsDefaults
from reconciler.model.spec import DECLARED, Live, Part, Spec
from reconciler.plan.not_in_file import find_not_in_file


class Pane(Part):
    side: str
    note: Annotated[str | None, DECLARED, AwsDefault("")] = None

    def __str__(self) -> str:
        return self.side


class Window(Spec):
    kind: ClassVar[str] = "window"
    lock: Annotated[str | None, AwsDefault("none", "windows.lock")] = None
    options: Annotated[
        Mapping[str, str], DECLARED, AwsDefaults({"tint": AwsDefault("0"), "heat": AwsDefault("off")})
    ] = {}
    panes: Annotated[frozenset[Pane], DECLARED] = frozenset()


@pytest.mark.parametrize(
    ("want", "live", "told"),
    [
        ({}, {"lock": "bar"}, [("lock", "bar", "none", "windows.lock")]),
        ({}, {"lock": "none"}, []),
        ({}, {}, []),  # unknown
        ({"lock": "none"}, {"lock": "bar"}, []),  # a difference
        ({}, {"options": {"tint": "1", "heat": "off", "other": "x"}}, [("options.tint", "1", "0", "")]),
        ({"options": {"tint": "0"}}, {"options": {"tint": "1"}}, []),
        (
            {"panes": {Pane(side="left"), Pane(side="right", note="mine")}},
            {"panes": {Pane(side="left", note="x"), Pane(side="right", note="y"), Pane(side="top", note="z")}},
            [("panes.left.note", "x", "", "")],
        ),
        ({"panes": {Pane(side="left")}}, {"panes": {Pane(side="left", note="")}}, []),
    ],
)
def test_only_what_is_left_open_and_known_is_told(want, live, told):
    desired, has = Window(name="it", **want), Window(name="it", **live)
    found = find_not_in_file({desired.address: desired}, {desired.address: Live(has, {"id": "i"})})
    assert [(f.field, f.live, f.default, f.key) for f in found] == told


def test_nothing_is_told_of_what_is_to_be_made():
    desired = Window(name="it")
    assert not [*find_not_in_file({desired.address: desired}, {})]
