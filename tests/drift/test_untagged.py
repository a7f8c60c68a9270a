"""What has lost this stack's tags is neither missing nor replaced: its tags differ, and it is held."""

from dataclasses import replace
from typing import Any

from toys import KINDS, Shelf, Slot, make, toy

from reconciler.drift.beside import hold
from reconciler.drift.differences import find_differences, match
from reconciler.drift.untagged import find_heirs, find_not_compared, find_untagged
from reconciler.model.drift import Difference, Finding, Severity
from reconciler.model.references import Address, Ref
from reconciler.resources.kind import Relations


def without_tags(shelf: Shelf, spec: Any) -> str:
    return shelf.put(spec.model_copy(update={"tags": {}}), owner=None)


def test_its_tags_differ_and_the_command_that_restores_them_stands_beside_it():
    shelf = Shelf()
    hub = without_tags(shelf, toy("hub"))
    shelf.put(toy("ship", hub=Ref("toy", hub, by_id=True)))
    todo = shelf.plan(toy("hub"), toy("ship", hub=Ref("toy", "hub")))
    found = [*find_differences(KINDS, todo, match(todo, shelf.things.values()))]
    differences, _ = hold([d for d in found if isinstance(d, Difference)], todo.conflicts)
    assert [(d.key, d.finding, d.severity) for d in differences] == [
        ("toy.hub.tags.ecs-reconciler:name", Finding.CHANGED, Severity.TAGS),
        ("toy.hub.tags.ecs-reconciler:stack", Finding.CHANGED, Severity.TAGS),
    ]
    assert "restore them: aws ec2 create-tags" in differences[0].held
    assert [n.what for n in find_not_compared(KINDS, todo)] == ["toy.hub"]


def test_what_stands_in_the_way_of_one_that_is_there_is_not_taken_for_it():
    shelf = Shelf()
    without_tags(shelf, toy("hub"))
    todo = shelf.plan(toy("hub"))
    assert find_untagged(todo)
    assert not find_untagged(replace(todo, ids={Address("toy", "hub"): "toy-009"}))


def test_what_aws_cannot_tag_went_with_what_it_is_in_and_what_it_can_tag_is_missing():
    shelf = Shelf()
    without_tags(shelf, toy("hub"))
    todo = shelf.plan(toy("hub"), make(Slot, "berth", on=Ref("toy", "hub")))
    taggable = replace(KINDS["slot"], relations=Relations(parents=lambda slot: slot.on))
    untaggable = replace(taggable, tagging=None)
    for kind, heirs in ((taggable, set()), (untaggable, {"berth"})):
        found = find_heirs({**KINDS, "slot": kind}, todo, find_untagged(todo))
        assert {address.name for address in found} == heirs


def test_what_refers_to_it_by_an_immutable_field_does_not_differ():
    shelf = Shelf()
    hub = without_tags(shelf, toy("hub"))
    shelf.put(make(Slot, "berth", on=Ref("toy", hub, by_id=True)))
    todo = shelf.plan(toy("hub"), make(Slot, "berth", on=Ref("toy", "hub")))
    assert any(change.replaces for change in todo.changes)
    found = [*find_differences(KINDS, todo, match(todo, shelf.things.values()))]
    assert {d.address.name for d in found if isinstance(d, Difference)} == {"hub"}
