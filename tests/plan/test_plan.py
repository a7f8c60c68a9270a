import os
import subprocess
import sys

import pytest
from toys import KINDS, STACK, Picture, Recipe, Shelf, Slot, Toy, make, settle, toy
from work import AT_MOST, growth

from reconciler.model import tags
from reconciler.model.plan import Op
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.plan import plan

HUB = Ref("toy", "hub")


def after(todo):
    return {c.key.split("#")[0]: {key.split("#")[0] for key in c.after} for c in todo.changes}


def fields(todo):
    return {c.key: [f.field for f in c.fields] for c in todo.changes}


def test_what_is_needed_is_made_first():
    assert settle(Shelf(), toy("a", hub=HUB), toy("hub")) == ["create toy.hub", "create toy.a"]


def test_only_what_differs_is_changed():
    shelf = Shelf()
    settle(shelf, toy("hub"), toy("a", hub=HUB))
    todo = shelf.plan(toy("hub"), toy("a", hub=HUB, size=2))
    assert fields(todo) == {"toy.a": ["size"]}
    assert settle(shelf, toy("hub"), toy("a", hub=HUB, size=2)) == ["update toy.a"]


def test_none_is_not_managed():
    shelf = Shelf()
    settle(shelf, toy("a", size=7))
    assert not shelf.plan(toy("a", size=None)).changes


def test_what_only_aws_can_tell_is_compared_where_it_tells_it():
    unknown, known = Shelf(), Shelf()
    unknown.put(toy("a", seen=None))
    known.put(toy("a", seen=1))
    assert not unknown.plan(toy("a", seen=2)).changes
    assert fields(known.plan(toy("a", seen=2))) == {"toy.a": ["seen"]}


def test_other_peoples_tags_are_no_drift_and_ours_are_put_right():
    shelf, want = Shelf(), toy("a")
    shelf.put(want.model_copy(update={"tags": want.tags | {"owner": "bob"}}))
    assert not shelf.plan(want).changes
    more = want.model_copy(update={"tags": want.tags | {"owner": "ann", "team": "x"}})
    (change,) = shelf.plan(more).changes
    assert [(f.field, f.live, f.want) for f in change.fields] == [
        ("tags", {"owner": "bob"}, {"owner": "ann", "team": "x"})
    ]


def test_tags_of_what_cannot_be_tagged_are_not_compared():
    shelf = Shelf()
    shelf.put(Picture(name="p"))
    assert not shelf.plan(make(Picture, "p")).changes


def test_ids_are_compared_by_name_and_foreign_ids_as_they_are():
    shelf = Shelf()
    hub = shelf.put(toy("hub"))
    shelf.put(toy("a", hub=hub, links=["toy-999"]))
    assert not shelf.plan(toy("hub"), toy("a", hub=HUB, links=["toy-999"])).changes


def test_a_name_that_looks_like_an_id_is_not_taken_for_one():
    shelf = Shelf()
    first = shelf.put(toy("x"))
    second = shelf.put(toy(first))  # its name in the plan is the other one's id
    shelf.put(toy("a", hub=first))
    desired = toy("x"), toy(first)
    assert not shelf.plan(*desired, toy("a", hub=Ref("toy", "x"))).changes
    assert fields(shelf.plan(*desired, toy("a", hub=Ref("toy", first)))) == {"toy.a": ["hub"]}
    assert shelf.plan(*desired, toy("a", hub=Ref("toy", "x"))).ids[toy(first).address] == {"id": second}


def test_an_id_of_what_is_wanted_itself_means_that():
    shelf = Shelf()
    hub = shelf.put(toy("hub"))
    shelf.put(toy("a", hub=hub))
    assert not shelf.plan(toy("hub"), toy("a", hub=hub)).changes
    new = shelf.plan(toy("hub"), toy("b", hub=hub), toy("a", hub=hub))
    assert fields(new) == {"toy.b": []}
    moved = shelf.plan(toy("hub", color="blue"), toy("a", hub=hub))
    assert fields(moved)["toy.a"] == ["hub"]  # not left with the one that goes


