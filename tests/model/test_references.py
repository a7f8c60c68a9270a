import enum

import pytest
from toys import toy

from reconciler.model.references import Json, Ref, Text, fingerprint, refs, resolve, substitute, walk
from reconciler.model.spec import Part
from reconciler.render.values import format_value

A, B, GIVEN = Ref("toy", "a"), Ref("toy", "b", "arn"), Ref("toy", "toy-1", by_id=True)
IDS = {A: "toy-7", B: "arn:b", GIVEN: "toy-1"}


class Box(Part):
    inside: frozenset[Ref] = frozenset()


class Color(enum.StrEnum):
    RED = "red"


HOLDERS = [
    A,
    [1, "x", A],
    {"k": (A,)},
    {A: None},
    Text("{}:latest", (A,)),
    Json({"Resource": [A, Text("{}/*", (A,))]}),
    Box(inside=frozenset({A})),
    toy("t", hub=A),
]


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda h: type(h).__name__)
def test_refs_are_found_and_replaced_wherever_they_are(holder):
    assert {*walk(holder)} == {A}
    changed = substitute(holder, lambda _: B)
    assert ({*walk(changed)}, type(changed)) == ({B}, type(holder))


def test_only_refs_by_name_are_refs_of_a_spec():
    assert {*refs(toy("t", hub="toy-1", links=[A], after={B}))} == {A, B}


def test_params_become_what_botocore_takes():
    params = {"Id": A, "Given": [GIVEN], "Image": Text("{}@{}", (A, B)), "Policy": Json({"b": B, "a": [1]})}
    assert resolve(params, IDS.__getitem__) == {
        "Id": "toy-7",
        "Given": ["toy-1"],
        "Image": "toy-7@arn:b",
        "Policy": '{"a": [1], "b": "arn:b"}',
    }


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{}:{x}", "toy-7:{x}"),
        ("{}:{", "toy-7:{"),
        ('{} "${REPOSITORY%%/*}" {{}}', 'toy-7 "${REPOSITORY%%/*}" {{}}'),
        ("{}:{}", "toy-7:{}"),
    ],
)
def test_braces_that_stand_for_no_ref_are_text(template, text):
    assert resolve(Text(template, (A,)), IDS.__getitem__) == text
    assert format_value(Text(template, (A,))) == text.replace("toy-7", "a")


def test_a_text_without_a_place_for_each_ref_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        resolve(Text("{}", (A, B)), IDS.__getitem__)


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (frozenset("abc"), frozenset("cba")),
        (Json({"a": 1, "b": {2}}), Json({"b": {2}, "a": 1})),
        (Color.RED, "red"),
        (Text("{}:1", (A,)), ["{}:1", A]),
        (Box(inside=frozenset({A, B})), Box(inside=frozenset({B, A}))),
    ],
)
def test_equal_values_have_one_fingerprint(one, same):
    assert fingerprint(one) == fingerprint(same)


def test_different_values_have_different_fingerprints():
    values = [
        1,
        "1",
        None,
        [1, 2],
        [2, 1],
        {"a": 1},
        {"a": "1"},
        A,
        B,
        Ref("toy", "a", by_id=True),
        ["a", "b"],
        "a,b",
    ]
    assert len({fingerprint(v) for v in values}) == len(values)


def test_a_fingerprint_never_changes():
    """Physical names contain it: another one would replace live resources."""
    value = {"vpc": A, "cidr": "10.0.0.0/16", "ports": frozenset({80, 443}), "box": Box(inside=frozenset({B}))}
    assert fingerprint(value) == "bc6b9a"
