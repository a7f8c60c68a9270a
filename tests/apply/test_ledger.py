"""The ledger of an apply, on toy changes: what waits, settles, stops, is skipped and is held."""

import threading
import time
from dataclasses import replace
from threading import Barrier, Event, Timer

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from structlog.testing import capture_logs
from toys import LOOK, Time, act
from work import AT_MOST, count_lines, growth

from reconciler.apply.events import EventKind, guarded
from reconciler.apply.execution import Execution
from reconciler.apply.pacing import pace
from reconciler.aws.foreign_answers import ForeignAnswer
from reconciler.aws.silence import ANSWERS_WITHIN
from reconciler.errors import StepTimedOut
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address
from reconciler.model.steps import Call, Held, NotYet, Rollout, Wait, Warned


class Scripted:
    """An AWS whose answer is a function of the step."""

    def __init__(self, attempt):
        self.attempt = lambda step, *_: attempt(step)


def call(name, **kw):
    return Call("toy", name, {}, **kw)


def change(name, *steps, after=(), op=Op.DELETE):
    after = frozenset(f"toy.{a}" for a in after)
    return Change(f"toy.{name}", Address("toy", name), op, (), steps or (call(name),), after, {}, "toys")


def run(changes, attempt, **kw):
    return act(Scripted(attempt), Plan(tuple(changes), {}), **kw)


def real(**kw):
    """Return arguments for an apply in real time, with short delays."""
    return {"clock": None, "pace": lambda _task: 0.001} | kw


def made_by(calls):
    def attempt(step):
        calls.append(step.operation)
        return {}

    return attempt


def test_a_settling_wait_holds_nobody_back():
    made = []

    def attempt(step):
        if isinstance(step, Wait):
            return {} if "second" in made else NotYet()  # so it can only settle after its dependent
        return made_by(made)(step)

    first = change("first", call("first"), Wait("toy", "stable", {}, LOOK, settling=True))
    assert {*run([first, change("second", after=["first"])], attempt).done} == {"toy.first", "toy.second"}


def test_settling_waits_are_left_out_where_nobody_wants_to_wait():
    waits = Wait("toy", "stable", {}, LOOK, settling=True), Rollout({}), call("late", settling=True)
    made = []
    outcome = run([change("a", call("a"), *waits)], made_by(made), settle=False)
    assert (outcome.done, made) == (["toy.a"], ["a", "late"])


@pytest.mark.parametrize("workers", [1, 2])
def test_what_waits_for_each_other_needs_no_worker(workers):
    gone = []

    def attempt(step):
        return made_by(gone)(step) if step.operation == "last" or "last" in gone else NotYet()

    assert len(run([change(n) for n in ("a", "b", "c", "last")], attempt, workers=workers).done) == 4


def test_one_event_ends_everything_at_once():
    stop = Event()
    answers = {"good": dict, "slow": lambda: Timer(0.05, stop.set).start() or NotYet()}  # and rests for an hour
    changes = [change("good"), change("bad"), change("slow"), change("later", after=["slow"])]
    outcome = run(changes, lambda step: answers[step.operation](), **real(stop=stop, pace=lambda _: 3600))
    assert (outcome.done, [*outcome.failed]) == (["toy.good"], ["toy.bad"])
    assert ([*outcome.interrupted], outcome.skipped) == (["toy.slow"], {"toy.later": ""})
    assert outcome.stopped


@pytest.mark.parametrize("clock", [None, Time().clock])
def test_no_call_is_made_after_the_event_and_those_in_flight_end(clock):
    stop, both_begun, begun, ended = Event(), Barrier(2), [], []

    def attempt(step):
        begun.append(step.operation)
        both_begun.wait(timeout=600)
        stop.set()
        time.sleep(0.05)  # the call ends after the event
        ended.append(step.operation)
        return {}

    outcome = run(
        [change(n, call(n), call(f"more {n}")) for n in "abcd"], attempt, workers=2, stop=stop, clock=clock
    )
    assert sorted(ended) == sorted(begun) == ["a", "b"]
    assert (sorted(outcome.interrupted), sorted(outcome.skipped)) == (["toy.a", "toy.b"], ["toy.c", "toy.d"])


def test_nothing_begins_when_the_event_is_set_already():
    stop = Event()
    stop.set()
    assert run([change("a")], made_by([]), stop=stop).skipped == {"toy.a": ""}


