"""Which messages a round asks for."""

from dataclasses import replace

from reconciler.model.drift import Attribution, Difference, Finding, Known, Severity
from reconciler.model.references import Address
from reconciler.watch.memory import Memory, Remembered
from reconciler.watch.notify.changes import Found, find_news
from reconciler.watch.notify.message import News

OPENED = Difference(
    Address("security_group_rules", "alb-dev"), Finding.CHANGED, "ingress", 1, 2, Severity.SECURITY
)
SCALED = Difference(Address("service", "web"), Finding.CHANGED, "desired_count", 1, 2, Severity.AVAILABILITY)
BEGUN = Memory(rounds=True)


def found(*drift, complete=True, who=None):
    return Found("demo/dev/us-east-1", "2026-11-27T22:14:03+00:00", drift, who or {}, complete)


def rounds(memory, *several):
    """Return what the rounds tell, one list of news for each."""
    told = []
    for one in several:
        memory, messages = find_news(memory, one)
        told.append([(m.news, [t.key for t in m.told]) for m in messages])
    return told


def test_the_first_round_ever_is_silent_and_yet_tells_when_its_drift_is_gone():
    assert rounds(Memory(), found(SCALED), found(SCALED), found()) == [[], [], [(News.GONE, [SCALED.key])]]


def test_a_difference_is_told_once_when_two_rounds_have_it():
    told = rounds(BEGUN, found(SCALED), found(SCALED), found(SCALED))
    assert told == [[], [(News.APPEARED, [SCALED.key])], []]


def test_what_passes_within_a_round_is_never_told():
    assert rounds(BEGUN, found(SCALED), found(), found(SCALED), found()) == [[], [], [], []]


def test_security_is_told_at_once():
    assert rounds(BEGUN, found(OPENED), found()) == [
        [(News.APPEARED, [OPENED.key])],
        [(News.GONE, [OPENED.key])],
    ]


def test_a_severity_that_rises_is_told_again_and_one_that_falls_is_not():
    worse = replace(SCALED, severity=Severity.SECURITY)
    told = rounds(BEGUN, found(SCALED), found(SCALED), found(worse), found(SCALED))
    assert told[2:] == [[(News.WORSE, [SCALED.key])], []]


def test_what_was_not_compared_is_not_gone():
    told = rounds(BEGUN, found(OPENED), found(complete=False), found(OPENED))
    assert told == [[(News.APPEARED, [OPENED.key])], [], []]


def test_a_message_has_the_worst_first_and_who_did_it():
    who = {OPENED.key: Attribution(Known.FOUND, "user alice")}
    memory = replace(BEGUN, known={SCALED.key: Remembered("2026", "availability")})
    _, (message,) = find_news(memory, found(SCALED, OPENED, who=who))
    assert [(t.key, t.who and t.who.actor) for t in message.told] == [
        (OPENED.key, "user alice"),
        (SCALED.key, None),
    ]
    assert (message.severity, message.open) == (Severity.SECURITY, 2)
