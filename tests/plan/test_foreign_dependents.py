"""What is not ours and depends on what a plan deletes stops the plan."""

from dataclasses import replace

import pytest
from toys import KINDS, STACK, Shelf, Toy, toy

from reconciler.plan import plan
from reconciler.resources.kind import Relations

PROD = "shop/prod/x"


def planned(shelf, relations=KINDS["toy"].relations):
    kinds = {**KINDS, "toy": replace(KINDS["toy"], relations=relations)}
    return plan(kinds, (), list(shelf.things.values()), STACK.name)


def hubs(number: int) -> tuple[Shelf, list[str]]:
    shelf = Shelf()
    return shelf, [shelf.put(toy(f"hub-{i}")) for i in range(number)]


@pytest.mark.parametrize(
    ("owner", "whose", "remedy"),
    [
        (
            PROD,
            f"belongs to stack {PROD}",
            "move it away, change it so that it does without, or delete it first",
        ),
        (
            None,
            "does not carry this stack's tags",
            "move it away, change it so that it does without, or delete it first: aws toys drop-theirs --drop toy-002",
        ),
    ],
)
def test_what_would_go_along_is_named_with_its_owner(owner, whose, remedy):
    shelf, (hub,) = hubs(1)
    shelf.put(Toy(name="theirs", hub=hub), owner)
    (conflict,) = planned(shelf).conflicts
    assert str(conflict.address) == "toy.theirs"
    assert conflict.why == f"{whose} and needs toy.hub-0, which this plan would delete"
    assert conflict.remedy == remedy
    assert conflict.foreign == {"toy.theirs#toy-002"}


def test_of_many_only_the_first_are_named():
    shelf, ids = hubs(5)
    shelf.put(Toy(name="theirs", links=ids), PROD)
    (conflict,) = planned(shelf).conflicts
    assert "needs toy.hub-0, toy.hub-1, toy.hub-2 and 2 more, which" in conflict.why


@pytest.mark.parametrize("relations", [Relations(weak_refs=True), Relations(parents=lambda _toy: ())])
def test_what_aws_does_not_keep_for_it_is_no_conflict(relations):
    shelf, (hub,) = hubs(1)
    shelf.put(Toy(name="theirs", hub=hub), PROD)
    assert not planned(shelf, relations).conflicts


def test_what_depends_on_something_that_is_deleted_along_is_a_conflict_too():
    shelf, _ = hubs(1)
    shelf.put(Toy(name="theirs", hub="toy-older"), PROD)
    assert not planned(shelf).conflicts
    assert planned(shelf, Relations(also_deletes=lambda _live: ["toy-older"])).conflicts


def test_what_depends_on_what_is_kept_is_no_conflict():
    shelf, (hub,) = hubs(1)
    shelf.put(Toy(name="theirs", hub=hub), PROD)
    assert not shelf.plan(toy("hub-0")).conflicts
