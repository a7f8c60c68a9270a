"""The notes of a plan about the revision that a service runs, and the one that it gets."""

from toys import Recipe, Shelf, make, toy

from reconciler.model.plan import Change, FieldDiff, Op
from reconciler.model.references import Address, Ref
from reconciler.render.differences import find_differences
from reconciler.render.plan_text import plan_text
from reconciler.render.revision_notes import explain_revision

FAMILY = Address("task_definition", "web")
ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition"


def told(runs: str, deployment: str = "COMPLETED", *, gets: str | None = "web:2") -> str:
    live = Ref("task_definition", f"{ARN}/{runs}", by_id=True)
    ids = {FAMILY: {"id": f"{ARN}/{gets}"}} if gets else {}
    definition = FieldDiff("task_definition", live, Ref("task_definition", "web"))
    fields = (definition, FieldDiff("deployment", deployment, "COMPLETED"))
    change = Change("s", Address("ecs_service", "s"), Op.UPDATE, fields, (), frozenset(), {}, "services")
    return explain_revision(change, next(find_differences(fields, ids)))


def test_a_later_revision_than_ours_is_others():
    assert told("web:3") == "deployed by others"
    assert told("other:1") == "deployed by others"


def test_of_an_earlier_one_nobody_knows_who_went_back_to_it():
    assert told("web:1") == ""


def test_a_rollback_is_told_with_its_reason():
    assert told("web:1", "FAILED: rolled back: tasks failed to start") == "rolled back: tasks failed to start"


def test_where_a_new_one_is_made_nothing_is_said_of_the_old():
    assert told("web:3", gets=None) == ""


def eating(shelf: Shelf, soup: Recipe, eats: str):
    shelf.put(toy("guest", recipe=Ref("recipe", eats, by_id=True)))
    return plan_text(shelf.plan(soup, toy("guest", recipe=soup.ref())))


def test_what_goes_back_to_what_there_is_gets_nothing_new():
    shelf, soup = Shelf(), make(Recipe, "soup", text="leek")
    shelf.put(soup)
    assert "recipe: recipe-007 → recipe-001\n" in eating(shelf, soup, "recipe-007")


def test_what_the_plan_makes_anew_is_new():
    shelf = Shelf()
    shelf.put(make(Recipe, "soup", text="leek"))
    assert "recipe: recipe-001 → soup (new)\n" in eating(shelf, make(Recipe, "soup", text="pea"), "recipe-001")