@pytest.mark.parametrize(("patience", "times"), [(0, 1), (10, 6)])
def test_patience_ends(patience, times):
    tried = []
    outcome = run(
        [change("a", call("never", patience=patience))],
        lambda step: tried.append(step) or NotYet(ValueError("busy")),
        pace=lambda _task: 2,
    )
    assert f"not done after {patience} s: busy" in str(outcome.failed["toy.a"])
    assert len(tried) == times


def test_an_answer_may_deserve_less_patience_than_its_step():
    answers = iter([NotYet("rolling")] * 100 + [NotYet("gone", patience=5)] + [NotYet("rolling")] * 9)
    gone = NotYet("gone", patience=5)
    outcome = run([change("a", Rollout({}, patience=1000))], lambda _: next(answers, gone), pace=lambda _: 1)
    assert "not done after 5 s: gone" in str(outcome.failed["toy.a"])


def test_patience_that_ends_in_a_recovery_tells_what_aws_said():
    """As of something of others' in the way, which no read of ours finds."""
    refused = ValueError("There is one already")
    tried = Execution(change("a"), (call("make"),), {}).retried(NotYet(refused, answer_lost=True), 0, 5)
    again = tried.replanned((call("make"),), {})
    with pytest.raises(StepTimedOut, match="not done after 5 s: checking; There is one already") as timed_out:
        again.retried(NotYet("checking", answer_lost=True), 6, 5)
    assert timed_out.value.__cause__ is refused


def test_a_failure_stops_only_what_comes_after_it_and_is_named():
    def attempt(step):
        if step.operation == "bad":
            raise ValueError("no")
        return {}

    changes = [made("bad"), made("b", after=["bad"]), made("c", after=["b"]), made("d")]
    outcome = run(changes, attempt)
    assert (outcome.done, [*outcome.failed]) == (["toy.d"], ["toy.bad"])
    assert outcome.skipped == {"toy.b": "toy.bad", "toy.c": "toy.bad"}
    assert not outcome.interrupted


def test_a_mistake_of_the_program_is_told_with_its_traceback(capsys):
    outcome = run([change("a")], lambda step: step.nothing)
    assert isinstance(outcome.failed["toy.a"], AttributeError)
    assert "has no attribute 'nothing'" in "".join(
        capsys.readouterr()
    )  # where the log goes is not its own to say


def test_what_is_held_holds_what_comes_after_it():
    changes = [change("image"), change("b", after=["image"]), change("c", after=["b"]), change("d")]
    answers = {"image": Held("missing", "docker push")}
    outcome = run(changes, lambda step: answers.get(step.operation, {}))
    assert outcome.done == ["toy.d"]
    assert {key: held.why for key, held in outcome.held.items()} == {
        "toy.image": "missing",
        "toy.b": "waits for toy.image",
        "toy.c": "waits for toy.b",
    }
    assert outcome.held["toy.image"].remedy == "docker push"
    assert not outcome.interrupted


def test_what_waits_for_something_held_is_skipped_after_a_stop():
    stop = Event()
    answers = {"image": lambda: Held("missing"), "slow": lambda: stop.set() or NotYet()}
    changes = [change("image"), change("slow"), change("b", after=["image"])]
    outcome = run(changes, lambda step: answers[step.operation](), stop=stop, workers=1)
    assert ([*outcome.held], outcome.interrupted) == (["toy.image"], ["toy.slow"])
    assert outcome.skipped == {"toy.b": ""}


def test_a_person_is_given_time_and_told_at_once_what_to_do():
    told, steps = [], change("image", call("image", hold=("Missing",), patience=5))
    answers = iter([Held("missing", "docker push"), NotYet("throttled")] * 20)
    outcome = run([steps], lambda _: next(answers, {}), hold_for=600, pace=lambda _: 10, report=told.append)
    assert outcome.done == ["toy.image"]
    assert next((e.text, e.note) for e in told if e.what is EventKind.NOTE) == ("docker push", "remedy")


def test_a_person_who_does_nothing_ends_it():
    time_, image = Time(), change("image", call("image", hold=("Missing",), patience=5))
    held = Held("missing", "docker push")
    outcome = run([image], lambda _: held, hold_for=600, pace=lambda _: 10, clock=time_.clock)
    assert (outcome.held, time_.at) == ({"toy.image": held}, 600)


def test_what_aws_took_and_is_not_content_with_is_told():
    told, answers = [], iter([Warned({}, ("/x: too much",)), {}])
    outcome = run([change("a", call("a"), call("b"))], lambda _: next(answers), report=told.append)
    assert [(e.text, e.note) for e in told if e.what is EventKind.NOTE] == [("/x: too much", "/x: too much")]
    assert outcome.done == ["toy.a"]


