"""What is told of a correction: how it ended, or for what it waits."""

from dataclasses import replace
from typing import Any

import pytest

from reconciler.drift.correction_plan import Decision
from reconciler.drift.correction_results import describe_corrections, describe_left
from reconciler.drift.correction_rules import Hold
from reconciler.errors import StepTimedOut
from reconciler.model.correction import Ended, Reason
from reconciler.model.drift import Attribution, Difference, DriftReport, Finding, Known, Severity, Status
from reconciler.model.plan import Change, Op, Outcome, Plan, Scope
from reconciler.model.references import Address
from reconciler.model.steps import Held
from reconciler.render.drift_corrections import corrections_document, format_corrections, summarize_corrections

AT = "2026-11-27T22:14:03+00:00"
BALL = Address("toy", "ball")
SIZE = Difference(BALL, Finding.CHANGED, "size", 2, 1, Severity.SECURITY, where=("size",))
LEAK = Difference(BALL, Finding.CHANGED, "color", 2, 1, Severity.TAGS, status=Status.IGNORED)
CHANGE = Change(str(BALL), BALL, Op.DELETE, (), (), frozenset(), {})
DECISION = Decision(Plan((CHANGE,), {}), {CHANGE.key: (SIZE,)}, {})
WINDOW = Hold(Reason.WINDOW, "it waits for a window", AT)
REPORT = DriftReport(Scope("shop/dev/us-east-1", "123456789012", "us-east-1"), AT, "digest", (SIZE, LEAK))


@pytest.mark.parametrize(
    ("outcome", "ended"),
    [
        (Outcome(done=[CHANGE.key]), Ended.DONE),
        (Outcome(failed={CHANGE.key: StepTimedOut("not done")}), Ended.FAILED),
        (Outcome(interrupted=[CHANGE.key], stopped=True), Ended.STOPPED),
    ],
)
def test_what_was_begun_has_ended_somehow(outcome: Outcome, ended: Ended):
    (found,), held = describe_corrections(DECISION, outcome, {}, AT)
    assert (found.key, found.ended, found.severity) == ("toy.ball.size", ended, Severity.SECURITY)
    assert not held


@pytest.mark.parametrize(
    ("outcome", "late", "hold"),
    [
        (Outcome(held={CHANGE.key: Held("closed")}), {CHANGE.key: WINDOW}, WINDOW),
        (Outcome(held={CHANGE.key: Held("waits for x", cause="x")}), {"x": WINDOW}, WINDOW),
        (
            Outcome(held={CHANGE.key: Held("no image", "push it")}),
            {},
            Hold(Reason.OTHER, "no image; push it"),
        ),
        (
            Outcome(skipped={CHANGE.key: "toy.hub"}),
            {},
            Hold(Reason.OTHER, "it waits for toy.hub, which failed"),
        ),
        (Outcome(skipped={CHANGE.key: ""}, stopped=True), {}, Hold(Reason.OTHER, "somebody asked to stop")),
    ],
)
def test_what_was_not_begun_waits(outcome: Outcome, late: dict[str, Hold], hold: Hold):
    corrections, held = describe_corrections(DECISION, outcome, late, AT)
    assert not corrections
    assert held == {"toy.ball.size": hold}


def test_what_is_left_is_told_with_its_reason_and_what_is_ignored_is_not():
    ended = describe_left(REPORT, DECISION, {SIZE.key: WINDOW, LEAK.key: WINDOW}, ())
    assert [d.held for d in ended.report.differences] == ["it waits for a window", ""]
    assert [(w.key, w.reason, w.until) for w in ended.waiting] == [(SIZE.key, Reason.WINDOW, AT)]
    assert summarize_corrections(ended) == "0 corrected; 1 left, the first until 2026-11-27 22:14:03 UTC."


def test_all_that_is_there_afterwards_is_left_whether_it_waits_for_something_or_not():
    others = replace(SIZE, path="color", held="it is for others to make")
    ended = describe_left(replace(REPORT, differences=(SIZE, others, LEAK)), DECISION, {SIZE.key: WINDOW}, ())
    assert len(ended.waiting) == 1
    assert summarize_corrections(ended).startswith("0 corrected; 2 left")


def test_where_nothing_may_be_corrected_all_of_it_waits_for_that():
    obstacle: Any = "this file is not the one last applied: run apply"
    ended = describe_left(DriftReport(REPORT.scope, AT, "d", (SIZE,), obstacle=obstacle), None, {}, ())
    assert [(w.reason, w.words) for w in ended.waiting] == [(Reason.APPLY, obstacle)]


def test_what_was_corrected_and_is_there_all_the_same_is_told():
    corrections, held = describe_corrections(DECISION, Outcome(done=[CHANGE.key]), {}, AT)
    ended = describe_left(REPORT, DECISION, held, corrections)
    assert ended.report.differences[0].held == "it was corrected, and is there again or still"


def test_what_was_corrected_still_tells_who_had_made_it():
    corrections, held = describe_corrections(DECISION, Outcome(done=[CHANGE.key]), {}, AT)
    who = Attribution(Known.FOUND, "user alice", AT, "ModifyBall", exact=True)
    report = replace(REPORT, differences=(), who={corrections[0].key: who})
    ended = describe_left(report, DECISION, held, corrections)
    line = next(format_corrections(ended, str))
    assert line.startswith("✓ toy.ball.size: put right (security); it was made by user alice, ")
    assert corrections_document(ended)["corrections"][0]["who"]["event"] == "ModifyBall"
    touched = replace(report, who={corrections[0].key: replace(who, exact=False)})
    line = next(format_corrections(describe_left(touched, DECISION, held, corrections), str))
    assert line.startswith("✓ toy.ball.size: put right (security); last touched by user alice, ")


def test_who_only_touched_it_last_is_not_said_to_have_made_it():
    corrections, held = describe_corrections(DECISION, Outcome(done=[CHANGE.key]), {}, AT)
    who = {corrections[0].key: Attribution(Known.FOUND, "user alice", AT, "ModifyBall")}
    ended = describe_left(replace(REPORT, differences=(), who=who), DECISION, held, corrections)
    assert "; last touched by user alice, " in next(format_corrections(ended, str))


def test_a_failed_correction_is_left_and_waits_for_nothing():
    outcome = Outcome(failed={CHANGE.key: StepTimedOut("not \x1b[31mdone")})
    corrections, held = describe_corrections(DECISION, outcome, {}, AT)
    ended = describe_left(REPORT, DECISION, held, corrections)
    assert ended.failed
    assert ended.report.differences[0].held == "its correction failed"
    assert not ended.waiting
    assert [*format_corrections(ended, lambda text: text.replace("\x1b", "?"))] == [
        "✗ toy.ball.size: failed: not ?[31mdone (security)"
    ]
    assert corrections_document(ended)["corrections"][0]["ended"] == "failed"
    assert corrections_document(None) == {}
