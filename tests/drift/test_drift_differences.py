"""What differs, between toys and what was wished for: each single value, whole resources, and nothing twice."""

from dataclasses import replace
from typing import Any

import pytest
from toys import KINDS, Picture, Recipe, Shelf, Slot, make, toy

from reconciler.drift.differences import Compared, find_differences, find_names, match
from reconciler.drift.severity import rate
from reconciler.model.differences import MISSING, ValueDiff
from reconciler.model.drift import Difference, Finding, Remark, Severity
from reconciler.model.plan import Plan
from reconciler.model.references import Ref
from reconciler.model.spec import Live, Spec
from reconciler.render.drift_words import describe
from reconciler.resources import KINDS as RESOURCES
from reconciler.resources.drifting import DriftNotes, Severities


def found(shelf: Shelf, *desired: Spec, kinds: Any = KINDS) -> list[Difference | Remark]:
    todo = shelf.plan(*desired)
    return [*find_differences(kinds, todo, match(todo, shelf.things.values()))]


def told(shelf: Shelf, *desired: Spec) -> list[tuple[str, Finding]]:
    return [(d.key, d.finding) for d in found(shelf, *desired) if isinstance(d, Difference)]


def test_what_is_as_desired_does_not_differ():
    shelf = Shelf()
    shelf.put(toy("hub"))
    assert found(shelf, toy("hub")) == []


def test_a_field_is_told_with_both_values_and_the_ids_of_the_live_one():
    shelf = Shelf()
    shelf.put(toy("ball", size=1, service="web"))
    (only,) = found(shelf, toy("ball", size=2, service="web"))
    assert isinstance(only, Difference)
    assert (only.key, only.live, only.want, only.service) == ("toy.ball.size", 1, 2, "web")
    assert (only.severity, only.outputs) == (Severity.CONFIGURATION, {"id": "toy-001"})


def compared(kind: str, value: ValueDiff) -> Difference:
    spec = RESOURCES[kind].spec.model_construct(name="it")
    return Compared(RESOURCES[kind], spec, Live(spec, {"id": "it"}), None).difference(value)


@pytest.mark.parametrize(("kind", "field"), [("iam_role", "boundary"), ("log_group", "kms_key")])
def test_an_empty_text_that_stands_for_none_is_none(kind: str, field: str):
    gone = compared(kind, ValueDiff((field,), "", "arn:it"))
    assert (gone.live, describe(gone)) == (None, f"{field} is none, by the file arn:it")


def test_other_empty_texts_are_values():
    assert compared("iam_role", ValueDiff(("description",), "", "it")).live == ""


def test_a_deployment_that_failed_is_told_with_its_reason_and_not_as_a_wish_of_the_file():
    failed = compared("ecs_service", ValueDiff(("deployment",), "FAILED: rolled back: no tasks", "COMPLETED"))
    assert describe(failed) == "the last deployment failed: rolled back: no tasks"


def test_a_tag_is_told_by_its_key():
    shelf, want = Shelf(), toy("ball")
    shelf.put(want)
    tagged = want.model_copy(update={"tags": {**want.tags, "team.of": "shop"}})
    (only,) = found(shelf, tagged)
    assert isinstance(only, Difference)
    assert (only.path, only.where, only.severity) == ("tags.team.of", ("tags", "team.of"), Severity.TAGS)


def test_each_item_of_a_set_differs_by_itself():
    shelf = Shelf()
    ids = {name: shelf.put(toy(name)) for name in ("a", "b")}
    shelf.put(toy("hub", links=frozenset({Ref("toy", ids["a"], by_id=True)})))
    links = found(shelf, toy("a"), toy("b"), toy("hub", links=frozenset({Ref("toy", "b")})))
    assert [(d.path, d.item, d.live, d.want) for d in links if isinstance(d, Difference)] == [
        ("links.a", True, Ref("toy", "a"), None),
        ("links.b", True, None, Ref("toy", "b")),
    ]


def test_what_is_missing_and_what_is_left_over_are_told_whole():
    shelf = Shelf()
    shelf.put(toy("old"))
    assert told(shelf, toy("new")) == [("toy.new", Finding.MISSING), ("toy.old#toy-001", Finding.ORPHANED)]


def test_an_immutable_field_is_one_difference_and_not_two_resources():
    shelf = Shelf()
    shelf.put(make(Slot, "berth", depth=1))
    assert told(shelf, make(Slot, "berth", depth=2)) == [("slot.berth.depth", Finding.CHANGED)]


