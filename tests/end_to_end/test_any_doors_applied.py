"""Any change of load balancers and routes is made, needs nothing more, and is destroyed without a trace."""

from typing import Any

from crash.cloud import cloud, run
from crash.doors import files
from crash.inventory import compare, take_inventory
from crash.strategies import load_platform
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from support import client

from desired_state import LoadError, Platform
from reconciler.sandbox import CALM


def is_right(file: dict[str, Any]) -> bool:
    """Tell whether a file has services and no mistakes."""
    try:
        return bool(load_platform(file).services)
    except LoadError:
        return False


def platform(balancers: dict[str, Any], **services: list[dict[str, Any]]) -> dict[str, Any]:
    shared = {"platform": "shop", "environment": "any", "suffix": "any", "region": "us-east-1"}
    routed = {name: {"desired_count": 1, "routes": routes} for name, routes in services.items()}
    return {**shared, **balancers, "services": routed}


ROUTE = {"priority": 1, "paths": ["/a"]}
BESIDE = platform(
    {"load_balancers": {"inner": {"scheme": "internal"}}},
    web=[ROUTE],
    api=[{**ROUTE, "load_balancer": "inner"}, {**ROUTE, "priority": 2, "paths": ["/b"]}],
)
TURNED = platform(
    {"load_balancers": {"inner": {}, "public": {"listeners": {"extra": {"port": 81}}}}},
    web=[{**ROUTE, "load_balancer": "public"}],
    api=[{**ROUTE, "load_balancer": "public", "priority": 2, "paths": ["/b"]}],
)


@settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@example(BESIDE, TURNED)
@given(files().filter(is_right), st.one_of(files().filter(is_right), st.just(BESIDE)))
def test_any_change_of_load_balancers_and_routes_converges(first: dict[str, Any], second: dict[str, Any]):
    with cloud(CALM) as clock:
        before = take_inventory(client)
        for wanted in map(load_platform, (first, second)):
            assert run(wanted, clock).clean
            assert [change.key for change in run(wanted, clock).todo.changes] == []
        last: Platform = load_platform(second)
        assert run(last, clock, destroy=True).clean
        clock.advance(3600)
        assert not compare(take_inventory(client), before)
