"""After an apply AWS may tell the former values for a moment: a plan right after it is empty all the same."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from crash.cloud import cloud, run
from crash.strategies import load_platform
from support import SMALL, Counted, client, connection
from toys import KINDS, Picture, Shelf, make, toy
from yaml import safe_load

from desired_state import Platform
from reconciler.look_again import (
    WINDOW,
    WORDS,
    differing_kinds,
    read_last_apply,
    seconds_left,
    waits_for_others,
)
from reconciler.model.lease import Applied
from reconciler.model.plan import Conflict, Plan
from reconciler.model.references import Address
from reconciler.sandbox import CALM, Clock

LAGGING = replace(CALM, name="lagging", lag=8)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
STACK = "shop/crash/us-east-1"
CHANGES: Mapping[str, Any] = {  # none of them begins a rollout, which would take longer than any lag
    "load_balancer": {"idle_timeout": 90},
    "service_defaults": {
        "routes": [{"priority": 1, "paths": ["/"]}],
        "health_check": {"path": "/up", "interval": 20},
        "deregistration_delay": 10,
        "permissions": [{"actions": ["s3:GetObject"], "resources": ["*"]}],
    },
}


def platform(*, lease: bool = True, **changes: Any) -> Platform:
    image = {"uri": "public.ecr.aws/nginx/nginx:1.27"}  # which no plan waits for
    file = safe_load(SMALL) | {"environment": "crash", "lease": lease, "services": {"web": {"image": image}}}
    routes = {"routes": [{"priority": 1, "paths": ["/"]}]}
    return load_platform(
        file
        | {
            key: {**file[key], **routes, **value} if key == "service_defaults" else {**file[key], **value}
            for key, value in ({"service_defaults": {}} | changes).items()
        }
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_right_after_an_apply_is_empty(seed: int):
    with cloud(LAGGING, seed) as clock:
        assert run(platform(), clock).clean
        clock.advance(60)
        changed = run(platform(**CHANGES), clock)
        assert changed.clean
        assert {c.address.kind for c in changed.todo.changes} >= {"load_balancer", "target_group", "iam_role"}
        before = clock.now()
        assert former_values(), "AWS tells none, and the test shows nothing"
        words: list[str] = []
        assert run(platform(**CHANGES), clock, notify=words.append).todo.changes == ()
        assert words == [WORDS]
        assert 0 < clock.now() - before < WINDOW


def former_values() -> bool:
    """Tell whether AWS still tells what the file said before."""
    elb = client("elbv2")
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    reads = [
        elb.describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"]) for _ in range(9)
    ]
    told = {
        a["Value"] for read in reads for a in read["Attributes"] if a["Key"] == "idle_timeout.timeout_seconds"
    }
    return "60" in told


def test_what_somebody_else_changed_is_told_at_once_if_the_last_apply_is_older():
    with cloud(CALM) as clock:
        assert run(platform(), clock).clean
        clock.advance(WINDOW)
        client("ecs").update_cluster_settings(
            cluster="ecs-cluster-crash", settings=[{"name": "containerInsights", "value": "enhanced"}]
        )
        before = clock.now()
        assert [c.address.kind for c in run(platform(), clock).todo.changes] == ["ecs_cluster"]
        assert clock.now() - before < 1


def test_the_record_is_asked_for_only_where_something_of_ours_differs():
    with cloud(CALM) as clock:
        for wanted, asked in ((platform(), 0), (platform(), 0), (platform(**CHANGES), 1)):
            assert asks_for_the_record(wanted, clock) == asked
        assert asks_for_the_record(platform(**CHANGES), clock, destroy=True) == 0


def test_without_a_lease_there_is_no_record_to_ask_for():
    with cloud(CALM) as clock:
        assert run(platform(lease=False), clock).clean
        assert asks_for_the_record(platform(**CHANGES, lease=False), clock) == 0


def asks_for_the_record(wanted: Platform, clock: Clock, *, destroy: bool = False) -> int:
    with Counted() as calls:
        assert run(wanted, clock, destroy=destroy).clean
    return calls["GetItem"]


def test_what_differs_and_what_is_in_conflict_is_read_again():
    address = Address("vpc", "main")
    assert differing_kinds(Plan((), {}, (Conflict(address, "is taken", "choose another"),))) == {"vpc"}
    assert differing_kinds(Shelf().plan(toy("a"))) == {"toy"}


def test_a_plan_that_waits_for_what_others_make_is_not_looked_at_again():
    picture = make(Picture, "a")
    assert waits_for_others(KINDS, Shelf().plan(picture, toy("a", picture=picture.ref())))
    assert not waits_for_others(KINDS, Shelf().plan(toy("a")))


def applied(seconds_ago: float, digest: str = "file") -> Applied:
    return Applied(digest, (NOON - timedelta(seconds=seconds_ago)).isoformat(timespec="seconds"), "arn", "1")


@pytest.mark.parametrize(
    ("record", "left"),
    [
        (None, 0),
        (applied(5), WINDOW - 5),
        (applied(WINDOW), 0),
        (applied(-5), WINDOW),
        (applied(-3600), 0),
        (applied(5, "another file"), 0),
        (replace(applied(5), at="12 o'clock"), 0),
        (replace(applied(5), at="2026-01-01T12:00:00"), 0),
    ],
    ids=["none", "a moment ago", "older", "clocks", "other clocks", "other file", "no time", "no zone"],
)
def test_only_a_moment_after_an_apply_of_this_very_file_is_looked_again(record: Applied | None, left: float):
    assert seconds_left(record, "file", NOON) == left


@pytest.mark.usefixtures("aws")
def test_without_the_table_or_the_right_to_read_it_there_is_no_record():
    assert read_last_apply(connection(), STACK) is None

    def deny(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetItem")

    events = connection().client("dynamodb", retries=False).meta.events
    events.register("before-call.dynamodb.GetItem", deny, unique_id="deny")
    try:
        assert read_last_apply(connection(), STACK) is None
    finally:
        events.unregister("before-call.dynamodb.GetItem", unique_id="deny")
