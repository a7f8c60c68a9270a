"""One DescribeServices tells the polls of ten rollouts, and none of them what it may not believe."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from toys import Time

from reconciler.aws.followed_services import ANSWER_LASTS, FOLLOWED_FOR, FollowedServices
from reconciler.aws.turns import Turns
from reconciler.model.steps import Rollout


def rollout(service: str, cluster: str = "c", deployment: str = "1") -> Rollout:
    return Rollout({"cluster": cluster, "service": service, "deployment": deployment})


class Polls:
    """Rollouts that are followed, and an ECS that keeps which services it was asked for."""

    def __init__(self, *services: str) -> None:
        self.time, self.asked, self.error = Time(), list[list[str]](), None
        self.unknown, self.answers = frozenset[str](), Event()
        self.turns = Turns(lambda: self.time.at)
        self.followed = FollowedServices(self.turns, lambda: self.time.at)
        self.answers.set()
        for service in services:
            self.followed.follow(rollout(service))

    def _describe_services(self, cluster: str, services: list[str]) -> Any:
        self.asked.append(services)
        self.answers.wait()
        if self.error:
            raise self.error
        found = [name for name in services if name not in self.unknown]
        return {
            "services": [{"serviceName": name, "status": "ACTIVE", "clusterArn": cluster} for name in found]
        }

    def poll(self, step: str | Rollout) -> Any:
        step = rollout(step) if isinstance(step, str) else step
        ecs = SimpleNamespace(describe_services=self._describe_services)
        return self.followed.describe(lambda _service: ecs, self.followed.follow(step))

    def poll_all(self, services: Iterable[str]) -> list[Any]:
        return [self.poll(service) for service in services]


def names(count: int) -> list[str]:
    return [f"s{number:03}" for number in range(count)]


@pytest.mark.parametrize(("services", "questions"), [(1, 1), (10, 1), (11, 2), (100, 10)])
def test_ten_rollouts_share_a_question(services: int, questions: int):
    polls = Polls(*names(services))
    for _ in range(3):
        told = polls.poll_all(names(services))
        assert [service["serviceName"] for service in told] == names(services)
        polls.time.rest(15)
    assert len(polls.asked) == 3 * questions
    assert max(map(len, polls.asked)) <= 10


def test_a_rollout_takes_an_answer_only_once():
    polls = Polls("a", "b")
    polls.poll_all("ab")
    assert polls.asked == [["a", "b"]]
    polls.poll_all("b")
    assert polls.asked == [["a", "b"], ["a", "b"]]


def test_an_old_answer_is_not_used():
    polls = Polls("a", "b")
    polls.poll("a")
    polls.time.rest(ANSWER_LASTS + 0.1)
    polls.poll("b")
    assert len(polls.asked) == 2


def test_an_answer_to_a_question_from_before_a_rollout_began_is_not_used():
    polls = Polls("a", "b")
    polls.poll("a")
    polls.poll(rollout("b", deployment="2"))
    assert len(polls.asked) == 2


def test_a_missing_service_is_missing_for_itself_only():
    polls = Polls("a", "b")
    polls.unknown = frozenset("b")
    assert [service["status"] for service in polls.poll_all("ab")] == ["ACTIVE", "MISSING"]


def test_an_error_is_the_outcome_of_each_poll_that_shares_the_question():
    polls = Polls("a", "b")
    polls.error = PermissionError("no")
    for service in "ab":
        with pytest.raises(PermissionError):
            polls.poll(service)
    assert len(polls.asked) == 1


def test_a_question_is_for_one_cluster():
    polls = Polls()
    steps = [rollout("a", "one"), rollout("b", "two"), rollout("c", "one")]
    for step in steps:
        polls.followed.follow(step)
    assert [polls.poll(step)["clusterArn"] for step in steps] == ["one", "two", "one"]
    assert polls.asked == [["a", "c"], ["b"]]


def test_a_service_is_named_once_in_a_question():
    polls = Polls("a")
    polls.poll(rollout("a", deployment="2"))
    assert polls.asked == [["a"]]


def test_polls_at_the_same_time_wait_for_one_question():
    polls = Polls(*names(10))
    polls.answers.clear()
    with ThreadPoolExecutor(10) as pool:
        told = [pool.submit(polls.poll, name) for name in names(10)]
        polls.answers.set()
    assert [future.result()["serviceName"] for future in told] == names(10)
    assert len(polls.asked) == 1


def test_what_has_ended_or_is_not_polled_any_more_is_not_asked_for():
    polls = Polls("ended", "given up", "a")
    polls.followed.leave(polls.followed.follow(rollout("ended")))
    polls.time.rest(FOLLOWED_FOR + 1)
    polls.followed.follow(rollout("b"))
    polls.poll("a")
    assert polls.asked == [["a", "b"]]


def test_a_question_takes_one_turn_within_the_rate():
    polls = Polls(*names(300))
    polls.poll_all(names(300))
    left = 90 - 30  # of nine tenths of AWS's 100
    waits = [polls.turns.take_turn("ecs", "list_services") for _ in range(left + 1)]
    assert [seconds > 0 for seconds in waits] == [False] * left + [True]


def test_the_health_of_targets_is_asked_by_turns_where_many_are_to_be_asked_for():
    polls = Polls(*names(100))
    followed = [polls.followed.follow(rollout(name)) for name in names(100)]
    asked = []
    for _ in range(4):
        polls.time.rest(15)
        asked.append(sum(map(polls.followed.may_ask_health, followed)))
    assert asked == [0, 36, 36, 36]
