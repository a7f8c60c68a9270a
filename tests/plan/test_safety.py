from dataclasses import replace

import pytest
from toys import KINDS, Recipe, Shelf, make, toy

from reconciler.model.tags import PROTECT, SERVICE
from reconciler.plan.safety import Consent, objections
from reconciler.resources.kind import Relations

LOCKED = Relations(protected=lambda live: "unlock it" * (live.spec.size == 1))
BOTH = Consent(yes=True, replace=True)


def guarded(name: str, **fields):
    made = toy(name, **fields)
    return made.model_copy(update={"tags": made.tags | {PROTECT: "true"}})


def refused(todo, consent=Consent(), *, asks=False):  # noqa: B008  it is frozen
    return "\n".join(objections(KINDS, todo, consent, asks=asks))


def with_orphan():
    shelf = Shelf()
    shelf.put(toy("old"))
    return shelf.plan()


def with_replacement():
    shelf = Shelf()
    shelf.put(toy("it", color="blue"))
    return shelf.plan(toy("it", color="green"))


def test_a_creation_needs_no_consent():
    assert not refused(Shelf().plan(toy("new")))


def test_a_deletion_needs_yes_where_nobody_can_be_asked():
    assert "toy.old" in refused(with_orphan())
    assert "--yes" in refused(with_orphan())
    assert not refused(with_orphan(), Consent(yes=True))
    assert not refused(with_orphan(), asks=True)


@pytest.mark.parametrize("consent", [Consent(), Consent(yes=True)])
def test_a_replacement_is_not_covered_by_yes(consent):
    assert "allow it: --allow-replace" in refused(with_replacement(), consent, asks=True)


def test_an_allowed_replacement_needs_no_yes_for_what_it_deletes():
    assert not refused(with_replacement(), Consent(replace=True))


def test_an_update_that_interrupts_needs_the_same_consent_and_says_why():
    shelf = Shelf()
    shelf.put(toy("it", size=1))
    todo = shelf.plan(toy("it", size=2))
    changes = tuple(replace(change, interrupts="ships wait") for change in todo.changes)
    costly = replace(todo, changes=changes)
    assert refused(costly, Consent(yes=True), asks=True) == "toy.it: ships wait\n  allow it: --allow-replace"
    assert not refused(costly, Consent(replace=True))


@pytest.mark.parametrize(("count", "more"), [(5, ""), (6, " and 1 more")])
def test_of_many_the_first_five_are_named(count, more):
    shelf = Shelf()
    for n in range(count):
        shelf.put(toy(f"{n}"))
    named = ", ".join(f"toy.{n}" for n in range(5))
    assert refused(shelf.plan()).startswith(f"{named}{more} would be deleted")


def test_an_old_revision_goes_unasked():
    shelf = Shelf()
    shelf.put(make(Recipe, "soup", text="old"))
    shelf.put(make(Recipe, "soup", text="older"))
    assert not refused(shelf.plan(make(Recipe, "soup", text="new")))


def test_a_family_of_revisions_that_goes_as_a_whole_does_not_go_unasked():
    shelf = Shelf()
    shelf.put(make(Recipe, "soup", text="old"))
    assert refused(shelf.plan()).startswith("recipe.soup would be deleted")


@pytest.mark.parametrize("desired", [[], [toy("it", color="green")]], ids=["deleted", "replaced"])
def test_what_is_protected_stays_whatever_is_agreed_to(desired):
    shelf = Shelf()
    shelf.put(guarded("it", color="blue"))
    told = refused(shelf.plan(*desired), BOTH, asks=True)
    assert told.startswith("toy.it: is protected\n")
    assert (
        f'aws ec2 create-tags --resources toy-001 --tags \'[{{"Key": "{PROTECT}", "Value": "false"}}]\'' in told
    )


def test_what_is_protected_may_be_changed_in_place():
    shelf = Shelf()
    shelf.put(guarded("it", size=1))
    assert not refused(shelf.plan(guarded("it", size=2)))


def test_a_conflict_is_refused_with_its_remedy():
    shelf = Shelf()
    shelf.put(toy("it"), owner="others")
    assert "belongs to stack others" in refused(shelf.plan(toy("it")), BOTH)


@pytest.mark.parametrize("desired", [[], [toy("it", color="green")]], ids=["deleted", "replaced"])
def test_what_aws_would_refuse_to_delete_is_refused_before_anything_goes(desired):
    kinds = {**KINDS, "toy": replace(KINDS["toy"], relations=LOCKED)}
    locked, free = Shelf(), Shelf()
    locked.put(toy("it", size=1))
    free.put(toy("it", size=2))
    told = objections(kinds, locked.plan(*desired), BOTH, asks=True)
    assert told == ["toy.it: AWS would refuse to delete it\n  unlock it"]
    assert not objections(kinds, free.plan(*desired), BOTH, asks=True)


LINES = {"api": "platform.yaml:7"}.get


def of_service(name: str, service: str | None = "api", **fields):
    made = guarded(name, **fields)
    return made.model_copy(update={"tags": made.tags | {SERVICE: service}, "service": service})


def objected(todo) -> str:
    return "\n".join(objections(KINDS, todo, BOTH, asks=True, position=LINES))


def test_a_protected_service_is_named_with_its_line():
    shelf = Shelf()
    shelf.put(of_service("one"))
    shelf.put(of_service("two"))
    assert objected(shelf.plan(file=[of_service("one"), of_service("two")])) == (
        "service api: is protected: toy.one, toy.two\n"
        "  set `protect: false` for it in the file (platform.yaml:7) and apply first"
    )


def test_a_protected_service_of_which_the_file_has_a_part_is_released_in_the_file():
    shelf = Shelf()
    shelf.put(of_service("one"))
    shelf.put(of_service("two"))
    told = objected(shelf.plan(file=[of_service("one")]))
    assert told.startswith(
        "service api: is protected: toy.one, toy.two\n"
        "  set `protect: false` for it in the file (platform.yaml:7) and apply first, "
        "or, as the file has not all of it: aws ec2 create-tags --resources toy-001 "
    )


def test_a_protected_service_that_has_left_the_file_is_named_all_the_same():
    shelf = Shelf()
    shelf.put(of_service("one"))
    assert objected(shelf.plan(toy("other"))) == (
        "service api: is protected: toy.one\n"
        "  put it back into the file (platform.yaml:7) with `protect: false`, apply, and then remove it"
    )


def test_a_protected_service_whose_names_have_changed_says_how_it_is_released():
    shelf = Shelf()
    shelf.put(of_service("one-dev"))
    told = objected(shelf.plan(of_service("one-prod")))
    assert told.startswith(
        "service api: is protected: toy.one-dev\n"
        "  its names in AWS have changed: set `protect: false` for it in the file (platform.yaml:7) under the old names "
        "and apply first, or: aws ec2 create-tags --resources toy-001"
    )
