"""What may not be read is not compared, and neither is what refers to it; the rest is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from toys import KINDS, STACK, Shelf, Slot, make, reading, toy

from reconciler.aws.reads import Reads
from reconciler.aws.tally import Tally
from reconciler.drift.differences import find_differences, match
from reconciler.drift.look import read_allowed
from reconciler.drift.unreadable import find_not_compared, mask_live, mask_spec
from reconciler.errors import ReadFailed
from reconciler.model.drift import Difference
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.plan import plan


def test_the_rest_is_compared_as_if_what_is_not_readable_were_as_desired():
    shelf = Shelf()
    berth = shelf.put(make(Slot, "berth"))
    hub = shelf.put(toy("hub"))
    links = frozenset({Ref("toy", hub, by_id=True)})
    shelf.put(toy("ship", size=1, slot=Ref("slot", berth, by_id=True), links=links))
    wanted = [
        make(Slot, "berth"),
        toy("hub"),
        toy("ship", size=2, slot=Ref("slot", "berth"), links=frozenset({Ref("toy", "hub")})),
    ]
    denied = {"slot": "AWS did not answer: AccessDenied"}
    readable = [live for live in shelf.things.values() if live.spec.kind not in denied]
    desired = [mask_spec(spec, denied) for spec in wanted if spec.kind not in denied]
    todo = plan(KINDS, desired, [mask_live(live, denied) for live in readable], STACK.name, desired)
    found = [*find_differences(KINDS, todo, match(todo, readable))]
    assert [d.key for d in found if isinstance(d, Difference)] == ["toy.ship.size"]
    assert not todo.conflicts
    assert [(n.what, n.why) for n in find_not_compared(wanted, denied)] == [
        ("slot", "AWS did not answer: AccessDenied"),
        ("toy.*.slot", "it refers to slot, which may not be read"),
    ]


def test_an_immutable_field_that_refers_to_it_replaces_nothing():
    shelf = Shelf()
    shelf.put(make(Slot, "berth", on=Ref("toy", "toy-9", by_id=True)))
    want = mask_spec(make(Slot, "berth", on=Ref("toy", "hub")), {"toy"})
    (live,) = (mask_live(live, {"toy"}) for live in shelf.things.values())
    assert not plan(KINDS, [want], [live], STACK.name, [want]).changes


def test_where_all_may_be_read_nothing_is_masked():
    spec = toy("a", hub=Ref("toy", "b"))
    assert mask_spec(spec, {}) is spec
    assert [*find_not_compared([spec], {})] == []


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "ListSlots")


def refuse(error: Exception) -> Any:
    """Return KINDS, of which slots cannot be read for this reason."""

    def read(_reads: Reads) -> Iterator[Live[Any]]:
        raise ReadFailed("AWS did not answer toys.list_slots", "toys") from error
        yield

    return {**KINDS, "slot": replace(KINDS["slot"], read=read)}


def shelf_with_a_hub() -> Any:
    shelf: Any = Shelf()
    shelf.tally = Tally()
    shelf.put(toy("hub"))
    return shelf


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])
def test_a_type_that_may_not_be_read_does_not_keep_others_from_being_read(code: str):
    with reading(shelf_with_a_hub()) as reads:
        live, denied = read_allowed(reads, refuse(refused(code)))
    assert [found.spec.name for found in live] == ["hub"]
    assert denied == {"slot": "AWS did not answer toys.list_slots"}


def test_any_other_read_that_fails_ends_the_round():
    with reading(shelf_with_a_hub()) as reads, pytest.raises(ReadFailed):
        read_allowed(reads, refuse(refused("ThrottlingException")))
