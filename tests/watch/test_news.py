"""What a watch writes into its log, and what it does not."""

from dataclasses import replace

from reconciler.model.correction import Correction, Ended, Reason, Waiting
from reconciler.model.drift import Attribution, Difference, DriftReport, Finding, Known, Severity
from reconciler.model.plan import Scope
from reconciler.model.references import Address
from reconciler.watch.closing import describe_end
from reconciler.watch.news import tell_news
from reconciler.watch.status import Contested, Round, RoundOutcome, StackStatus

AT = "2026-11-27T22:14:03+00:00"
COUNT = Difference(Address("ecs_service", "web"), Finding.CHANGED, "desired_count", 0, 2, Severity.AVAILABILITY)
ALICE = Attribution(Known.FOUND, "user alice", AT)
SCOPE = Scope("shop/dev/us-east-1", "123456789012", "us-east-1")
CLEAN = StackStatus(
    SCOPE.stack,
    300,
    last_good=AT,
    rounds=(Round(AT, 1, RoundOutcome.CLEAN),),
    report=DriftReport(SCOPE, AT, "d"),
)


def found(*differences: Difference, **further: Attribution) -> StackStatus:
    who = {d.key: ALICE for d in differences} if further.get("who") else {}
    return replace(CLEAN, report=DriftReport(SCOPE, AT, "d", differences, who=who))


def news(before: StackStatus, after: StackStatus) -> list[str]:
    return [*tell_news(before, after)]


def test_a_difference_is_told_with_its_values_its_severity_and_who_made_it():
    told = f"drift: ecs_service.web: desired_count is 0, by the file 2 (availability), by user alice at {AT}"
    assert news(CLEAN, found(COUNT, who=ALICE)) == [told]
    assert news(found(COUNT), found(COUNT)) == []
    assert news(found(COUNT), found(COUNT, who=ALICE)) == [f"drift: {COUNT.key}, by user alice at {AT}"]
    assert news(found(COUNT), CLEAN) == [f"gone: {COUNT.key}"]


def test_no_secret_is_in_the_log():
    where = ("containers", "web", "environment", "DB_PASSWORD")
    secret = replace(COUNT, path=".".join(where), where=where, live="hunter2!", want="correct horse")
    (line,) = news(CLEAN, found(secret))
    assert "DB_PASSWORD" in line
    assert "hunter2" not in line
    assert "horse" not in line


def test_a_text_of_others_stays_on_one_line():
    (line,) = news(CLEAN, found(replace(COUNT, live="0\n2026-11-27 22:00:00 shop/dev gone: all")))
    assert "\n" not in line


def test_what_was_corrected_waits_and_is_contested_is_told_once():
    done = Correction(COUNT.key, COUNT.severity, AT, Ended.DONE)
    failed = replace(done, ended=Ended.FAILED, words="AccessDenied")
    waits = Waiting(COUNT.key, COUNT.severity, Reason.WINDOW, "the window opens at 18:00")
    again = Contested(COUNT.key, COUNT.severity, 2, "user alice")
    after = replace(CLEAN, corrections=(failed, done), waiting=(waits,), contested=(again,), paused="run apply")
    assert news(CLEAN, after) == [
        f"corrected: {COUNT.key}",
        f"failed: {COUNT.key}: AccessDenied",
        f"not corrected: {COUNT.key}: the window opens at 18:00",
        f"contested: {COUNT.key} was corrected 2 times, and changed again by user alice",
        "nothing is corrected: run apply",
    ]
    assert news(after, after) == []
    assert news(after, replace(after, paused="")) == ["corrections go on"]


def test_failures_are_told_when_they_begin_change_and_end():
    failed = replace(CLEAN, failures=1, rounds=(Round(AT, 1, RoundOutcome.FAILED, error="no answer"),))
    assert news(CLEAN, failed) == ["failed: no answer"]
    assert news(failed, replace(failed, failures=2)) == []
    assert news(failed, CLEAN) == ["well again, after a round that failed"]
    broken = replace(CLEAN, file_error="p.yaml:1: is empty")
    assert news(CLEAN, broken) == ["the file is broken, the last good one is used: p.yaml:1: is empty"]
    assert news(broken, CLEAN) == ["the file is right again"]


def test_the_end_says_what_is_known_of_each_stack():
    failed = replace(CLEAN, failures=3, rounds=(Round(AT, 1, RoundOutcome.FAILED),))
    assert describe_end(replace(CLEAN, rounds=())) == f"{SCOPE.stack}: not looked at yet"
    assert describe_end(CLEAN) == f"{SCOPE.stack}: clean at {AT}"
    assert f"rounds that failed in a row: 3; the last good round began at {AT}" in describe_end(failed)
    endings = tuple(
        Correction("x", Severity.TAGS, AT, ended) for ended in (Ended.STOPPED, Ended.DONE, Ended.DONE)
    )
    assert describe_end(replace(CLEAN, corrections=endings)).endswith(", 2 corrected, 1 stopped")
    assert "there was no good round" in describe_end(replace(failed, last_good=""))
