"""A plan believes the tagging index only where that can do no harm; what it would change is read directly."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from crash.cloud import Run, cloud, run
from crash.strategies import load_platform
from refused import refused
from support import SMALL, Counted, client
from yaml import safe_load

from desired_state import Platform
from reconciler.model.tags import NAME, STACK
from reconciler.sandbox import CALM, Clock

SLOW_INDEX = replace(CALM, name="slow index", index_lag=60)
GROUP, REPOSITORY = "/aws/ecs/web-crash", "ecr-repo-web-crash"
ELB = {"DescribeLoadBalancers", "DescribeTargetGroups", "DescribeListeners", "DescribeRules"}


def platform(**changes: Any) -> Platform:
    file = safe_load(SMALL) | {"environment": "crash", "services": {"web": {}, "worker": {}}} | changes
    return load_platform(file)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Yield the clock of an AWS that has the platform, and whose tagging index has caught up."""
    with cloud(SLOW_INDEX) as clock:
        assert run(platform(), clock).clean
        clock.advance(60)
        yield clock


def counted(clock: Clock, todo: Platform | None = None) -> tuple[Run, Counter[str]]:
    with Counted() as calls:
        ended = run(todo or platform(), clock)
    return ended, +calls


def arn(group: str) -> str:
    found = client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    return str(found[0]["logGroupArn"])


def test_tags_that_the_index_has_as_desired_are_not_asked_for(clock: Clock):
    ended, calls = counted(clock)
    assert not ended.todo.changes
    assert (calls["ListTagsForResource"], calls["GetResources"]) == (0, 1)


def test_what_is_not_in_the_index_yet_is_read_directly(clock: Clock):
    grown = platform(services={"web": {}, "worker": {}, "mail": {}})
    assert counted(clock, grown)[0].clean
    ended, calls = counted(clock, grown)
    assert not ended.todo.changes
    assert calls["ListTagsForResource"] == 3  # repository, log group and Cloud Map service of the new one


def test_a_tag_that_the_file_changes_is_read_directly_where_the_index_has_the_former_one(clock: Clock):
    tagged = platform(tags={"team": "shop"})
    assert counted(clock, tagged)[0].clean
    assert not counted(clock, tagged)[0].todo.changes


def test_what_would_be_changed_is_read_directly_and_left_alone_if_it_is_not_ours_any_more(clock: Clock):
    client("logs").put_retention_policy(logGroupName=GROUP, retentionInDays=3)
    client("logs").tag_resource(resourceArn=arn(GROUP), tags={STACK: "other/prod/us-east-1"})
    ended, calls = counted(clock)
    assert [conflict.address.name for conflict in ended.todo.conflicts] == [GROUP]
    assert calls["ListTagsForResource"] == 1
    assert client("logs").describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"][0]["retentionInDays"] == 3


def test_what_the_index_hides_is_told_once_it_has_caught_up(clock: Clock):
    client("logs").untag_resource(resourceArn=arn(GROUP), tagKeys=[NAME])
    assert not counted(clock)[0].todo.changes
    clock.advance(60)
    assert [change.address.name for change in counted(clock)[0].todo.changes] == [GROUP]


def test_an_orphan_that_the_index_does_not_show_yet_is_deleted_one_run_later(clock: Clock):
    grown = platform(services={"web": {}, "worker": {}, "mail": {}})
    assert counted(clock, grown)[0].clean
    first = {change.address.kind for change in counted(clock)[0].todo.changes}
    assert "ecs_service" in first
    assert "log_group" not in first
    clock.advance(60)
    later, _ = counted(clock)
    assert {change.address.kind for change in later.todo.changes} >= {"log_group", "ecr_repository"}
    assert later.clean
    assert not counted(clock)[0].todo.changes