def test_an_id_of_a_revision_means_that_one():
    shelf = Shelf()
    old = shelf.put(make(Recipe, "r", text="1"))
    shelf.put(toy("a", recipe=old))
    assert fields(shelf.plan(make(Recipe, "r", text="2"), toy("a", recipe=old))) == {"recipe.r": ["text"]}


def test_a_new_revision_moves_whoever_holds_the_old_one():
    shelf, by = Shelf(), Ref("recipe", "r")
    settle(shelf, make(Recipe, "r", text="1"), toy("a", recipe=by))
    todo = shelf.plan(make(Recipe, "r", text="2"), toy("a", recipe=by))
    assert [f"{c.op} {c.key}" for c in todo.changes] == ["update recipe.r", "update toy.a"]
    assert after(todo)["toy.a"] == {"recipe.r"}


def test_a_replacement_takes_a_name_of_its_own_and_the_old_one_goes_last():
    shelf, a = Shelf(), toy("a", hub=HUB)
    settle(shelf, toy("hub"), a)
    todo = shelf.plan(toy("hub", color="blue"), a)
    new, moved, old = todo.changes
    assert [new.op, moved.op, old.op] == [Op.CREATE, Op.UPDATE, Op.DELETE]
    assert (new.replaces, moved.replaces) == (old.key, None)
    assert [(f.field, f.live, f.want) for f in new.fields] == [("color", "red", "blue")]
    assert (moved.after, old.after) == ({new.key}, {moved.key})
    assert settle(shelf, toy("hub", color="blue"), a)


def test_an_interrupted_replacement_converges():
    shelf, a = Shelf(), toy("a", hub=HUB)
    settle(shelf, toy("hub"), a)
    shelf.put(toy("hub", color="blue"))  # made before the interruption
    assert settle(shelf, toy("hub", color="blue"), a) == ["update toy.a", "delete toy.hub"]


def test_what_cannot_coexist_leaves_first():
    shelf = Shelf()
    settle(shelf, make(Slot, "s"))
    old, new = shelf.plan(make(Slot, "s", depth=1)).changes
    assert (old.op, new.op, new.after, new.replaces) == (Op.DELETE, Op.CREATE, {old.key}, old.key)
    assert settle(shelf, make(Slot, "s", depth=1))


def test_what_cannot_coexist_leaves_first_under_another_name_too():
    shelf = Shelf()
    settle(shelf, make(Slot, "s"))
    old, new = shelf.plan(make(Slot, "renamed")).changes
    assert (old.op, new.after, new.replaces) == (Op.DELETE, {old.key}, None)


def test_surplus_goes_after_whoever_holds_it():
    shelf = Shelf()
    settle(shelf, toy("hub"), toy("a", hub=HUB), toy("b", links=[HUB]))
    assert after(shelf.plan()) == {"toy.a": set(), "toy.b": set(), "toy.hub": {"toy.a", "toy.b"}}
    assert settle(shelf) == ["delete toy.a", "delete toy.b", "delete toy.hub"]
    assert not shelf.things


def test_the_file_tells_the_order_that_no_field_shows():
    shelf, file = Shelf(), [toy("hub"), toy("a", after={HUB})]
    settle(shelf, *file)
    assert after(shelf.plan(*file[:1], file=file)) == {"toy.a": set()}
    assert after(shelf.plan(file=file))["toy.hub"] == {"toy.a"}
    assert after(shelf.plan())["toy.hub"] == set()


def test_what_the_file_tells_gives_way_to_what_is_live():
    shelf, file = Shelf(), [toy("hub", after={Ref("toy", "a")}), toy("a")]
    settle(shelf, toy("hub"), toy("a", hub=HUB))
    todo = shelf.plan(file=file)
    assert not todo.conflicts
    assert after(todo) == {"toy.a": set(), "toy.hub": {"toy.a"}}


def test_of_two_at_one_address_the_right_one_is_kept():
    shelf = Shelf()
    shelf.put(toy("hub", color="blue"))  # wrong, though lowest
    lower, used = shelf.put(toy("hub")), shelf.put(toy("hub"))
    shelf.put(toy("a", hub=used))
    todo = shelf.plan(toy("hub"), toy("a", hub=HUB))
    assert todo.ids[HUB.address] == {"id": used}
    assert sorted(c.live.outputs["id"] for c in todo.changes) == ["toy-001", lower]
    assert settle(shelf, toy("hub"), toy("a", hub=HUB)) == ["delete toy.hub", "delete toy.hub"]


