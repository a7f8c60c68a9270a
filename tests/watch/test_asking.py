"""Whom CloudTrail is asked about, and when again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from reconciler.aws.trail import Window
from reconciler.model.drift import Attribution, Difference, Finding, Known, Severity
from reconciler.model.references import Address
from reconciler.watch.asking import Asked, ask_about

BEGUN = datetime.fromisoformat("2026-11-27T22:00:00+00:00")
GOOD = BEGUN - timedelta(minutes=5)
COUNT = Difference(Address("ecs_service", "web"), Finding.CHANGED, "desired_count", 0, 2, Severity.AVAILABILITY)
ALICE = Attribution(Known.FOUND, "user alice", exact=True)
NOT_YET = Attribution(Known.NOT_YET)


class Trail:
    """Gives answers in turn, and notes when it was asked, and for which time."""

    def __init__(self, *answers: Attribution) -> None:
        self.answers, self.asked = list(answers), list[tuple[int, Window]]()
        self.known: Mapping[str, Asked] = {}

    def round(self, minutes: int, *differences: Difference) -> Attribution | None:
        now = BEGUN + timedelta(minutes=minutes)

        def ask(some: Sequence[Difference], window: Window) -> dict[str, Attribution]:
            self.asked.append((minutes, window))
            return {d.key: self.answers.pop(0) for d in some}

        self.known = ask_about(differences, self.known, now, GOOD, ask)
        found = self.known.get(COUNT.key)
        return found.answer if found else None


def test_a_difference_is_asked_about_once_if_that_settles_it():
    trail = Trail(ALICE)
    assert [trail.round(minutes, COUNT) for minutes in (0, 5, 500)] == [ALICE, ALICE, ALICE]
    assert trail.asked == [(0, Window(BEGUN, GOOD))]


def test_what_is_not_shown_yet_is_asked_again_for_the_same_time_and_then_given_up():
    trail = Trail(NOT_YET, NOT_YET, NOT_YET, ALICE)
    answers = [trail.round(minutes, COUNT) for minutes in range(0, 60, 5)]
    assert [minutes for minutes, _ in trail.asked] == [0, 5, 10, 30]
    assert {window for _, window in trail.asked} == {Window(BEGUN, GOOD)}
    assert answers[-1] == ALICE


def test_another_wrong_value_is_another_question():
    trail = Trail(ALICE, NOT_YET)
    trail.round(0, COUNT)
    assert trail.round(5, replace(COUNT, live=7)) == NOT_YET


def test_what_is_gone_is_forgotten():
    trail = Trail(ALICE, ALICE)
    trail.round(0, COUNT)
    trail.round(5)
    assert not trail.known
    trail.round(10, COUNT)
    assert len(trail.asked) == 2
