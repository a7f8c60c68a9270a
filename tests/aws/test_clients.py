"""Runs share clients, and each of them keeps its name, its stop, its lease and its silence."""

from threading import Event

import pytest
from wire import answer

from reconciler.aws.client import Aws, enclosed
from reconciler.aws.tally import Tally
from reconciler.errors import LeaseLost, Stopped
from reconciler.model.steps import Call

CREATE = Call("ecs", "create_cluster", {"clusterName": "c"})
Sent = list[str]  # the user agents of the requests that were sent


@pytest.fixture
def sent() -> Sent:
    return []


@pytest.fixture
def runs(sent: Sent) -> tuple[Aws, Aws]:
    """Two runs, of an AWS that answers each request."""

    def send(request: object, **_: object) -> object:
        sent.append(request.headers["User-Agent"])  # type: ignore[attr-defined]  # botocore is untyped
        return answer({"cluster": {}, "clusterArns": [], "services": []})

    first = enclosed("us-east-1")
    first.session.events.register("before-send", send)
    return first.for_run("tool/1 (a; 01)", Tally()), first.for_run("tool/1 (b; 02)", Tally())


def test_what_takes_memory_is_there_once(runs):
    of_first, of_second = (run.client("ecs") for run in runs)
    assert of_first is not of_second
    assert of_first.meta is of_second.meta
    assert of_first._endpoint is of_second._endpoint


@pytest.mark.parametrize("retries", [True, False])
def test_each_call_says_whose_it_is_whatever_was_called_before(runs, sent, retries):
    first, second = (run.client("ecs", retries=retries) for run in runs)
    for client in (first, second, first):
        client.list_clusters()
    for page in second.get_paginator("list_clusters").paginate():
        assert page["clusterArns"] == []
    assert [agent.rpartition("tool/1 ")[2] for agent in sent] == ["(a; 01)", "(b; 02)", "(a; 01)", "(b; 02)"]
    assert all(agent.startswith("Boto") and agent.count("tool/1") == 1 for agent in sent)


def test_a_lost_lease_keeps_back_the_writes_of_its_run_alone(runs, sent):
    first, second = runs

    def lost(_seconds: float) -> None:
        raise LeaseLost("lost")

    first.before_write = lost
    with pytest.raises(LeaseLost):
        first.attempt(CREATE)
    assert second.attempt(CREATE) == {}
    assert len(sent) == 1


def test_a_stop_ends_the_calls_of_its_run_alone(runs, sent):
    stop = Event()
    stop.set()
    with runs[0].stoppable_clients(stop) as first, runs[1].stoppable_clients(None) as second:
        second("ecs").list_clusters()
        with pytest.raises(Stopped):
            first("ecs").list_clusters()
    assert len(sent) == 1


def test_the_silence_of_a_run_is_its_own(runs):
    first, second = runs
    for run in runs:
        run.silence.begin("before-send.ecs.ListClusters")
    first.client("ecs").list_clusters()
    assert first.silence.seconds == 0
    assert second.silence.seconds > 0