def test_of_two_equal_ones_the_lowest_id_is_kept():
    shelf = Shelf()
    kept, gone = shelf.put(toy("a")), shelf.put(toy("a"))
    todo = shelf.plan(toy("a"))
    assert (todo.ids[toy("a").address]["id"], todo.changes[0].live.outputs["id"]) == (kept, gone)


def test_others_are_reported_and_left():
    shelf = Shelf()
    shelf.put(Toy(name="theirs"), owner="other/dev/x")
    shelf.put(Toy(name="nobodys"), owner=None)
    todo = shelf.plan()
    assert (todo.changes, todo.conflicts) == ((), ())
    assert [live.spec.name for live in todo.foreign] == ["theirs", "nobodys"]


def test_what_others_make_is_waited_for_only_where_it_is_needed():
    shelf, picture, a = Shelf(), make(Picture, "p"), toy("a", picture=Ref("picture", "p"))
    assert [f"{c.op} {c.key}" for c in shelf.plan(picture, a).changes] == ["await picture.p", "create toy.a"]
    assert not shelf.plan(picture).changes
    shelf.put(Picture(name="p"))
    assert [c.key for c in shelf.plan(picture, a).changes] == ["toy.a"]
    assert not shelf.plan().changes  # and it is never deleted


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("op", [Op.CREATE, Op.UPDATE, Op.DELETE])
def test_a_plan_of_twice_as_many_is_twice_the_work(op, soft):
    def toys(number, hub, size=0):
        first, more = toy("0"), ((f"{i}", {Ref("toy", f"{i // 2}")}) for i in range(1, number))
        return [first, *(toy(name, hub=hub, size=size, after=after if soft else ()) for name, after in more)]

    def prepare(number):
        old = toys(number, Ref("toy", "0"))
        alive = [Live(t, {"id": f"id-{t.name}"}, STACK.name) for t in toys(number, "id-0")]
        desired, live = {
            Op.CREATE: (old, []),
            Op.UPDATE: (toys(number, Ref("toy", "0"), 1), alive),
            Op.DELETE: ([], alive),
        }[op]
        todo = plan(KINDS, desired, live, STACK.name, file=old)
        assert {c.op for c in todo.changes} == {op}
        assert len(todo.changes) >= number - 1
        return lambda: plan(KINDS, desired, live, STACK.name, file=old)

    assert growth(prepare, 100) < AT_MOST


@pytest.mark.parametrize("cls", [Toy, Slot])
def test_a_plan_of_twice_as_many_replacements_is_twice_the_work(cls):
    def prepare(number):
        places, new = {Toy: ("size", {"color": "blue"}), Slot: ("place", {"depth": 1})}[cls]
        old = [make(cls, f"{i}", service=f"{i}", **{places: i}) for i in range(number)]
        desired = [spec.model_copy(update=new) for spec in old]
        alive = [Live(spec, {"id": f"id-{spec.name}"}, STACK.name) for spec in old]
        assert len(plan(KINDS, desired, alive, STACK.name).changes) == 2 * number
        return lambda: plan(KINDS, desired, alive, STACK.name)

    assert growth(prepare, 50) < 2.5  # each slot is compared with each, by its place alone


ORDER = """
from toys import Shelf, toy
from reconciler.model.references import Ref
from reconciler.model.references import fingerprint
hubs = [toy(f"h{i}") for i in range(9)]
todo = Shelf().plan(toy("a", links=[h.ref() for h in hubs]), *hubs)
print([c.key for c in todo.changes], fingerprint(frozenset("abc") | {Ref("toy", "x")}))
"""


def test_the_same_plan_comes_out_of_every_process():
    def printed(seed):
        env = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.check_output([sys.executable, "-c", ORDER], env=env)

    assert printed("1") == printed("2")


def test_a_want_names_its_stack():
    assert tags.owner(toy("a").tags) == STACK.name
