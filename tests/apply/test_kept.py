"""What AWS answered a creation with is never deleted by the same plan."""

from dataclasses import replace
from itertools import repeat

from toys import Shelf, Slot, act, make, settle, toy

from reconciler.errors import AlreadyInUse
from reconciler.model.plan import Op


class Same(Shelf):
    """An AWS that answers a creation with the toy that is there already, as some of its creates do."""

    def _do(self, params):
        if "kind" in params and self.things:
            return {"id": next(iter(self.things))}
        return super()._do(params)


def renamed(**fields) -> tuple[Same, str]:
    """Return a shelf with one toy of ours, under a name that nobody wants."""
    shelf = Same()
    return shelf, shelf.put(toy("wrong", **fields))


def test_the_deletion_never_begins_and_the_run_fails():
    shelf, own_id = renamed()
    todo = shelf.plan(toy("right"))
    assert sorted(c.op for c in todo.changes) == [Op.CREATE, Op.DELETE]
    outcome = act(shelf, todo)
    assert list(shelf.things) == [own_id]
    assert shelf.calls == ["make_right"]
    assert isinstance(outcome.failed["toy.right"], AlreadyInUse)
    assert own_id in str(outcome.failed["toy.right"])
    assert outcome.skipped == {f"toy.wrong#{own_id}": "toy.right"}


def test_what_needs_the_creation_is_not_begun_either():
    shelf, _ = renamed()
    outcome = act(shelf, shelf.plan(toy("right"), toy("next", hub=toy("right").ref())))
    assert shelf.calls == ["make_right"]
    assert outcome.skipped["toy.next"] == "toy.right"


def test_a_deletion_that_something_waits_for_does_not_begin_either():
    """One worker makes the creation first, as the longer chain hangs on it. The deletion is due already."""
    shelf, own_id = renamed()
    todo = shelf.plan(toy("right"), toy("later"))
    by_key = {c.key: c for c in todo.changes}
    deletion = f"toy.wrong#{own_id}"
    later = replace(by_key["toy.later"], after=frozenset({deletion}))
    longer = replace(later, key="longer", after=frozenset({"toy.right"}), steps=later.steps * 2)
    todo = replace(todo, changes=(by_key["toy.right"], by_key[deletion], later, longer))
    outcome = act(shelf, todo, workers=1)
    assert shelf.calls == ["make_right"]
    assert outcome.skipped == dict.fromkeys((deletion, "toy.later", "longer"), "toy.right")


def test_what_is_gone_already_may_be_made_again_under_its_id():
    """As an ECS service, whose id is its name."""
    shelf = Shelf(_ids=repeat(1))
    shelf.put(make(Slot, "old", place=7))
    assert settle(shelf, make(Slot, "new", place=7)) == ["delete slot.old", "create slot.new"]
    assert shelf.names() == {"slot.new": 1}


def test_what_only_changes_may_be_answered_with():
    shelf = Same()
    shelf.put(toy("kept"))
    todo = shelf.plan(toy("kept", size=1), toy("new"))
    assert [c.op for c in todo.changes] == [Op.UPDATE, Op.CREATE]
    assert not act(shelf, todo).failed