def test_an_orphan_is_deleted_only_if_its_own_tags_say_that_it_is_ours(clock: Clock):
    found = client("ecr").describe_repositories(repositoryNames=[REPOSITORY])["repositories"][0]
    client("ecr").untag_resource(resourceArn=found["repositoryArn"], tagKeys=[STACK])
    ended, _ = counted(clock, platform(services={"worker": {}}))
    assert ended.clean
    assert REPOSITORY not in {change.address.name for change in ended.todo.changes}
    assert client("ecr").describe_repositories(repositoryNames=[REPOSITORY])["repositories"]


def test_types_that_the_file_does_not_want_are_not_read_where_the_index_shows_none(clock: Clock):
    bare = platform(load_balancer=None)
    assert counted(clock, bare)[0].clean
    for _ in range(2):  # what is gone is missed first, and then forgotten
        client("resourcegroupstaggingapi").get_resources()
        clock.advance(700)
    ended, calls = counted(clock, bare)
    assert not ended.todo.changes
    assert not calls.keys() & ELB


def test_a_destroy_reads_every_type(clock: Clock):
    with Counted() as calls:
        assert run(platform(load_balancer=None), clock, destroy=True).clean
    assert calls.keys() >= ELB
    assert calls["ListTagsForResource"] > 6


def test_where_the_index_may_not_be_asked_all_is_read_directly(clock: Clock):
    with refused("resourcegroupstaggingapi.GetResources", "AccessDeniedException", "no", times=99):
        ended, calls = counted(clock, platform(load_balancer=None))
    assert ended.clean
    assert "load_balancer" in {change.address.kind for change in ended.todo.changes}
    assert calls["ListTagsForResource"] >= 6


def test_a_resource_that_ours_refer_to_is_found_though_it_has_neither_our_name_nor_our_tags(clock: Clock):
    """Its service is renamed in the file, so that its name is not desired any more."""
    elb, route = client("elbv2"), {"routes": [{"priority": 1, "paths": ["/"]}]}
    assert counted(clock, platform(services={"web": route}))[0].clean
    clock.advance(60)
    [group] = elb.describe_target_groups()["TargetGroups"]
    elb.remove_tags(ResourceArns=[group["TargetGroupArn"]], TagKeys=[STACK, NAME])
    clock.advance(60)
    ended, _ = counted(clock, platform(services={"shop": route}))
    assert [conflict.address.kind for conflict in ended.todo.conflicts] == ["target_group"]


def test_if_the_index_is_seen_to_miss_something_all_is_read_directly():
    """The load balancer was made a moment ago, and the file wants none any more."""
    routed = {"web": {"routes": [{"priority": 1, "paths": ["/"]}]}, "worker": {}}
    with cloud(SLOW_INDEX) as young:
        assert run(platform(services=routed), young).clean
        ended = run(platform(load_balancer=None), young)
        assert ended.clean
        assert {"load_balancer", "target_group"} <= {change.address.kind for change in ended.todo.changes}
        assert not run(platform(load_balancer=None), young).todo.changes


def test_what_is_deleted_is_not_kept_by_something_of_ours_that_the_index_does_not_show_yet():
    """No service refers to the load balancer, which was made a moment ago; its security group has our tags."""
    with cloud(SLOW_INDEX) as young:
        assert run(platform(), young).clean
        ended = run(platform(load_balancer=None), young)
        assert ended.clean
        assert {"load_balancer", "security_group"} <= {change.address.kind for change in ended.todo.changes}


def test_of_types_that_the_index_shows_nothing_of_all_is_read_only_where_something_is_deleted(clock: Clock):
    bare, smaller = platform(load_balancer=None), platform(load_balancer=None, services={"web": {}})
    assert counted(clock, bare)[0].clean
    clock.advance(3600)
    counted(clock, bare)
    clock.advance(3600)
    assert not counted(clock, bare)[1].keys() & ELB
    ended, calls = counted(clock, smaller)
    assert ended.clean
    assert calls["DescribeLoadBalancers"] == 1
    assert "worker" in {change.service for change in ended.todo.changes}
