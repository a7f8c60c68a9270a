"""The ECS services whose rollouts an apply follows. One DescribeServices tells the polls of ten of them."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from time import monotonic
from typing import Any

from reconciler.aws.calls import Client
from reconciler.aws.turns import Turns
from reconciler.model.steps import Rollout

Description = Mapping[str, Any]  # a service, deployment, task or target, as AWS describes it

SERVICES_PER_CALL = 10  # the most that DescribeServices takes, of one cluster (ECS API reference)
ANSWER_LASTS = 3.0  # seconds after its question in which an answer may be used
# Seconds since its last poll in which a service is described with others: more than lie between two polls.
FOLLOWED_FOR = 60.0
# Seconds between two questions for the health of a rollout's targets, and before the first one: load balancers
# take as long to find a target unhealthy, and are asked for one target group at a time.
HEALTH_ASKED_EVERY = 30.0
MISSING: Description = {"status": "MISSING"}


@dataclass
class Question:
    """One DescribeServices. Those that need its answer wait for it."""

    asked_at: float
    services: Future[Mapping[str, Description]] = field(default_factory=Future)  # by name, without missing ones

    def is_stale(self, now: float) -> bool:
        """Tell whether the answer has come, and is too old to be used."""
        return self.services.done() and now - self.asked_at > ANSWER_LASTS


@dataclass(eq=False)
class Followed:
    """A rollout that is followed, and what is remembered from one of its polls to the next."""

    params: Mapping[str, Any]  # of the step: cluster, service, deployment
    polled_at: float  # or when it began to be followed
    health_asked_at: float  # or when it began to be followed
    question: Question | None = None  # asked since its last poll by another one, for this service too
    failed_tasks: int = 0  # when it was asked why they had stopped
    stopped_tasks: Mapping[str, str] = field(default_factory=dict)  # why, by ARN

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells the rollout from others: those of one service differ in the deployment."""
        return tuple(sorted(self.params.items()))


@dataclass
class FollowedServices:
    """The rollouts that an apply follows. Threads share it. Times are seconds of the apply's clock."""

    turns: Turns = field(default_factory=Turns)
    now: Callable[[], float] = monotonic
    _followed: dict[tuple[Any, ...], Followed] = field(default_factory=dict)  # the one polled last is last
    _lock: Lock = field(default_factory=Lock)

    def follow(self, step: Rollout) -> Followed:
        """Return what is remembered of a rollout, which is followed from its first call of this on."""
        now = self.now()
        new = Followed(step.params, polled_at=now, health_asked_at=now)
        with self._lock:
            return self._followed.setdefault(new.key, new)

    def leave(self, followed: Followed) -> None:
        """Forget a rollout that has ended."""
        with self._lock:
            self._followed.pop(followed.key, None)

    def may_ask_health(self, followed: Followed) -> bool:
        """Tell whether it is time to ask for the health of its targets, and AWS's rate allows it just now."""
        now = self.now()
        is_time = now - followed.health_asked_at >= HEALTH_ASKED_EVERY
        if not is_time or not self.turns.take_free_turn("elbv2", "describe_target_health"):
            return False
        followed.health_asked_at = now
        return True

    def describe(self, client: Client, followed: Followed) -> Description:
        """Return the rollout's service as ECS describes it; one that ECS does not know is `MISSING`.

        The answer may be one to the question of another poll, asked since the last poll of this rollout and
        no more than `ANSWER_LASTS` seconds ago. Each poll gets the error of the question that it shares.
        """
        with self._lock:
            question, names = self._find_question(followed)
        if names:
            self._ask(client, question, followed.params["cluster"], names)
        return question.services.result().get(followed.params["service"], MISSING)

    def _find_question(self, followed: Followed) -> tuple[Question, list[str]]:
        """Return the question whose answer the poll takes, and the services to ask it for: none if it is asked.

        Each poll takes an answer once.
        """
        followed.polled_at = now = self.now()
        self._followed.pop(followed.key, None)
        self._followed[followed.key] = followed
        question, followed.question = followed.question, None
        if question and not question.is_stale(now):
            return question, []
        question, others = Question(now), [*islice(self._others(followed), SERVICES_PER_CALL - 1)]
        for other in others:
            other.question = question
        return question, sorted({other.params["service"] for other in (followed, *others)})

    def _others(self, followed: Followed) -> Iterator[Followed]:
        """Yield those of its cluster that no recent question was for, first the one polled longest ago."""
        now, cluster = self.now(), followed.params["cluster"]
        for other in self._followed.values():
            is_asked_for = other.question is not None and not other.question.is_stale(now)
            is_polled = now - other.polled_at <= FOLLOWED_FOR
            if other is not followed and other.params["cluster"] == cluster and is_polled and not is_asked_for:
                yield other

    def _ask(self, client: Client, question: Question, cluster: str, names: list[str]) -> None:
        """Make the call. Its turn is taken and not waited for: a try never sleeps, and few polls ask."""
        self.turns.take_turn("ecs", "describe_services")
        try:
            found = client("ecs").describe_services(cluster=cluster, services=names)["services"]
            question.services.set_result({service["serviceName"]: service for service in found})
        except BaseException as error:  # noqa: BLE001  each poll that waits for the answer raises it
            question.services.set_exception(error)
