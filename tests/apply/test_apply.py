"""Lost answers: the engine finds out what the call did, and never makes a resource twice."""

from collections import Counter
from dataclasses import replace
from functools import partial
from threading import Event

import pytest
from botocore.exceptions import ClientError
from toys import KINDS, LOOK, STACK, Picture, Recipe, Shelf, Time, act, make, settle, toy

from reconciler.apply.pacing import pace
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import NotYet, Wait

HUB = Ref("toy", "hub")
STEADY_PACE = partial(pace, chance=lambda: 0.0)
LOST = ["lost before", "lost after"]  # before AWS has acted; after


@pytest.mark.parametrize(("lost", "times"), [("lost before", 2), ("lost after", 1)])
def test_a_create_is_repeated_only_when_seen_missing(lost, times):
    shelf = Shelf(troubles={"make_hub": [lost]})
    assert settle(shelf, toy("hub"), toy("a", hub=HUB))
    assert Counter(shelf.calls) == {"make_hub": times, "make_a": 1}
    assert shelf.names() == {"toy.hub": 1, "toy.a": 1}


def test_what_was_lost_is_known_by_the_names_of_what_it_refers_to():
    shelf = Shelf(troubles={"make_a": ["lost after"]})
    assert settle(shelf, toy("hub"), toy("a", hub=HUB))
    assert Counter(shelf.calls) == {"make_hub": 1, "make_a": 1}


def test_it_is_looked_for_over_half_a_minute():
    shelf, time = Shelf(troubles={"make_a": ["lost after"]}), Time()
    todo = shelf.plan(toy("a"))
    shelf.lag = 3
    assert act(shelf, todo, clock=time.clock).done == ["toy.a"]
    assert shelf.names() == {"toy.a": 1}
    assert time.rests[-3:] == pytest.approx([5, 10, 15])


@pytest.mark.parametrize("lost", LOST)
def test_an_update_is_recovered_too(lost):
    shelf = Shelf()
    settle(shelf, toy("a"))
    shelf.troubles["change_a"] = [lost]
    assert settle(shelf, toy("a", size=3)) == ["update toy.a"]
    assert shelf.calls.count("change_a") == 1 + (lost == "lost before")


@pytest.mark.parametrize("lost", LOST)
def test_a_delete_is_repeated(lost):
    shelf = Shelf()
    settle(shelf, toy("a"))
    shelf.troubles["drop_a"] = [lost]
    assert settle(shelf) == ["delete toy.a"]
    assert not shelf.names()


@pytest.mark.parametrize(("lost", "times"), [("lost before", 2), ("lost after", 1)])
def test_a_revision_is_not_made_twice(lost, times):
    shelf, a = Shelf(), toy("a", recipe=Ref("recipe", "r"))
    settle(shelf, make(Recipe, "r", text="1"), a)
    shelf.calls.clear()
    shelf.troubles["make_r"] = [lost]
    todo = shelf.plan(make(Recipe, "r", text="2"), a)
    assert act(shelf, todo).done == ["recipe.r", "toy.a"]
    assert shelf.calls.count("make_r") == times


def test_surplus_is_not_taken_for_what_was_lost():
    shelf, want = Shelf(), toy("b", size=1)
    kept, surplus = shelf.put(toy("b")), shelf.put(want)
    shelf.troubles |= {"change_b": ["lost before"], "drop_b": [NotYet("busy")] * 99}
    act(shelf, shelf.plan(want))
    assert {own_id: live.spec.size for own_id, live in shelf.things.items()} == {kept: 1, surplus: 1}


def test_what_others_have_is_not_taken_for_what_was_lost():
    shelf = Shelf(troubles={"make_a": ["lost before"]})
    todo = shelf.plan(toy("a"))
    shelf.put(toy("a"), owner="other/dev/x")
    assert act(shelf, todo).done == ["toy.a"]
    assert shelf.names() == {"toy.a": 2}


def test_a_create_without_end_ends():
    shelf, time = Shelf(troubles={"make_a": ["lost before"] * 99}), Time()
    outcome = act(shelf, shelf.plan(toy("a")), clock=time.clock, pace=STEADY_PACE)
    assert "not done after 180 s: reset" in str(outcome.failed["toy.a"])
    assert time.at < 240


def test_a_look_that_fails_is_repeated():
    shelf = Shelf(troubles={"make_a": ["lost after"]})
    todo = shelf.plan(toy("a"))
    shelf.unread = 3
    assert act(shelf, todo).done == ["toy.a"]
    assert shelf.names() == {"toy.a": 1}


def test_looks_may_fail_for_longer_than_an_impatient_call(monkeypatch):
    usual = KINDS["toy"].ensure
    ensured(monkeypatch, lambda want, live: (replace(step, patience=1) for step in usual(want, live)))
    shelf = Shelf(troubles={"make_a": ["lost after"]})
    todo = shelf.plan(toy("a"))
    shelf.unread = 7
    assert act(shelf, todo).done == ["toy.a"]


def test_looks_that_fail_without_end_end():
    shelf = Shelf(troubles={"make_a": ["lost after"]})
    todo = shelf.plan(toy("a"))
    shelf.unread = 999
    assert "AWS did not answer" in str(act(shelf, todo).failed["toy.a"])


