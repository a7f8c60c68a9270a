from dataclasses import replace

from toys import KINDS, STACK, Shelf, settle, toy

from reconciler.model.plan import PlanWarning
from reconciler.plan import plan

WATCHED = KINDS | {
    "toy": replace(KINDS["toy"], warn=lambda want, live: ["is worn"] if live and want.size else [])
}


def test_a_kind_warns_of_a_desired_resource_whether_it_changes_or_not():
    shelf = Shelf()
    settle(shelf, toy("a", size=1), toy("b"))
    desired = [toy("a", size=1), toy("b"), toy("new", size=1)]
    todo = plan(WATCHED, desired, list(shelf.things.values()), STACK.name)
    assert todo.warnings == (PlanWarning("is worn", desired[0].address),)
