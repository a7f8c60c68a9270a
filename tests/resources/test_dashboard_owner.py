"""The text widget that names the owner of a dashboard: no list of CloudWatch shows the tags."""

from typing import Any

import pytest
from support import OURS, make

from reconciler.model.references import Json
from reconciler.resources.dashboard import Dashboard, add_owner_mark, find_owner, format_owner_mark

NAME = "ecs-services-dev"


def dashboard(*widgets: Any) -> Dashboard:
    return make(Dashboard, NAME, body=Json({"start": "-PT1H", "widgets": [*widgets]}))


def test_what_the_mark_says_can_be_read_again():
    marked = {"widgets": [{"type": "text", "properties": {"markdown": format_owner_mark("a/b/c", "board")}}]}
    assert (find_owner(marked, "board"), find_owner(marked, "board-copy")) == ("a/b/c", None)


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        {"widgets": None},
        {"widgets": "none"},
        {"widgets": [None, "x", {}, {"type": "text"}, {"type": "text", "properties": None}]},
        {"widgets": [{"type": "text", "properties": {"markdown": None}}]},
        {"widgets": [{"type": "metric", "properties": {}}]},
        {"widgets": [{"type": "text", "properties": {"markdown": "# Shop"}}]},
    ],
)
def test_without_the_mark_it_is_nobodys(content: Any):
    assert find_owner(content, NAME) is None


@pytest.mark.parametrize(
    ("widgets", "y"),
    [
        ([], 0),
        ([{"type": "metric", "y": 6, "height": 3}, {"type": "metric", "y": 6, "height": 1}], 9),
        ([{"type": "metric", "y": 2}], 8),
    ],
)
def test_the_mark_is_added_below_the_other_widgets(widgets: list[Any], y: int):
    body = add_owner_mark(dashboard(*widgets), OURS.name).body.value
    *others, mark = body["widgets"]
    assert (others, body["start"], mark["y"]) == (widgets, "-PT1H", y)
    assert find_owner(body, NAME) == OURS.name


def test_a_dashboard_that_bears_the_mark_is_given_no_other():
    marked = add_owner_mark(dashboard(), OURS.name)
    assert add_owner_mark(marked, OURS.name) == marked