def test_a_stop_while_looking_is_an_interruption():
    shelf, stop = Shelf(troubles={"make_a": ["lost after"]}), Event()
    todo = shelf.plan(toy("a"))
    shelf.shown = lambda _cls: stop.set() or []
    outcome = act(shelf, todo, stop=stop)
    assert ([*outcome.interrupted], shelf.calls) == (["toy.a"], ["make_a"])


def ensured(monkeypatch, ensure):
    """Let this function be the `ensure` of toys."""
    monkeypatch.setitem(KINDS, "toy", replace(KINDS["toy"], ensure=ensure))


@pytest.mark.parametrize("lost", LOST)
def test_the_waits_still_to_come_are_kept(monkeypatch, lost):
    shelf = Shelf(troubles={"make_a": [lost]})
    shelf.attempt = waited(shelf.attempt, waits := [])
    own = Wait("toys", "ready", {"id": toy("a").ref()}, LOOK)
    beside = Wait("toys", "settled", {"id": toy("a").ref()}, LOOK, settling=True)
    moot = Wait("toys", "operation", {"id": toy("a").ref("operation")}, LOOK)
    make_toy = KINDS["toy"].ensure
    ensured(monkeypatch, lambda want, live: [*make_toy(want, live), *([] if live else [moot, own, beside])])
    assert act(shelf, shelf.plan(toy("a"))).done == ["toy.a"]
    assert waits == [("ready", "toy-001"), ("settled", "toy-001")]


@pytest.mark.parametrize(
    ("trouble", "output", "waited_for"),
    [([], "id", False), ([], "arn", True), (["lost after"], "id", True)],
    ids=["given", "not given", "answer lost"],
)
def test_what_is_waited_for_outputs_only_is_asked_for_unless_the_answer_gave_them(
    monkeypatch, trouble, output, waited_for
):
    shelf = Shelf(troubles={"make_a": trouble})
    shelf.attempt = waited(shelf.attempt, waits := [])
    wait = Wait("toys", "named", {"id": "a"}, LOOK, {output: "Id"}, for_outputs=True)
    make_toy = KINDS["toy"].ensure
    ensured(monkeypatch, lambda want, live: [*make_toy(want, live), *([] if live else [wait])])
    assert act(shelf, shelf.plan(toy("a"))).done == ["toy.a"]
    assert waits == [("named", "a")] * waited_for


def waited(attempt, waits):
    def attempt_or_wait(step, *others):
        if isinstance(step, Wait):
            return waits.append((step.until, step.params["id"])) or {}
        return attempt(step, *others)

    return attempt_or_wait


@pytest.mark.parametrize("lost", LOST)
def test_one_of_several_writes_is_lost(monkeypatch, lost):
    make_toy = KINDS["toy"].ensure

    def ensure(want, live):
        small = Live(want.model_copy(update={"size": 0}), {"id": ""}, STACK.name)
        if not live:
            yield from make_toy(small.spec, None)
        for call in make_toy(want, small):
            yield replace(call, operation="grow")

    ensured(monkeypatch, ensure)
    shelf = Shelf(troubles={"grow": [lost]})
    assert settle(shelf, toy("a", size=5)) == ["create toy.a"]
    assert Counter(shelf.calls) == {"make_a": 1, "grow": 1 + (lost == "lost before")}


def test_what_others_make_holds_whoever_needs_it():
    shelf, wanted = Shelf(), [make(Picture, "p"), toy("a", picture=Ref("picture", "p")), toy("b")]
    outcome = act(shelf, shelf.plan(*wanted))
    assert (outcome.done, sorted(outcome.held)) == (["toy.b"], ["picture.p", "toy.a"])
    shelf.put(Picture(name="p"))
    assert settle(shelf, *wanted) == ["create toy.a"]
    assert shelf.calls.count("get_p") == 1


def test_a_name_that_is_being_given_up_is_tried_again_soon():
    refused = ClientError({"Error": {"Code": "PriorityInUse", "Message": "in use"}}, "CreateRule")
    shelf, time = Shelf(troubles={"make_a": [NotYet(refused, answer_lost=True)] * 2}), Time()
    assert act(shelf, shelf.plan(toy("a")), clock=time.clock).done == ["toy.a"]
    assert shelf.calls.count("make_a") == 3
    assert time.at < 10


THROTTLED = NotYet(ClientError({"Error": {"Code": "Throttling", "Message": "Rate exceeded"}}, "MakeToy"))


def test_throttling_is_waited_out_for_longer_than_anything_else():
    shelf, time = Shelf(troubles={"make_a": [THROTTLED] * 50}), Time()
    assert act(shelf, shelf.plan(toy("a")), clock=time.clock).done == ["toy.a"]
    assert shelf.names() == {"toy.a": 1}
    assert 600 < time.at < 900


def test_throttling_is_not_waited_out_for_ever():
    shelf, time = Shelf(troubles={"make_a": [THROTTLED] * 500}), Time()
    outcome = act(shelf, shelf.plan(toy("a")), clock=time.clock)
    assert str(outcome.failed["toy.a"]) == "not done after 900 s: Rate exceeded"
    assert 900 < time.at < 930


def test_throttling_neither_uses_patience_up_nor_renews_it():
    busy = [THROTTLED if n % 2 else NotYet("busy") for n in range(500)]
    shelf, time = Shelf(troubles={"make_a": busy}), Time()
    outcome = act(shelf, shelf.plan(toy("a")), clock=time.clock)
    assert str(outcome.failed["toy.a"]) == "not done after 180 s: busy"
    assert 340 < time.at < 400