def test_events_tell_what_happens():
    told, answers = [], iter([NotYet("busy"), {}, {}])
    run([change("a", call("a"), call("b"))], lambda _: next(answers), report=told.append)
    assert [(e.what, e.text) for e in told] == [
        (EventKind.BEGUN, ""),
        (EventKind.WAITING, "busy"),
        (EventKind.STEP, ""),
        (EventKind.STEP, ""),
        (EventKind.DONE, ""),
    ]


def test_a_listener_that_raises_ends_nothing_and_is_logged_once():
    def listener(event):
        told.append(event.what)
        raise BrokenPipeError

    told = []
    with capture_logs() as logs:
        outcome = run([change("a"), change("b")], lambda _: {}, report=listener)
    assert outcome.done == ["toy.a", "toy.b"]
    assert len(told) == 1
    assert [(entry["log_level"], entry["change"]) for entry in logs] == [("error", "toy.a")]


def test_the_other_listeners_hear_all_events():
    def fails(_event):
        raise BrokenPipeError

    told = []
    with capture_logs():
        run([change("a")], lambda _: {}, report=guarded(fails, told.append))
    assert [event.what for event in told] == [EventKind.BEGUN, EventKind.STEP, EventKind.DONE]


def test_made_up_time_stands_still_while_a_call_is_in_flight():
    clock, slow = Time(), threading.Event()

    def attempt(step):
        if step.operation == "slow":
            slow.wait(0.3)
            return {}
        return NotYet() if clock.at < 1 else {}

    changes = [change("slow"), *(change(f"{n}") for n in range(50))]
    outcome = run(changes, attempt, clock=clock.clock, pace=lambda _: 1)
    assert len(outcome.done) == 51
    assert (clock.at, len(clock.rests)) == (1, 1)


def test_the_loop_does_not_spin_beside_a_slow_call():
    """Longer rests are no more work."""

    def rest_beside_a_slow_call(seconds):
        tried, enough = [], Event()

        def attempt(step):
            if step.operation == "slow":
                return {} if enough.wait() else NotYet()
            tried.append(step.operation)
            enough.set() if len(tried) > 60 else None
            return {} if len(tried) > 60 else NotYet()

        changes = [change("slow"), *(change(f"{n}") for n in range(20))]
        assert len(run(changes, attempt, **real(pace=lambda _: seconds)).done) == 21

    often = count_lines(lambda: rest_beside_a_slow_call(0.01))
    assert count_lines(lambda: rest_beside_a_slow_call(0.2)) < 3 * often


def test_twice_as_many_changes_are_twice_the_work():
    def prepare(number):
        changes = [change(f"{n}", after=[f"{n // 2}"] if n else []) for n in range(number)]
        assert len(run(changes, lambda _: {}).done) == number
        return lambda: run(changes, lambda _: {})

    assert growth(prepare, 150) < AT_MOST


def test_the_pace_slackens():
    def after(tries, **kw):
        return pace(Execution(change("a"), (), {}, tries=tries, **kw))

    assert 0.5 <= after(1) <= 1
    assert 15 <= after(50) <= 15.5
    assert after(3, answer_lost=True, times_not_found=1) == 5
    assert after(3, answer_lost=True, times_not_found=2) == 10


def test_what_all_services_wait_for_is_asked_for_more_often():
    steps = (Wait("servicediscovery", "operation_ended", {}, LOOK),)
    assert 5 <= pace(Execution(change("a"), steps, {}, tries=50)) <= 5.5


def test_the_pace_is_the_same_each_time_without_chance():
    executions = [Execution(change("a"), (), {}, tries=tries) for tries in (1, 2, 3, 4, 5, 6, 7, 5000)]
    delays = [pace(execution, chance=lambda: 0.0) for execution in executions]
    assert delays == [0.5, 1, 2, 4, 8, 15, 15, 15]


def test_chance_adds_half_a_second_at_most():
    execution = Execution(change("a"), (), {}, tries=50)
    assert [pace(execution, chance=lambda c=c: c) for c in (0.0, 0.5, 1.0)] == [15, 15.25, 15.5]


def made(name, *steps, after=()):
    return change(name, *steps, after=after, op=Op.CREATE)