def test_what_refers_to_something_that_is_replaced_does_not_differ_for_that():
    shelf = Shelf()
    old = shelf.put(make(Slot, "berth", depth=1))
    shelf.put(toy("ship", slot=Ref("slot", old, by_id=True)))
    wanted = (make(Slot, "berth", depth=2), toy("ship", slot=Ref("slot", "berth")))
    assert len(shelf.plan(*wanted).changes) == 3
    assert told(shelf, *wanted) == [("slot.berth.depth", Finding.CHANGED)]


def test_what_uses_the_newest_revision_does_not_differ_as_the_revision_does():
    shelf = Shelf()
    newest = shelf.put(make(Recipe, "soup", text="salt"))
    shelf.put(toy("pot", recipe=Ref("recipe", newest, by_id=True)))
    wanted = (make(Recipe, "soup", text="pepper"), toy("pot", recipe=Ref("recipe", "soup")))
    assert told(shelf, *wanted) == [("recipe.soup.text", Finding.CHANGED)]


def test_what_uses_another_revision_differs():
    shelf = Shelf()
    shelf.put(make(Recipe, "soup"))
    shelf.put(toy("pot", recipe=Ref("recipe", "recipe-000", by_id=True)))
    assert told(shelf, make(Recipe, "soup"), toy("pot", recipe=Ref("recipe", "soup"))) == [
        ("toy.pot.recipe", Finding.CHANGED)
    ]


def test_what_others_make_is_missing_too():
    assert told(Shelf(), make(Picture, "sun")) == [("picture.sun", Finding.MISSING)]


def test_a_resource_whose_changes_are_made_in_parts_is_told_once():
    shelf = Shelf()
    shelf.put(toy("ball", size=1))
    todo = shelf.plan(toy("ball", size=2))
    (change,) = todo.changes
    parts = replace(todo, changes=(change, replace(change, key="toy.ball (later)")))
    assert len([*find_differences(KINDS, parts, {})]) == 1


def test_what_passes_by_itself_is_a_remark_and_what_no_field_shows_is_drift():
    notes = DriftNotes(
        passing=lambda diff: "it grows" if diff.field == "size" else "",
        further=lambda live, _want: [ValueDiff(("weight",), live.size, 7)],
    )
    kinds = {**KINDS, "toy": replace(KINDS["toy"], drift_notes=notes)}
    shelf = Shelf()
    shelf.put(toy("ball", size=1))
    remark, further = found(shelf, toy("ball", size=2), kinds=kinds)
    assert remark == Remark("toy.ball", "it grows")
    assert isinstance(further, Difference)
    assert (further.key, further.live, further.want) == ("toy.ball.weight", 1, 7)


def test_a_judge_comes_before_the_severity_of_the_field():
    said = Severities({"size": Severity.AVAILABILITY}, judge=lambda *_: Severity.SECURITY)
    kind = replace(KINDS["toy"], severities=said)
    size = ValueDiff(("size",), 1, 2)
    assert rate(kind, toy("a"), toy("a"), size) is Severity.SECURITY
    unsure = replace(kind, severities=replace(said, judge=lambda *_: None))
    assert rate(unsure, toy("a"), toy("a"), size) is Severity.AVAILABILITY


@pytest.mark.parametrize("shelf", [Shelf()])
def test_a_plan_for_nothing_has_no_names(shelf: Shelf):
    assert find_names(Plan((), {})) == find_names(shelf.plan()) == {}


def test_keys_are_the_same_in_each_round_and_differ_from_each_other():
    shelf = Shelf()
    shelf.put(toy("twin"))
    shelf.put(toy("twin"))
    shelf.put(toy("ball", size=1, color="blue"))
    wanted = (toy("ball", size=2, color="blue"),)
    keys = [key for key, _ in told(shelf, *wanted)]
    assert len(set(keys)) == len(keys) == 3
    assert keys == [key for key, _ in told(shelf, *wanted)]


def test_a_side_that_has_no_such_key_is_none():
    shelf, want = Shelf(), toy("ball")
    shelf.put(want)
    (only,) = found(shelf, want.model_copy(update={"tags": {**want.tags, "team": "shop"}}))
    assert isinstance(only, Difference)
    assert only.live is None
    assert only.live is not MISSING
