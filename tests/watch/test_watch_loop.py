"""The loop: rounds side by side, woken stacks, failures, and its end."""

from collections import Counter
from threading import Event, Lock

from reconciler.watch.loop import ROUNDS_AT_ONCE, Loop
from reconciler.watch.schedule import Pace

AT_ONCE = Pace(0, lambda: 0.5)
NEVER_AGAIN = Pace(1e9, lambda: 0.5)


def test_rounds_of_one_stack_never_overlap_and_all_stacks_have_their_turn():
    rounds, under_way, lock, stop = Counter[str](), Counter[str](), Lock(), Event()
    overlaps = []

    def do_round(stack: str, _why: str) -> int:
        with lock:
            under_way[stack] += 1
            overlaps.append(under_way[stack] > 1 or under_way.total() > ROUNDS_AT_ONCE)
        with lock:
            under_way[stack] -= 1
            rounds[stack] += 1
        return 0

    stacks = {f"stack-{n}": AT_ONCE for n in range(10)}
    Loop(stacks, do_round, stop).run(until=lambda: len(rounds) == 10 and min(rounds.values()) >= 5)
    assert not any(overlaps)


def test_a_stack_is_woken_before_its_time():
    woken = []
    loop = Loop({"shop": NEVER_AGAIN}, lambda _stack, why: woken.append(why) or 0, Event())

    def until() -> bool:
        if woken == [""]:
            loop.wake("shop", "UpdateService by alice")
        return "UpdateService by alice" in woken

    loop.run(until)
    assert woken[:2] == ["", "UpdateService by alice"]


def test_a_round_that_breaks_is_a_failure_and_not_the_end():
    tried, stop = [], Event()

    def do_round(stack: str, _why: str) -> int:
        tried.append(stack)
        if stack == "broken":
            raise ZeroDivisionError
        return 0

    Loop({"broken": NEVER_AGAIN, "good": AT_ONCE}, do_round, stop).run(until=lambda: tried.count("good") > 3)
    assert tried.count("broken") == 1


def test_it_ends_at_once_though_rounds_are_under_way():
    stop, begun, release = Event(), Event(), Event()

    def do_round(_stack: str, _why: str) -> int:
        begun.set()
        stop.set()
        release.wait()
        return 0

    Loop({"shop": NEVER_AGAIN}, do_round, stop).run()
    assert begun.is_set()
    release.set()


def test_a_changed_file_wakes_its_stack():
    seen, changes = [], [{}, {"shop": "its file was changed"}]
    loop = Loop({"shop": NEVER_AGAIN}, lambda _stack, why: seen.append(why) or 0, Event())
    loop.find_changed = lambda: changes.pop(0) if changes else {}
    loop.run(until=lambda: "its file was changed" in seen)
    assert len(seen) in (1, 2)