def test_what_goes_waits_for_all_else_and_for_its_rollouts():
    tried = []

    def attempt(step):
        tried.append(getattr(step, "operation", "rollout"))
        return NotYet() if tried.count("rollout") == 1 and tried[-1] == "rollout" else {}

    outcome = run([change("old"), made("service", call("service"), Rollout({})), made("other")], attempt)
    assert len(outcome.done) == 3
    assert (tried[-1], tried.count("rollout")) == ("old", 2)


def test_what_goes_stays_if_something_else_is_held():
    outcome = run([change("old"), made("new")], lambda _step: Held("wait for CI"))
    assert (outcome.done, [*outcome.held]) == ([], ["toy.new", "toy.old"])


def test_what_goes_stays_if_something_else_failed():
    outcome = run([change("old"), made("new")], {}.__getitem__)
    assert (outcome.done, outcome.skipped) == ([], {"toy.old": "toy.new"})


def test_what_waits_for_something_held_is_held_though_something_else_failed():
    answers = {"image": Held("missing")}
    outcome = run(
        [made("bad"), made("image"), made("b", after=["image"])], lambda step: answers[step.operation]
    )
    assert ([*outcome.failed], outcome.skipped) == (["toy.bad"], {})
    assert outcome.held["toy.b"] == Held("waits for toy.image", cause="toy.image")


def test_what_is_replaced_leaves_its_address_to_what_replaces_it():
    old = replace(change("a", call("drop"), after=["a"]), key="toy.a#1", outputs={"id": "1"})
    ids = {"make": {"id": "2"}, "drop": {}}
    outcome = run([made("a", call("make")), old], lambda step: ids[step.operation])
    assert outcome.done == ["toy.a", "toy.a#1"]
    assert outcome.ids[Address("toy", "a")] == {"id": "2"}


def test_what_something_else_needs_gone_goes_first():
    tried = []
    run([change("old"), change("surplus"), made("new", after=["old"])], made_by(tried))
    assert tried == ["old", "new", "surplus"]


TIMEOUT = ReadTimeoutError(endpoint_url="https://x")


def answer_with(error):
    return lambda _step: NotYet(error)


def test_a_run_that_aws_does_not_answer_ends():
    time = Time()
    patient = [change(name, call(name, patience=1200)) for name in "ab"]
    outcome = run([*patient, change("c", after=["a"])], answer_with(TIMEOUT), clock=time.clock)
    assert outcome.failed.keys() == {"toy.a", "toy.b"}
    assert outcome.skipped == {"toy.c": "toy.a"}
    assert ANSWERS_WITHIN <= time.at < ANSWERS_WITHIN + 60
    assert str(outcome.failed["toy.a"]).startswith(
        "AWS has answered nothing for 600 s: AWS does not answer toy.a"
    )
    assert outcome.failed["toy.a"].__cause__ is TIMEOUT


def test_one_answer_to_anybody_ends_the_silence():
    def attempt(step):
        return NotYet("busy") if step.operation == "b" else NotYet(TIMEOUT)

    patient = [change("a", call("a", patience=2000)), change("b", call("b", patience=3000))]
    outcome = run(patient, attempt)
    assert str(outcome.failed["toy.a"]).startswith("not done after 2000 s")


@pytest.mark.parametrize(
    "error",
    [
        TIMEOUT,
        EndpointConnectionError(endpoint_url="https://x"),
        ForeignAnswer("a page"),
        ClientError({"Error": {"Code": "502", "Message": "Bad Gateway"}}, "asked"),
    ],
)
def test_what_is_no_answer_is_silence(error):
    outcome = run([change("a", call("a", patience=3000))], answer_with(error))
    assert "answered nothing for 600 s" in str(outcome.failed["toy.a"])


def test_progress_says_what_is_waited_for():
    told = []
    run([change("a", call("a", patience=20))], answer_with(TIMEOUT), report=told.append)
    assert told[1].text == f"AWS does not answer toy.a: {TIMEOUT}"


def test_what_is_waited_for_after_a_recovery_has_its_own_patience():
    make, wait = call("make"), Wait("toy", "ready", {}, LOOK, patience=10)
    tried = Execution(change("a", make, wait), (make, wait), {}, tries=9, half_done=True)
    found, missing = tried.replanned((wait,), {"id": "1"}), tried.replanned((make, wait), {})
    assert found.retried(NotYet("being made"), now=100, patience=10).tries == 1
    with pytest.raises(StepTimedOut):
        missing.retried(NotYet("refused"), now=100, patience=10)
