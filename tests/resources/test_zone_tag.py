"""The tag that names a zone is there before any record, and until all have gone, whenever a run ends."""

from typing import Any

import pytest
from balancing import balancer, rule

from reconciler.model.spec import Live
from reconciler.model.steps import Call, Later
from reconciler.resources import KINDS
from reconciler.resources.dns_zones import ZONES

OF_BOTH = pytest.mark.parametrize("make", [balancer, rule])


def change(make: Any, before: str, after: str) -> list[Any]:
    live = Live(make(dns_zones=before), {"id": "arn"})
    return list(KINDS[live.spec.kind].ensure(make(dns_zones=after), live))


def tag(step: Any) -> str:
    assert isinstance(step, Call)
    assert step.operation == "add_tags"
    ((key, value),) = ((one["Key"], one["Value"]) for one in step.params["Tags"])
    assert key == ZONES
    return str(value)


@OF_BOTH
def test_a_new_one_has_it_from_the_first(make: Any):
    want = make(dns_zones="Z1")
    first = next(iter(KINDS[want.kind].ensure(want, None)))
    assert {"Key": ZONES, "Value": "Z1"} in first.params["Tags"]


@OF_BOTH
def test_a_zone_leaves_it_last_of_all(make: Any):
    later, narrow = change(make, "Z1", "")
    assert isinstance(later, Later)
    assert later.last
    assert tag(narrow) == ""


@OF_BOTH
def test_two_zones_are_in_it_while_records_move(make: Any):
    widen, later, narrow = change(make, "Z1", "Z2")
    assert (tag(widen), later.last, tag(narrow)) == ("Z1 Z2", True, "Z2")


@OF_BOTH
def test_a_zone_that_comes_is_in_it_first(make: Any):
    (widen,) = change(make, "", "Z1")
    assert tag(widen) == "Z1"
