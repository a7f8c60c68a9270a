"""The rollouts of many services are followed by few questions."""

from dataclasses import replace
from threading import Event

import pytest
from services import SERVICE, platform, service
from support import OURS, Counted, connection, make, see, settle

from reconciler.apply import apply
from reconciler.aws import clock
from reconciler.aws.reads import open_reads
from reconciler.model.spec import Spec
from reconciler.resources import KINDS
from reconciler.resources.ecs_service import EcsService
from reconciler.sandbox import CALM, Clock, install

SLOW = replace(CALM, name="slow", task_start=50, deployment_settles=10)


def services(count: int) -> list[Spec]:
    fields = {name: value for name, value in service() if name not in ("name", "tags")}
    return platform(*(make(EcsService, f"svc-{number:02}-dev", **fields) for number in range(count - 1)))


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(("count", "at_most"), [(1, 12), (10, 12), (11, 24)])
def test_each_round_takes_one_question_for_ten_services(count: int, at_most: int):
    time = Clock(speed=0)
    install(SLOW, clock=time)
    todo = see(specs := services(count))
    with open_reads(connection(), OURS, specs) as reads, Counted() as calls:
        outcome = apply(reads, KINDS, todo, clock=clock.Clock(time.now, time.advance))
    assert not outcome.failed
    assert calls["DescribeServices"] <= at_most


@pytest.mark.usefixtures("aws")
def test_to_find_out_about_one_of_many_only_that_one_is_described():
    settle(specs := services(11))
    want = next(spec for spec in specs if spec.name == SERVICE)
    with open_reads(connection(), OURS, specs) as reads, Counted() as calls:
        (found,) = KINDS["ecs_service"].read(reads.fresh(Event(), only=want))
    assert found.spec.name == SERVICE
    assert (calls["DescribeServices"], calls["DescribeTaskDefinition"], calls["ListServices"]) == (1, 1, 0)
