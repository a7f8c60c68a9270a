"""Clean-up: it begins once all needed writes are made, and nothing waits for it, in simulated time."""

from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from toys import Time, act, toy

from reconciler.model.plan import Change, Op, Outcome, Plan
from reconciler.model.references import Address
from reconciler.model.steps import Amount, Call, Held, Later, NotYet, Rollout

MANY, AT_ONCE = 60, 18  # calls, of which AWS's rate allows so many at once
DEREGISTER = Call("ecs", "deregister_task_definition", {}, amount=Amount(1, "old revisions"))
MARK = Later("old revisions", "", clean_up=True)


class Scripted:
    """An AWS whose rollout lasts some seconds, and whose other answers are a function of the step's name."""

    def __init__(self, time: Time, rollout: float, answer: Any) -> None:
        self.time, self.rollout, self.answer, self.made = time, rollout, answer, list[str]()

    def attempt(self, step: Any, _stop: Any = None, *_: object) -> Any:
        if isinstance(step, Rollout):
            return {} if self.time.at >= self.rollout else NotYet("1 of 2 running")
        self.made.append(step.operation)
        answer = self.answer(step.operation)
        if isinstance(answer, Exception):
            raise answer
        return answer


def change(name: str, *steps: Any, after: tuple[str, ...] = (), op: Op = Op.UPDATE) -> Change:
    found = tuple(Call("toy", step, {}) if isinstance(step, str) else step for step in steps)
    keys, want = frozenset(f"toy.{a}" for a in after), None if op is Op.DELETE else toy(name)
    return Change(f"toy.{name}", Address("toy", name), op, (), found, keys, {"id": "old"}, want=want)


REGISTER = change("definition", Call("toy", "register", {}, {"id": "Id"}))
CLEAN_UP = replace(
    change("definition", *[DEREGISTER] * MANY, after=("definition",)),
    key="toy.definition (old revisions)",
    later=MARK,
)
# Another change writes late: clean-up is ready long before.
SLOW, UPDATE = change("slow", "slow"), change("service", "update", Rollout({}), after=("definition", "slow"))
ALL = (REGISTER, CLEAN_UP, SLOW, UPDATE)


def run(
    changes: tuple[Change, ...] = ALL, answer: Any = lambda _name: {}, rollout: float = 20, **options: Any
) -> tuple[Outcome, list[str], float]:
    time = Time()
    aws = Scripted(time, rollout, answer)
    outcome = act(aws, Plan(changes, {}), clock=time.clock, **{"pace": lambda _execution: 1.0} | options)
    return outcome, aws.made, time.at


def test_it_begins_after_all_needed_writes():
    waits = iter([NotYet("not yet")] * 5)
    _, made, _ = run(answer=lambda name: next(waits, {}) if name == "slow" else {})
    assert {*made[: made.index("update") + 1]} == {"register", "slow", "update"}
    assert {*made[made.index("update") + 1 :]} == {DEREGISTER.operation}


def test_it_goes_on_beside_a_rollout_and_is_left_as_that_ends():
    outcome, made, seconds = run()
    count = made.count(DEREGISTER.operation)
    assert AT_ONCE < count < MANY
    assert outcome.left == {CLEAN_UP.key: Amount(MANY - count, "old revisions")}
    assert (len(outcome.done), outcome.interrupted, outcome.skipped) == (3, [], {})
    assert seconds < 21


def test_what_a_long_rollout_leaves_time_for_is_done():
    outcome, made, _ = run(rollout=300)
    assert made.count(DEREGISTER.operation) == MANY
    assert CLEAN_UP.key in outcome.done
    assert outcome.left == {}


def test_a_run_that_does_not_wait_makes_only_the_calls_that_need_not_wait_either():
    outcome, made, seconds = run(settle=False)
    assert made.count(DEREGISTER.operation) == AT_ONCE
    assert outcome.left[CLEAN_UP.key].number == MANY - AT_ONCE
    assert seconds == 0


def test_calls_that_are_slow_do_not_put_off_the_end_for_ever():
    time = Time()

    def answer(name: str) -> Any:
        time.at += 2 if name == DEREGISTER.operation else 0  # by then, the next call need not wait
        return {}

    aws = Scripted(time, 0, answer)
    act(aws, Plan(ALL, {}), clock=time.clock, settle=False)
    assert aws.made.count(DEREGISTER.operation) == 1


@pytest.mark.parametrize("trouble", [ConnectionError("no"), Held("no image")])
def test_it_does_not_begin_if_a_needed_write_is_not_made(trouble: Any):
    outcome, made, _ = run(answer=lambda name: trouble if name == "update" else {})
    assert DEREGISTER.operation not in made
    assert outcome.left[CLEAN_UP.key].number == MANY


def test_no_deletion_waits_for_it_even_if_it_fails():
    gone = change("gone", "drop", op=Op.DELETE)
    outcome, made, _ = run((*ALL, gone), lambda name: OSError("no") if name == DEREGISTER.operation else {})
    assert [*outcome.failed] == [CLEAN_UP.key]
    assert made[-1] == "drop"
    assert outcome.skipped == {}


def test_a_lost_answer_is_asked_for_again_and_all_others_are_made():
    lost = iter([NotYet("reset", answer_lost=True)])
    outcome, made, _ = run(
        answer=lambda name: next(lost, {}) if name == DEREGISTER.operation else {}, rollout=300
    )
    assert made.count(DEREGISTER.operation) == MANY + 1
    assert CLEAN_UP.key in outcome.done


def test_the_new_id_stays_that_of_its_resource():
    outcome, *_ = run(answer=lambda name: {"id": "new"} if name == "register" else {}, rollout=300)
    assert outcome.ids[Address("toy", "definition")] == {"id": "new"}


def test_a_stop_ends_it_and_says_what_is_left():
    stop = Event()

    def answer(name: str) -> Any:
        if name == DEREGISTER.operation:
            stop.set()
        return {}

    outcome, made, _ = run(answer=answer, stop=stop, workers=1)
    assert outcome.stopped
    assert outcome.left[CLEAN_UP.key].number == MANY - made.count(DEREGISTER.operation)
    assert outcome.interrupted == ["toy.service"]


def test_what_lingers_is_deleted_after_all_others():
    names = [f"d{n}" for n in range(5)]
    families = [replace(change(n, n, op=Op.DELETE), lingers=n in ("d0", "d1")) for n in names]
    _, made, _ = run(tuple(families), workers=1)
    assert made == ["d2", "d3", "d4", "d0", "d1"]


def test_what_another_change_depends_on_does_not_linger():
    first, then = replace(change("first", "first", op=Op.DELETE), lingers=True), change("then", "then")
    _, made, _ = run((first, replace(then, after=frozenset({"toy.first"}))))
    assert made == ["first", "then"]


def test_what_lingers_is_not_begun_where_something_else_fails():
    last = replace(change("last", "last", op=Op.DELETE), lingers=True)
    other = change("other", "other", op=Op.DELETE)
    outcome, made, _ = run((last, other), lambda name: ConnectionError("no") if name == "other" else {})
    assert made == ["other"]
    assert outcome.skipped == {"toy.last": "toy.other"}
