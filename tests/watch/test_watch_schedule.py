"""When rounds begin."""

from hypothesis import given
from hypothesis import strategies as st

from reconciler.watch.schedule import JITTER, LONGEST_BACK_OFF, Pace, Schedule

FIVE_MINUTES = Pace(300, lambda: 0.5)


def test_a_failing_stack_is_asked_ever_more_rarely_and_a_good_round_ends_that():
    assert [FIVE_MINUTES.rest(failures) for failures in (0, 1, 2, 9, 99)] == [300, 600, 1200, 3600, 3600]
    assert FIVE_MINUTES.rest(0) == 300


def test_a_rare_round_is_not_made_more_often_by_back_off():
    assert Pace(86_400, lambda: 0.5).rest(5) == 86_400


@given(st.floats(1, 86_400), st.integers(0, 1000), st.floats(0, 1, exclude_max=True))
def test_jitter_stays_near_the_interval(every: float, failures: int, chance: float):
    rest = Pace(every, lambda: chance).rest(failures)
    assert every * (1 - JITTER) <= rest <= max(every, LONGEST_BACK_OFF) * (1 + JITTER)


def test_the_first_rounds_of_many_stacks_are_spread_over_a_minute():
    firsts = [FIVE_MINUTES.first(number, 100) for number in range(100)]
    assert firsts[0] == 0
    assert firsts == sorted(set(firsts))
    assert firsts[-1] < 60


def test_rounds_of_one_stack_never_overlap():
    schedule = Schedule()
    schedule.add("shop", 0)
    assert schedule.begin(0, 4) == {"shop": ""}
    schedule.wake("shop", "UpdateService", 1)
    assert not schedule.begin(1000, 4)


def test_a_stack_that_was_woken_during_its_round_has_another_one_at_once():
    schedule = Schedule()
    schedule.add("shop", 0)
    schedule.begin(0, 4)
    schedule.wake("shop", "UpdateService", 1)
    schedule.end("shop", 300)
    assert schedule.begin(2, 4) == {"shop": "UpdateService"}
    schedule.end("shop", 300)
    assert schedule.next_due() == 300


def test_what_is_due_longest_begins_first_and_the_others_wait_for_a_place():
    schedule = Schedule()
    for stack, at in {"a": 3, "b": 1, "c": 2}.items():
        schedule.add(stack, at)
    assert list(schedule.begin(5, 2)) == ["b", "c"]
    schedule.end("b", 300)
    assert list(schedule.begin(5, 1)) == ["a"]


def test_a_stack_that_is_not_watched_is_not_woken():
    schedule = Schedule()
    schedule.wake("other", "UpdateService", 0)
    assert schedule.next_due() is None
