"""Every change belongs to the service that its spec, its tag or its parents name."""

from dataclasses import replace

import pytest
from toys import KINDS, STACK, Picture, Shelf, make, toy

from reconciler.model import tags
from reconciler.plan import plan
from reconciler.resources.kind import Kind, Relations

UNTAGGED = {**KINDS, "toy": replace(KINDS["toy"], tagging=None)}


def marked(name: str, service: str, **fields):
    made = toy(name, **fields)
    return made.model_copy(update={"tags": {**made.tags, tags.SERVICE: service}})


def services(todo) -> dict[str, str | None]:
    return {str(change.address): change.service for change in todo.changes}


def test_what_is_desired_belongs_to_what_its_spec_says():
    assert services(Shelf().plan(toy("one", service="api"), toy("two"))) == {"toy.one": "api", "toy.two": None}


def test_what_has_left_the_file_belongs_to_what_its_tag_says():
    shelf = Shelf()
    shelf.put(marked("old", "api"))
    assert services(shelf.plan()) == {"toy.old": "api"}


def test_what_the_file_holds_belongs_to_what_the_file_says_whatever_its_tag():
    shelf = Shelf()
    shelf.put(marked("it", "former"))
    assert services(shelf.plan(file=[toy("it", service="api")])) == {"toy.it": "api"}


@pytest.mark.parametrize(("hubs", "service"), [(["api"], "api"), (["api", "web"], None), ([], None)])
def test_what_has_no_tag_belongs_to_what_it_refers_to(hubs, service):
    shelf = Shelf()
    ids = [shelf.put(marked(f"hub-{name}", name)) for name in hubs]
    shelf.put(toy("spoke", links=ids))
    assert services(plan(UNTAGGED, [], list(shelf.things.values()), STACK.name))["toy.spoke"] == service


def test_what_aws_tags_and_has_no_tag_belongs_to_no_service():
    shelf = Shelf()
    hub = shelf.put(marked("hub", "api"))
    shelf.put(toy("spoke", hub=hub))
    assert services(shelf.plan())["toy.spoke"] is None


def test_what_only_names_others_belongs_to_none_of_them():
    shelf = Shelf()
    hub = shelf.put(marked("hub", "api"))
    shelf.put(toy("spoke", hub=hub))
    kinds = {**KINDS, "toy": replace(KINDS["toy"], tagging=None, relations=Relations(weak_refs=True))}
    assert services(plan(kinds, [], list(shelf.things.values()), STACK.name))["toy.spoke"] is None


def test_what_nobody_can_tell_belongs_to_no_service():
    shelf = Shelf()
    shelf.put(toy("old"))
    assert services(shelf.plan()) == {"toy.old": None}


LASTING = {
    **KINDS,
    "picture": Kind(
        Picture,
        KINDS["picture"].read,
        KINDS["toy"].ensure,
        KINDS["picture"].remove,
        Relations(keeps_ids=lambda ref: ref.name.removeprefix("picture-of-")),
        tags.EC2,
    ),
}


def test_what_refers_to_a_resource_that_gets_its_id_again_is_left_as_it_is():
    shelf = Shelf()
    shelf.put(toy("it", picture="picture-of-sun"))
    sun = make(Picture, "sun")
    todo = plan(LASTING, [toy("it", picture=sun.ref()), sun], list(shelf.things.values()), STACK.name)
    assert services(todo).keys() == {"picture.sun"}


def test_an_id_of_another_name_is_another_resource():
    shelf = Shelf()
    shelf.put(toy("it", picture="picture-of-moon"))
    sun = make(Picture, "sun")
    todo = plan(LASTING, [toy("it", picture=sun.ref()), sun], list(shelf.things.values()), STACK.name)
    assert services(todo).keys() == {"toy.it", "picture.sun"}


def test_an_id_that_the_file_itself_gives_stays_an_id():
    shelf = Shelf()
    it, sun = toy("it", picture="picture-of-moon"), make(Picture, "sun")
    shelf.put(it)
    todo = plan(LASTING, [it, toy("new", picture=sun.ref()), sun], list(shelf.things.values()), STACK.name)
    assert services(todo).keys() == {"toy.new", "picture.sun"}
