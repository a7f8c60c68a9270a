"""What a round that corrects tells: what it puts right at once has appeared, and is gone."""

from test_notify_news import BEGUN, OPENED, SCALED

from reconciler.model.drift import DriftReport, NotCompared
from reconciler.model.plan import Scope
from reconciler.watch.memory import Memory
from reconciler.watch.notify.message import News
from reconciler.watch.notify.telling import find_all_news

SCOPE = Scope("demo/dev/us-east-1", "123456789012", "us-east-1")


def report(*drift, **more):
    return DriftReport(SCOPE, "2026-11-27T22:14:03+00:00", "digest", drift, **more)


def news(memory, looked, left):
    memory, messages = find_all_news(memory, looked, left)
    return memory, [(m.news, [t.key for t in m.told]) for m in messages]


def test_what_is_opened_and_closed_again_in_one_round_is_told_twice():
    memory, told = news(BEGUN, report(OPENED), report())
    assert told == [(News.APPEARED, [OPENED.key]), (News.GONE, [OPENED.key])]
    assert memory.known == {}


def test_what_else_is_corrected_at_once_is_not_told():
    assert news(BEGUN, report(SCALED), report())[1] == []


def test_what_is_left_beside_a_correction_waits_for_a_second_round():
    memory, told = news(BEGUN, report(OPENED, SCALED), report(SCALED))
    assert [each for each, _ in told] == [News.APPEARED, News.GONE]
    assert news(memory, report(SCALED), report(SCALED))[1] == [(News.APPEARED, [SCALED.key])]


def test_the_first_round_that_corrects_tells_nothing_of_what_is_left():
    assert news(Memory(), report(OPENED), report(OPENED))[1] == []


def test_what_could_not_be_compared_is_not_gone():
    memory, _ = news(BEGUN, report(OPENED), report(OPENED))
    partial = report(not_compared=(NotCompared("vpc", "denied"),))
    assert news(memory, partial, partial)[1] == []
