"""What is put off: it waits for rollouts, comes last, and is held or skipped without what it follows."""

from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from toys import Time, act, toy

from reconciler.apply.deletions_last import final_changes
from reconciler.apply.taking_back import taken_back
from reconciler.errors import LeaseLost
from reconciler.model.plan import Change, Op, Outcome, Plan
from reconciler.model.references import Address
from reconciler.model.steps import Call, Held, Later, NotYet, Rollout

SERVICE = Address("toy", "service")
BACK = Call("toy", "back", {})
MOVES = Later("moves", "", rolled_out=SERVICE, otherwise=(BACK,))
LEAVES = Later("leaves", "", last=True)
ROLLOUT = Rollout({})


class Scripted:
    """An AWS whose answer is a function of the step's title."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.made = answer, list[str]()

    def attempt(self, step: Any, *_: Any) -> Any:
        name = step.operation if isinstance(step, Call) else step.title
        self.made.append(name)
        answer = self.answer(name)
        if isinstance(answer, Exception):
            raise answer
        return answer


def change(
    name: str, *steps: Any, after: tuple[str, ...] = (), op: Op = Op.UPDATE, later: Later | None = None
) -> Change:
    key = f"toy.{name} ({later.what})" if later else f"toy.{name}"
    waits = frozenset({str(later.rolled_out)}) if later and later.rolled_out else frozenset()
    found = (*(Call("toy", step, {}) if isinstance(step, str) else step for step in steps),)
    want = None if op is Op.DELETE else toy(name)
    keys = frozenset(f"toy.{a}" for a in after) | waits
    return Change(
        key, Address("toy", name), op, (), found, keys, {}, want=want, later=later, after_rollout=waits
    )


JOIN = change("rule", "join")
ROLL = change("service", "update", ROLLOUT, after=("rule",))
MOVE = change("rule", "move", after=("rule",), later=MOVES)
LEAVE = change("service", "leave", ROLLOUT, after=("service",), later=LEAVES)
DROP = replace(
    change("group", "drop", op=Op.DELETE, after=("rule", "service", "service (leaves)")),
    after_rollout=frozenset({"toy.service (leaves)"}),
)
ALL = (JOIN, ROLL, MOVE, LEAVE, DROP)


def run(
    answer: Any = lambda _name: {}, changes: tuple[Change, ...] = ALL, **options: Any
) -> tuple[Outcome, list[str]]:
    aws = Scripted(answer)
    return act(aws, Plan(changes, {}), **options), aws.made


def test_all_comes_in_its_order():
    outcome, made = run()
    assert made == ["join", "update", "rollout", "move", "leave", "rollout", "drop"]
    assert len(outcome.done) == len(ALL)


def test_a_move_waits_for_the_end_of_the_rollout_and_not_only_for_its_call():
    polls = iter([NotYet("1 of 2"), NotYet("1 of 2"), {}, {}])
    _, made = run(lambda name: next(polls) if name == "rollout" else {})
    assert made.count("rollout") == 4
    assert made.index("move") > 3


@pytest.mark.parametrize("failing", ["update", "rollout"])
def test_a_rollout_that_fails_takes_nothing_away_and_what_was_prepared_is_taken_back(failing: str):
    outcome, made = run(lambda name: ConnectionError("no") if name == failing else {})
    assert [*outcome.failed] == ["toy.service"]
    assert outcome.skipped == dict.fromkeys([c.key for c in (MOVE, LEAVE, DROP)], "toy.service")
    assert made[-1] == "back"
    assert not {"move", "leave", "drop"} & {*made}


def test_a_hold_takes_nothing_away_either():
    outcome, made = run(lambda name: Held("no image") if name == "update" else {})
    assert {key: held.cause for key, held in outcome.held.items()} == {
        "toy.service": None,
        **dict.fromkeys([c.key for c in (MOVE, LEAVE, DROP)], "toy.service"),
    }
    assert made == ["join", "update", "back"]


def test_nothing_is_taken_back_that_was_not_prepared():
    outcome, made = run(lambda name: ConnectionError("no") if name == "join" else {})
    assert outcome.skipped[MOVE.key] == "toy.rule"
    assert made == ["join"]


def test_without_the_lease_nothing_is_tried_any_more_and_nothing_taken_back():
    other = change("other", "other", after=("service",))
    outcome, made = run(lambda name: LeaseLost("taken over") if name == "update" else {}, changes=(*ALL, other))
    assert made == ["join", "update"]
    assert [*outcome.failed] == ["toy.service"]
    apart = (change("one", "one"), change("two", "two"))
    outcome, made = run(lambda _name: LeaseLost("taken over"), changes=apart, workers=1)
    assert (made, outcome.skipped) == (["one"], {"toy.two": ""})


def test_of_several_changes_under_way_one_tells_that_the_lease_is_lost():
    both = Barrier(2, timeout=600)

    def lose(_name: str) -> Exception:
        both.wait()
        return LeaseLost("taken over")

    outcome, _ = run(lose, changes=(change("one", "one"), change("two", "two")), workers=2)
    assert (len(outcome.failed), len(outcome.interrupted)) == (1, 1)


def test_what_says_no_way_back_is_left():
    mark = replace(MOVES, otherwise=())
    move = replace(MOVE, later=mark)
    assert not [*taken_back(Plan((ROLL, move), {}), Outcome(skipped={move.key: "toy.service"}))]


def test_what_an_earlier_run_prepared_is_taken_back_too():
    back = taken_back(Plan((ROLL, MOVE), {}), Outcome(skipped={MOVE.key: "toy.service"}))
    assert {key: change.steps for key, change in back.items()} == {MOVE.key: (BACK,)}


def test_what_cannot_be_taken_back_is_a_failure_of_the_part_that_did_not_come():
    outcome, _ = run(lambda name: ConnectionError("no") if name in ("update", "back") else {})
    assert [*outcome.failed] == ["toy.service", MOVE.key]
    assert MOVE.key not in outcome.skipped
    outcome, _ = run(lambda name: {"update": Held("no image"), "back": ConnectionError("no")}.get(name, {}))
    assert [*outcome.failed] == [MOVE.key]
    assert MOVE.key not in outcome.held


def test_a_lost_answer_to_what_takes_back_is_no_reason_to_move():
    lost = iter([NotYet("reset", answer_lost=True), {}])
    answers = {"back": lambda: next(lost), "update": lambda: ConnectionError("no")}
    _, made = run(lambda name: answers.get(name, dict)())
    assert made[-2:] == ["back", "back"]


def test_requests_move_only_after_the_rollout_also_where_nobody_wants_to_wait():
    _, made = run(settle=False)
    assert made == ["join", "update", "rollout", "move", "leave", "rollout", "drop"]


def test_what_a_creation_depends_on_is_not_last():
    new = change("new", "make", after=("service (leaves)",), op=Op.CREATE)
    assert final_changes({c.key: c for c in (*ALL, new)}) == {DROP.key}
    assert final_changes({c.key: c for c in ALL}) == {DROP.key, LEAVE.key}


def test_what_a_creation_depends_on_indirectly_is_not_last_either():
    first = change("first", "drop", op=Op.DELETE)
    second = change("second", "drop", after=("first",), op=Op.DELETE)
    new = change("new", "make", after=("second",), op=Op.CREATE)
    assert not final_changes({c.key: c for c in (first, second, new)})


def test_what_takes_away_alone_is_done_at_once():
    outcome, made = run(changes=(replace(LEAVE, after=frozenset()),), clock=Time().clock)
    assert (outcome.done, made) == ([LEAVE.key], ["leave", "rollout"])
