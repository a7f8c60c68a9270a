import pytest
from toys import STACK, Picture, Shelf, Slot, Toy, act, make, settle, toy

from reconciler.errors import RunRefused
from reconciler.model import tags
from reconciler.model.references import Ref
from reconciler.model.spec import Spec

HUB = Ref("toy", "hub")


class Twin(Toy):
    """A toy that AWS always gives the same name."""

    @property
    def physical_name(self):
        return "twin"


def told(todo):
    return [(str(c.address), c.why, c.remedy) for c in todo.conflicts]


def test_two_wanted_of_one_physical_name():
    todo = Shelf().plan(make(Twin, "a"), make(Twin, "b"))
    assert told(todo) == [("toy.b", "AWS would call it twin, and toy.a too", "give one of them another name")]


def test_two_wanted_at_one_address():
    assert told(Shelf().plan(toy("a"), toy("a", size=1)))
    assert not told(Shelf().plan(toy("a"), toy("a")))


@pytest.mark.parametrize(
    ("owner", "whose"),
    [("shop/prod/x", "belongs to stack shop/prod/x"), (None, "does not carry this stack's tags")],
)
def test_a_name_that_others_have(owner, whose):
    shelf = Shelf()
    theirs = shelf.put(Toy(name="hub"), owner)
    todo = shelf.plan(toy("hub"), toy("a", hub=HUB))
    ((address, why, remedy),) = told(todo)
    assert (address, why) == ("toy.hub", f"{theirs} already has the name that it would get, and {whose}")
    assert "choose another `suffix`" in remedy
    assert f"aws ec2 create-tags --resources {theirs} --tags" in remedy
    assert STACK.name in remedy
    assert not any(theirs in str(step) for change in todo.changes for step in change.steps)


def test_many_names_of_another_stack_are_one_conflict():
    shelf, names = Shelf(), [f"n{i}" for i in range(9)]
    for name in names:
        shelf.put(Toy(name=name), "shop/prod/x")
    ((_, why, remedy),) = told(shelf.plan(*map(toy, names)))
    assert "shop/prod/x has this name and 8 others" in why
    assert "aws" not in remedy


def test_a_name_that_others_have_as_well_is_only_reported():
    shelf = Shelf()
    shelf.put(toy("hub"))
    shelf.put(Toy(name="hub"), None)
    todo = shelf.plan(toy("hub"))
    assert (todo.conflicts, len(todo.foreign)) == ((), 1)


def lost_hub() -> tuple[Shelf, list[Spec], str]:
    """Build a shelf where ours refer to a hub without tags, and so without a name."""
    shelf, file = Shelf(), [toy("hub", size=3), toy("other"), toy("a", hub=HUB)]
    settle(shelf, *file)
    (own_id,) = [i for i, live in shelf.things.items() if live.spec.name == "hub"]
    del shelf.things[own_id]
    shelf.things |= {own_id: shelf.things[shelf.put(Toy(name=own_id, size=3), None)]}
    spare = max(shelf.things)
    shelf.things[own_id] = type(shelf.things[spare])(Toy(name=own_id, size=3), {"id": own_id}, None)
    del shelf.things[spare]
    return shelf, file, own_id


@pytest.mark.parametrize("destroy", [False, True])
def test_lost_tags_stop_the_plan_and_can_be_restored(destroy):
    shelf, file, own_id = lost_hub()
    ((address, why, remedy),) = told(shelf.plan(*([] if destroy else file), file=file))
    assert (address, why) == ("toy.hub", f"{own_id} goes with toy.a and does not carry this stack's tags")
    assert f"--resources {own_id}" in remedy
    assert f'"{tags.NAME}", "Value": "hub"' in remedy


def test_what_the_file_gives_has_lost_no_tags():
    shelf = Shelf()
    given = shelf.put(Toy(name="toy-001"), None)
    shelf.put(toy("a", hub=given))
    assert not told(shelf.plan(toy("a", hub=given), toy("new")))


def test_a_stranger_beside_all_of_ours_has_lost_no_tags():
    shelf = Shelf()
    foreign = shelf.put(Toy(name="x"), None)
    shelf.put(toy("a", hub=foreign))  # linked by hand
    todo = shelf.plan(toy("a"))
    assert (told(todo), [f.field for c in todo.changes for f in c.fields]) == ([], [])


