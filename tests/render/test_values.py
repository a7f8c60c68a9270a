import pytest
from toys import LOOK

from reconciler.model.references import Json, Ref, Text
from reconciler.model.spec import Part
from reconciler.model.steps import Call, Rollout, Wait
from reconciler.render.values import (
    format_duration,
    format_step,
    format_value,
    indent_continuation,
    to_json_value,
)


class Port(Part):
    number: int
    peer: Ref | None = None


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            Call("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "a"}], "Name": "a b"}),
            'ec2.create_vpc CidrBlock=10.0.0.0/16 Tags=[{"Key":"a"}] Name="a b"',
        ),
        (Wait("elbv2", "load_balancer_active", {}, LOOK), "wait for elbv2 load_balancer_active"),
        (Rollout({"cluster": "c"}), "follow the deployment"),
    ],
)
def test_a_step_is_one_line(step, told):
    assert format_step(step) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Port(number=80, peer=Ref("g", "alb")), {"number": 80, "peer": "alb"}),
        (frozenset({"b", "a"}), ["a", "b"]),
        (Json({"uri": Text("{}:1", (Ref("r", "repo", "uri"),))}), {"uri": "repo:1"}),
        ({Ref("g", "alb"): (1, None)}, {"alb": [1, None]}),
    ],
)
def test_a_value_becomes_what_json_takes(value, told):
    assert to_json_value(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Text("{}:1", (Ref("r", "arn:aws:ecs:r:1:task-definition/web:3", by_id=True),)), "web:3:1"),
        ({"a": frozenset({"y", "x"})}, "{a: x, y}"),
        ((1, "two"), "[1, two]"),
        (2.5, "2.5"),
    ],
)
def test_a_value_is_one_line(value, told):
    assert format_value(value) == told


def test_a_duration_has_minutes_only_where_it_lasts_one():
    assert [format_duration(59.4), format_duration(59.6)] == ["59 s", "1 min 0 s"]


def test_further_lines_are_indented():
    assert indent_continuation("one\ntwo\nthree") == "one\n    two\n    three"
