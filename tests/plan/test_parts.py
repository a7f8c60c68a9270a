"""A change is divided where a mark says so, and its later parts come after what they wait for."""

from typing import Any

from toys import STACK, Shelf, Toy, toy

from reconciler.model.plan import Change, FieldDiff, Op
from reconciler.model.references import Address
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Later, Rollout, Step, split_parts, steps_of_part
from reconciler.plan import plan
from reconciler.plan.parts import after_rollouts, change_parts
from reconciler.resources.kind import Kind, Relations

ADD, MOVE, REMOVE = (Call("toys", name, {}) for name in ("add", "move", "remove"))
SERVICE = Address("toy", "service")
MOVES, LAST = Later("moves", "moves then", rolled_out=SERVICE), Later("leaves", "leaves last", last=True)


def change(name: str, *steps: Step, later: Later | None = None, after: frozenset[str] = frozenset()) -> Change:
    key = f"toy.{name} ({later.what})" if later else f"toy.{name}"
    return Change(key, Address("toy", name), Op.UPDATE, (), steps, after, {}, want=toy(name), later=later)


def divided(*steps: Step | Later, is_new: bool = False, cost: str = "") -> list[Change]:
    live: Live[Any] | None = None if is_new else Live(toy("it", size=1), {"id": "1"})
    fields = (FieldDiff("size", 1, 2),)
    whole = Change(
        "toy.it", Address("toy", "it"), Op.UPDATE, fields, (), frozenset({"toy.hub"}), {}, None, toy("it"), live
    )
    kind = Kind(Toy, lambda _: (), lambda *_: (), lambda _: (), Relations(interrupts=lambda *_: cost))
    return list(change_parts(kind, whole, steps))


def test_steps_are_divided_at_their_marks():
    steps = (ADD, MOVES, MOVE, LAST, REMOVE)
    assert split_parts(steps) == [(None, (ADD,)), (MOVES, (MOVE,)), (LAST, (REMOVE,))]
    assert [steps_of_part(steps, what) for what in (None, "moves", "leaves", "none")] == [
        (ADD,),
        (MOVE,),
        (REMOVE,),
        (),
    ]


def test_each_part_is_a_change_after_the_one_before_it():
    first, moves, leaves = divided(ADD, MOVES, MOVE, LAST, REMOVE)
    assert [(part.key, part.steps) for part in (first, moves, leaves)] == [
        ("toy.it", (ADD,)),
        ("toy.it (moves)", (MOVE,)),
        ("toy.it (leaves)", (REMOVE,)),
    ]
    assert first.after == {"toy.hub"}
    assert moves.after == {"toy.hub", "toy.it"}
    assert leaves.after == {"toy.hub", "toy.it (moves)"}
    assert [part.takes_away for part in (first, moves, leaves)] == [False, False, True]


def test_a_part_without_steps_is_left_out():
    assert [part.key for part in divided(MOVES, MOVE, LAST)] == ["toy.it (moves)"]


def test_a_change_without_steps_is_told_all_the_same():
    assert [part.key for part in divided()] == ["toy.it"]


def test_a_part_that_only_waits_changes_nothing():
    assert [part.op for part in divided(ADD, LAST, Rollout({}))] == [Op.UPDATE, Op.AWAIT]
    assert [part.op for part in divided(Rollout({}), is_new=True)] == [Op.CREATE]


def test_only_the_first_part_tells_what_a_change_costs():
    assert [part.interrupts for part in divided(ADD, LAST, REMOVE, cost="ships wait")] == ["ships wait", ""]
    assert [part.interrupts for part in divided(LAST, REMOVE, cost="ships wait")] == ["ships wait"]


def test_a_new_resource_is_created_whole():
    (part,) = divided(ADD, is_new=True)
    assert part.op is Op.CREATE
    assert [(part.key, part.steps) for part in divided(LAST, is_new=True)] == [("toy.it", ())]


def test_a_later_part_comes_after_the_rollout_that_its_mark_names():
    rule, service = change("rule", MOVE, later=MOVES), change("service", ADD)
    found = after_rollouts({c.key: c for c in (rule, service)})
    assert found["toy.rule (moves)"].after_rollout == {"toy.service"} <= found["toy.rule (moves)"].after
    assert found["toy.service"].after_rollout == frozenset()


def test_what_takes_away_comes_after_all_that_the_rollout_takes_away():
    mark = Later("group", "", rolled_out=SERVICE, last=True)
    changes = [
        change("rule", REMOVE, later=mark),
        change("service", ADD),
        change("service", REMOVE, later=LAST),
    ]
    found = after_rollouts({c.key: c for c in changes})
    assert found["toy.rule (group)"].after_rollout == {"toy.service", "toy.service (leaves)"}


def test_a_deletion_comes_after_what_takes_the_last_reference_away():
    gone = Change("toy.old#1", Address("toy", "old"), Op.DELETE, (), (REMOVE,), frozenset({"toy.it"}), {})
    found = after_rollouts({c.key: c for c in (change("it", REMOVE, later=LAST), gone)})
    assert found["toy.old#1"].after_rollout == {"toy.it (leaves)"} <= found["toy.old#1"].after


def test_a_deletion_does_not_come_after_that_of_what_is_replaced_at_an_address():
    old, hub = (
        Change(f"toy.{name}#1", Address("toy", name), Op.DELETE, (), (REMOVE,), frozenset({after}), {})
        for name, after in (("it", "toy.hub#1"), ("hub", "toy.it"))
    )
    found = after_rollouts({c.key: c for c in (change("it", ADD), old, hub)})
    assert found["toy.hub#1"].after == {"toy.it"}  # or the two would wait for each other


def test_what_takes_away_comes_after_the_deletions_of_what_refers_to_it():
    kind = Kind(Toy, lambda _: (), lambda *_: (LAST, REMOVE), lambda _: (REMOVE,))
    lives = [Live(toy("it"), {"id": "1"}, STACK.name), Live(toy("child", hub="1"), {"id": "2"}, STACK.name)]
    child, it = plan({"toy": kind}, [toy("it", size=2)], lives, STACK.name).changes
    assert (child.op, it.key, it.after) == (Op.DELETE, "toy.it (leaves)", {child.key})


def test_a_plan_without_marks_has_one_change_a_resource():
    shelf = Shelf()
    shelf.put(toy("it", size=1))
    assert [c.key for c in shelf.plan(toy("it", size=2)).changes] == ["toy.it"]