@pytest.mark.parametrize("destroy", [False, True])
def test_one_in_our_place_that_nothing_refers_to_has_lost_its_tags(destroy):
    """An internet gateway in our VPC is such a case: nothing of ours need refer to it."""
    shelf, file = Shelf(), [toy("hub"), toy("gateway", hub=HUB)]
    hub = shelf.put(toy("hub"))
    gateway = shelf.put(Toy(name="gateway", hub=hub), None)
    ((address, why, _),) = told(shelf.plan(*([] if destroy else file), file=file))
    assert (address, why) == (
        "toy.gateway",
        f"{gateway} goes with toy.hub and does not carry this stack's tags",
    )


def test_it_is_told_with_the_same_one_of_ours_in_each_run():
    """Sets have another order in each process."""
    shelf, file = Shelf(), [toy(name) for name in "cab"]
    links = [shelf.put(one) for one in file]
    shelf.put(Toy(name="user", links=links), None)
    ((_, why, _),) = told(shelf.plan(*file, toy("user", links=[one.ref() for one in file])))
    assert "goes with toy.a " in why


def test_two_that_lost_their_tags_are_told_apart():
    shelf, a, b = Shelf(), toy("a", size=1), toy("b", size=2)
    first, second = shelf.put(Toy(name="x", size=2), None), shelf.put(Toy(name="y", size=1), None)
    user = toy("user", links=[a.ref(), b.ref()])
    shelf.put(toy("user", links=[first, second]))
    found = {c.address.name: c.why.split()[0] for c in shelf.plan(a, b, user).conflicts}
    assert found == {"b": first, "a": second}


def test_what_refers_to_something_dead_is_no_conflict():
    shelf = Shelf()
    shelf.put(toy("a", hub="toy-999"))
    todo = shelf.plan(toy("hub"), toy("a", hub=HUB))
    assert (todo.conflicts, [c.key for c in todo.changes]) == ((), ["toy.hub", "toy.a"])


def test_what_has_nowhere_to_go_names_the_field_and_what_to_do():
    shelf, a = Shelf(), toy("a", slot=Ref("slot", "s"))
    settle(shelf, make(Slot, "s"), a)
    ((address, why, remedy),) = told(shelf.plan(make(Slot, "s", depth=1), a))
    assert address == "slot.s"
    assert why.startswith("cannot be replaced while it is in use:")
    assert "update toy.a" in why
    assert remedy.startswith("keep depth as it is and add a second one under another name beside it")
    assert "another `suffix` of the file does so" in remedy  # test_networks.py does


def test_what_only_follows_a_replacement_is_not_named_for_it():
    shelf, by_slot = Shelf(), {"slot": Ref("slot", "s")}
    settle(shelf, toy("base"), make(Slot, "s", on=Ref("toy", "base")), toy("a", **by_slot))
    todo = shelf.plan(toy("base", color="blue"), make(Slot, "s", on=Ref("toy", "base")), toy("a", **by_slot))
    ((address, _, remedy),) = told(todo)
    assert address == "toy.base"
    assert remedy.startswith("keep color as it is")


def test_a_reference_to_nothing():
    assert told(Shelf().plan(toy("a", hub=HUB))) == [
        ("toy.a", "refers to toy.hub, which is not wanted", "add that, or refer to another one")
    ]
    assert told(Shelf().plan(toy("a", after={HUB})))


def test_a_circle_of_wishes():
    todo = Shelf().plan(toy("hub", hub=Ref("toy", "a")), toy("a", hub=HUB))
    ((_, why, _),) = told(todo)
    assert why in {
        "cannot be made before itself: toy.a needs toy.hub needs toy.a",
        "cannot be made before itself: toy.hub needs toy.a needs toy.hub",
    }
    assert not todo.changes


def test_a_plan_with_conflicts_is_not_run():
    shelf = Shelf()
    with pytest.raises(RunRefused, match="which is not wanted"):
        act(shelf, shelf.plan(toy("a", hub=HUB)))
    assert not shelf.calls


def test_what_somebody_else_makes_may_be_anybodys():
    shelf, sun = Shelf(), make(Picture, "sun")
    shelf.put(Picture(name="sun"), owner=None)
    assert not told(shelf.plan(toy("it", picture=sun.ref()), sun))
