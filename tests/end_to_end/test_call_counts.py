"""The number of AWS calls that a run makes, counted at the client."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from crash import platforms
from support import Counted, client, connection
from toys import Time
from whole import applied, default, in_network, planned, varied, with_name

from reconciler.aws.clock import Clock
from reconciler.aws.lease import Terms, hold_lease
from reconciler.aws.lease.process import this_process

FURTHER = 10  # services
ROUTED = ("{routes: [{priority: PRIORITY, paths: [/PRIORITY]}]}", 5)  # the group's attributes take the fifth
READS = ("Describe", "Get", "List", "BatchGet")


def counted(run: Callable[[], object]) -> Counter[str]:
    with Counted() as calls:
        run()
    return +calls


def held(stack: str) -> None:
    """Hold the lease, in no time."""
    with hold_lease(
        connection(), stack, this_process("apply", "arn"), Terms(clock=Clock(lambda: 0, lambda _: None))
    ):
        pass


def writes(calls: Counter[str]) -> int:
    return sum(count for operation, count in calls.items() if not operation.startswith(READS))


@pytest.mark.parametrize("further", [0, 3])
def test_a_fresh_apply_takes_100_calls_at_most_and_17_more_for_a_further_service(aws, tmp_path, further):
    """In simulated time, as in an apply, rollouts of services that are made together are polled together."""
    platform = varied(tmp_path, further)
    calls = counted(lambda: applied(platform, clock=Time().clock))
    assert calls.total() <= 100 + 17 * further, calls
    assert writes(calls) <= 75 + 14 * further, calls


def test_what_is_not_there_takes_one_question_a_list(aws):
    calls = counted(lambda: planned(default()))
    assert calls.total() <= 20, calls
    assert calls.most_common(1)[0][1] == 1, calls


def test_an_empty_plan_takes_46_calls_at_most_and_writes_nothing(aws):
    applied(default())
    calls = counted(lambda: planned(default()))
    assert calls.total() <= 46, calls
    assert writes(calls) == 0, calls


@pytest.mark.parametrize("nat", ["one", "per_zone"])
def test_a_private_platform_with_nat_takes_6_calls_more_for_an_empty_plan_and_25_for_a_fresh_apply(
    aws, tmp_path, nat
):
    private = in_network(tmp_path, f"{{subnets: {{public: {{}}, private: {{prefix: 20}}}}, nat: {nat}}}")
    calls = counted(lambda: applied(private, clock=Time().clock))
    assert calls.total() <= 100 + 25, calls
    calls = counted(lambda: planned(private))
    assert calls.total() <= 46 + 6, calls


def test_https_with_a_name_takes_6_calls_more_for_an_empty_plan(aws, tmp_path):
    client("route53").create_hosted_zone(Name="example.com", CallerReference="1")
    applied(with_name(tmp_path), clock=Time().clock)
    calls = counted(lambda: planned(with_name(tmp_path)))
    assert calls.total() <= 46 + 6, calls
    assert writes(calls) == 0, calls


def test_names_take_2_calls_more_for_an_empty_plan(aws, tmp_path):
    """The zone by its name, and its records."""
    client("route53").create_hosted_zone(Name="example.com", CallerReference="1")
    named = platforms.named(tmp_path)
    applied(named, clock=Time().clock)
    calls = counted(lambda: planned(named))
    assert not planned(named).changes
    assert calls["ListHostedZonesByName"] == calls["ListResourceRecordSets"] == 1
    without = named.model_copy(update={"dns": None})
    applied(without, clock=Time().clock)
    assert calls.total() <= counted(lambda: planned(without)).total() + 2


def test_a_second_apply_takes_no_more_than_its_plan(aws):
    applied(default())
    assert counted(lambda: applied(default())) == counted(lambda: planned(default()))


@pytest.mark.parametrize(("route", "most"), [("", 4), ROUTED])
def test_a_further_service_takes_4_calls_more_at_most_and_one_for_a_target_group(aws, tmp_path, route, most):
    """That holds where families have several revisions too: they are listed only where a definition changes."""
    for memory in (512, 1024):
        platform = varied(tmp_path, FURTHER, memory, route=route)
        applied(platform)
        calls = counted(partial(planned, platform))
        assert calls.total() <= 46 + most * FURTHER, calls


def test_the_lease_takes_two_calls_beside_those_of_its_first_use(aws):
    first = counted(lambda: held("shop/dev/us-east-1"))
    assert first == {"UpdateItem": 3, "DescribeTable": 2, "CreateTable": 1}
    assert counted(lambda: held("shop/dev/us-east-1")) == {"UpdateItem": 2}
