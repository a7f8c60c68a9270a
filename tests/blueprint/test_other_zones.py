"""Zones of a running platform change in place: new subnets, then the services move, then the old ones go."""

import pytest
from crash import platforms
from crash.cloud import cloud, run

from desired_state import LoadError, Platform
from desired_state.network import Tier
from reconciler.render.plan_text import plan_text
from reconciler.sandbox import CALM


def in_zones(*letters: str) -> Platform:
    default = platforms.default()
    zones = tuple(f"us-east-1{letter}" for letter in letters)
    return default.model_copy(update={"network": default.network.model_copy(update={"zones": zones})})


def test_one_zone_is_exchanged_for_another_in_place():
    with cloud(CALM) as clock:
        assert run(in_zones("a", "b", "c"), clock).clean
        moved = run(in_zones("d", "c", "b"), clock)
        assert moved.clean
        assert not [c.key for c in moved.todo.changes if c.replaces]
        done = moved.outcome.done
        gone = next(key for key in done if key.startswith("subnet.subnet-public-1-crash#"))
        services = [key for key in done if key.startswith("ecs_service.")]
        assert done.index("subnet.subnet-public-4-crash") < min(map(done.index, services))
        assert max(map(done.index, services)) < done.index(gone)
        assert "it leaves a subnet: tasks there get no requests until" in plan_text(moved.todo)
        assert run(in_zones("b", "c", "d"), clock).todo.changes == ()
        assert run(in_zones("b", "c", "d"), clock, destroy=True).clean


def test_a_zone_is_exchanged_where_ranges_are_by_hand_once_there_is_one_more():
    with cloud(CALM) as clock:
        assert run(by_hand("ab", 2), clock).clean
        with pytest.raises(
            LoadError, match=r"public.ranges: has 2 ranges, and the subnet in us-east-1c is number 3"
        ):
            run(by_hand("bc", 2), clock)
        assert run(by_hand("bc", 3), clock).clean
        assert run(by_hand("bc", 3), clock).todo.changes == ()


def by_hand(letters: str, count: int) -> Platform:
    ranges = tuple(f"10.0.{number}.0/24" for number in range(count))
    placed = in_zones(*letters)
    subnets = {"public": Tier(ranges=ranges)}
    return placed.model_copy(update={"network": placed.network.model_copy(update={"subnets": subnets})})
