"""Hundreds of calls of one change, such as one for each old revision, in plans, outcomes and progress."""

from dataclasses import replace
from io import StringIO

from toys import Shelf, Time, toy

from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.model.plan import Change, Op, Outcome, Plan
from reconciler.model.steps import Amount, Call, Later
from reconciler.render.amounts import Amounts
from reconciler.render.history import QUIET, History
from reconciler.render.many_calls import describe_duration
from reconciler.render.outcome import TimedOutcome
from reconciler.render.outcome_json import outcome_document
from reconciler.render.outcome_text import outcome_text
from reconciler.render.plan_json import plan_document
from reconciler.render.plan_text import plan_text
from reconciler.render.progress import report_in_lines
from reconciler.render.rows import choose_rows
from reconciler.render.timeline import Recorder, find_critical_path
from reconciler.render.under_way import Progress

(CREATE,) = Shelf().plan(toy("it")).changes
UPDATE = replace(CREATE, op=Op.UPDATE)
DEREGISTER = [Call("ecs", "deregister_task_definition", {"taskDefinition": f"task:{n}"}) for n in range(2000)]
OLD = [replace(call, amount=Amount(1, "old revisions")) for call in DEREGISTER[:495]]
MARK = Later("old revisions", "495 old revisions are deregistered", clean_up=True)
CLEAN_UP = replace(
    UPDATE, key="toy.it (old revisions)", steps=tuple(OLD), after=frozenset({"toy.it"}), later=MARK
)
DEPLOY = Plan((UPDATE, CLEAN_UP), {})


def deletion(revisions: int, *, lingers: bool = True) -> Change:
    tens = [
        (
            *DEREGISTER[n : n + 10],
            Call("ecs", "delete_task_definitions", {"taskDefinitions": [n]}, amount=Amount(10, "revisions")),
        )
        for n in range(0, revisions, 10)
    ]
    steps = tuple(step for ten in tens for step in ten)
    return replace(CREATE, key="toy.it#1", op=Op.DELETE, steps=steps, outputs={"id": "1"}, lingers=lingers)


def test_a_plan_says_how_many_and_not_which():
    assert plan_text(DEPLOY).splitlines() == [
        "other",
        "  ~ toy.it",
        "      495 old revisions are deregistered",
        "",
        "Plan: 1 to update; 496 AWS calls.",
    ]


def test_of_its_calls_the_first_and_the_last_are_shown_and_json_has_all():
    lines = plan_text(DEPLOY, calls=True).splitlines()
    assert [line for line in lines if "deregister" in line or "more" in line][1:] == [
        "      > ecs.deregister_task_definition taskDefinition=task:0",
        "      > … 493 more calls like these",
        "      > ecs.deregister_task_definition taskDefinition=task:494",
    ]
    [document] = plan_document(DEPLOY)["changes"]
    assert len(document["calls"]) == 496


def test_the_deletion_of_many_says_how_long_it_takes_at_the_rate_of_aws():
    todo = Plan((deletion(2000),), {})
    assert [*describe_duration(todo)] == [
        "2,000 revisions take about 37 min at AWS's rates; all else is deleted first."
    ]
    assert "  - toy.it   1, 2,000 revisions" in plan_text(todo).splitlines()
    assert [*describe_duration(Plan((deletion(50),), {}))] == []


def test_what_is_left_is_said_and_the_run_is_done():
    outcome = Outcome(done=["toy.it"], left={CLEAN_UP.key: Amount(435, "old revisions")})
    assert outcome_text(DEPLOY, TimedOutcome(outcome, 12)) == (
        "435 old revisions of it are left; the next deployment goes on\n1 done in 12 s.\n"
    )
    document = outcome_document(DEPLOY, TimedOutcome(outcome, 12), {})
    assert document["outcome"] == "done"
    assert document["left"] == [{"key": CLEAN_UP.key, "number": 435, "unit": "old revisions"}]
    assert [change["outcome"] for change in document["changes"]] == ["done", "left"]


def test_a_single_one_that_is_left_is_one():
    outcome = Outcome(left={CLEAN_UP.key: Amount(1, "old revisions")})
    assert "1 old revision of it is left; " in outcome_text(DEPLOY, TimedOutcome(outcome))


def test_progress_counts_them_down():
    amounts, change = Amounts(), deletion(30)
    amounts.add(ProgressEvent(EventKind.BEGUN, change))
    for _ in range(12):
        amounts.add(ProgressEvent(EventKind.STEP, change))
    assert amounts.describe(change) == amounts.describe_all() == "20 of 30 revisions left"


def test_lines_say_now_and_then_how_many_all_changes_have_left():
    time, out = Time(), StringIO()
    report = report_in_lines(out, History(lambda: time.at))
    first = deletion(1000)
    second = replace(first, key="toy.other#2")
    for change in (first, second):
        report(ProgressEvent(EventKind.BEGUN, change))
    for _ in range(88):
        time.rest(1)
        report(ProgressEvent(EventKind.STEP, first))
    lines = out.getvalue().splitlines()
    assert [line for line in lines if "left" in line] == [
        "… 0 changes done; under way: 2 toy; 1,950 of 2,000 revisions left"
    ]
    assert QUIET < 88 < 2 * QUIET


def test_a_terminal_counts_them_down_in_the_row_of_their_change():
    progress, change = Progress(), deletion(30)
    progress.record(ProgressEvent(EventKind.BEGUN, change), "", 0)
    for _ in range(11):
        progress.record(ProgressEvent(EventKind.STEP, change), "", 0)
    progress.record(ProgressEvent(EventKind.WAITING, change), "throttled", 0)
    [row] = choose_rows(progress, 24, 0)
    assert row.said == "20 of 30 revisions left; throttled"


def test_the_end_of_an_apply_waited_for_no_clean_up():
    time = Time()
    recorder = Recorder(lambda: time.at)
    for event in (EventKind.BEGUN, EventKind.DONE):
        recorder(ProgressEvent(event, UPDATE))
        time.rest(1)
    recorder(ProgressEvent(EventKind.BEGUN, CLEAN_UP))
    time.rest(60)
    assert [leg.span.change.key for leg in find_critical_path(recorder.spans(0))] == ["toy.it"]
