"""The page of a watch: what it tells of stacks, and when it is made again."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from reports import AT, ATTACK, OPENED, STOPPED, TAGGED, damaged, hostile, report

from reconciler.model.correction import Correction, Ended, Reason, Waiting
from reconciler.model.drift import NotCompared, Severity
from reconciler.watch.board import make_board
from reconciler.watch.page import Page
from reconciler.watch.status import Contested, Round, RoundOutcome, StackStatus, outcome_of

NOW = datetime(2026, 11, 28, 10, 13, tzinfo=UTC)
CLEAN, FAILED = Round(AT, 7, RoundOutcome.CLEAN), Round(AT, 2, RoundOutcome.FAILED, error="AccessDenied: no")
DRIFT = Round(AT, 7, RoundOutcome.DRIFT, {Severity.SECURITY: 1, Severity.TAGS: 2}, corrected=2, woken_by="bob")


def stack(name="shop/dev/eu", *rounds, **more):
    return StackStatus(name, 300, **{"rounds": rounds, "last_good": AT if rounds else "", **more})


def page(*stacks, now=NOW):
    board = make_board("0.9", AT, lambda: 0.0)
    for status in stacks:
        board.put(status)
    return Page(board, lambda: now)


def words(*stacks, now=NOW):
    html = page(*stacks, now=now).answer("").body
    body = re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", body).split())


def test_stacks_are_in_order_the_worst_first():
    told = words(
        stack("a/clean/x", CLEAN, report=report()),
        stack("b/none/x"),
        stack("c/tags/x", DRIFT, report=report(TAGGED)),
        stack("d/failed/x", FAILED),
        stack("e/open/x", DRIFT, report=report(OPENED, TAGGED)),
    )
    assert re.findall(r"(\w)/\w+/x", told)[:5] == ["e", "d", "c", "b", "a"]
    assert "2 of 5 stacks drift; 1 could not be read; 1 in the first round" in told


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (stack(), "The first round is under way."),
        (stack("a", CLEAN, report=report()), "The stack is as its file says"),
        (stack("a", FAILED, report=report()), "The last round failed. Shown is the last good one."),
        (stack("a", FAILED, failures=4), "The last 4 rounds failed."),
        (stack("a", FAILED), "The last round failed: AccessDenied: no"),
        (stack("a", CLEAN, file_error="line 12"), "as it was when it was right: line 12"),
        (stack("a", CLEAN, paused="until Monday"), "Paused: until Monday"),
        (stack("a", CLEAN, report=report(not_compared=(NotCompared("x", "y"),))), "1 not compared in full"),
        (stack("a", DRIFT, report=damaged(), since={STOPPED.key: AT}), "28 Nov 2026, 10:12 UTC 28 Nov 2026"),
        (
            stack("a", DRIFT, report=damaged()),
            "user alice , last to touch it , UpdateService , console",
        ),
        (stack("a", DRIFT), "1 security , 2 tags , 2 corrected , took 7 s , woken by bob"),
    ],
)
def test_what_is_the_matter_with_a_stack_is_told(status, said):
    assert said.replace(" ,", ",") in words(status).replace(" ,", ",")


def test_what_becomes_of_drift_is_told_beside_it():
    told = words(
        stack(
            "a", DRIFT, report=damaged(),
            contested=(Contested(STOPPED.key, Severity.AVAILABILITY, 3, "user alice", AT),),
            waiting=(Waiting(TAGGED.key, Severity.TAGS, Reason.WINDOW, "for Monday"),),
            corrections=(
                Correction(OPENED.key, Severity.SECURITY, AT, Ended.FAILED, "Throttling"),
                Correction("gone", Severity.TAGS, AT, Ended.DONE),
            ),
        )
    )  # fmt: skip
    assert "contested corrected and changed again by user alice, 3 times; next correction ( 28 Nov" in told
    assert "waiting for Monday" in told
    assert told.count("failed Throttling") == 2  # beside the difference, and in the list
    assert "tags gone corrected" in told


def test_why_nothing_is_corrected_is_told_once():
    held = [replace(d, held="run apply") for d in (STOPPED, TAGGED)]
    waits = tuple(Waiting(d.key, d.severity, Reason.APPLY, "run apply") for d in held)
    found = report(*held, obstacle="run apply")
    told = words(stack("a", DRIFT, report=found, paused="run apply", waiting=waits))
    assert "Paused: run apply" in told
    assert told.count("run apply") == 1
    told = words(stack("a", DRIFT, report=found))
    assert "Nothing is corrected: run apply" in told
    assert told.count("run apply") == 1


def test_a_stack_without_a_good_round_for_long_is_old():
    status = stack("a", CLEAN, report=report())
    read = datetime.fromisoformat(AT)
    assert "no round was good since" not in words(status, now=read + timedelta(seconds=900))
    assert "no round was good since" in words(status, now=read + timedelta(seconds=901))


def test_a_watch_that_hangs_says_so():
    shown = page(stack())
    shown.board.now = lambda: 1_000.0
    assert "The watch hangs" in shown.answer("").body


def test_a_page_that_is_known_is_not_sent_again():
    shown = page(stack("a", CLEAN, report=report()))
    tag = shown.answer("").headers["ETag"]
    shown.board.turn()
    assert (shown.answer(tag).status, shown.answer(tag).body) == (HTTPStatus.NOT_MODIFIED, "")
    shown.board.put(stack("a", DRIFT, report=damaged()))
    assert shown.answer(tag).status == HTTPStatus.OK


def test_a_watch_of_nothing_has_a_page():
    assert "No stack is watched." in words()


def test_what_others_wrote_is_only_text():
    status = replace(
        stack(ATTACK, replace(FAILED, error=ATTACK, woken_by=ATTACK, at=ATTACK), report=hostile()),
        file=ATTACK, file_error=ATTACK, paused=ATTACK, corrects=ATTACK, last_good=ATTACK, next_at=ATTACK,
        contested=(Contested(ATTACK, Severity.TAGS, 1, ATTACK, ATTACK),),
        waiting=(Waiting(ATTACK, Severity.TAGS, Reason.OTHER, ATTACK, ATTACK),),
        corrections=(Correction(ATTACK, Severity.TAGS, ATTACK, Ended.DONE, ATTACK),),
    )  # fmt: skip
    html = page(status).answer("").body
    assert "<img" not in html
    assert html.count("<script>") == html.count("</script>") == 1


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (damaged(), RoundOutcome.DRIFT),
        (report(), RoundOutcome.CLEAN),
        (report(not_compared=(NotCompared("x", "y"),)), RoundOutcome.PARTIAL),
        (replace(damaged(), differences=damaged().not_applied, not_compared=()), RoundOutcome.NOT_APPLIED),
    ],
)
def test_the_outcome_of_a_round_is_that_of_its_report(found, outcome):
    assert outcome_of(found) is outcome


def test_a_board_shows_the_newest_of_each_stack():
    board = make_board("0.9", AT)
    for status in (stack("b"), stack("a"), stack("b", CLEAN)):
        board.put(status)
    board.say_events("no trail: polling only")
    assert [s.stack for s in board.status.stacks] == ["a", "b"]
    assert board.status.stacks[1].last == CLEAN
    board.remove("a")
    assert [s.stack for s in board.status.stacks] == ["b"]
    assert board.status.events == "no trail: polling only"
