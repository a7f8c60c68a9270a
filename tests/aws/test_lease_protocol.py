"""When a waiting run takes a lease over, waits, or gives up: by what it has seen, on its own clock."""

import pytest

from reconciler.aws.lease.protocol import LEASE_TIME, LOOK_EVERY, Decision, Watch
from reconciler.model.lease import Holder, Record

HOLDER = Holder("r", "apply", "anna", "laptop", "1", "arn", "")


def seen(*looks: tuple[float, str], patience: float = 0, broken: bool = False) -> Watch:
    """Return the watch of a run that began at 0 and saw these versions at these times."""
    watch = Watch(patience)
    for now, version in looks:
        watch = watch.saw(Record("s", version, HOLDER, broken and version != "1"), now)
    return watch


def test_the_first_look_tells_nothing():
    assert seen((0, "1")).decide(0) is Decision.WAIT


def test_a_version_that_stays_for_the_lease_time_is_taken_over():
    watch = seen((0, "1"), (30, "1"))
    assert watch.decide(LEASE_TIME - 0.01) is Decision.WAIT
    assert watch.decide(LEASE_TIME) is Decision.TAKE_OVER


def test_the_time_begins_anew_with_each_version():
    assert seen((0, "1"), (50, "2"), patience=600).decide(50 + LEASE_TIME - 1) is Decision.WAIT


def test_a_holder_that_lives_is_left_alone():
    assert seen((0, "1"), (5, "2")).decide(5) is Decision.GIVE_UP


def test_it_is_waited_for_as_long_as_patience_lasts():
    watch = seen((0, "1"), (5, "2"), patience=600)
    assert watch.decide(20) is Decision.WAIT
    assert seen((0, "1"), (595, "2"), patience=600).decide(601) is Decision.GIVE_UP


def test_a_holder_that_died_while_it_was_waited_for_is_taken_over_even_after_that():
    assert seen((0, "1"), (5, "2"), patience=10).decide(5 + LEASE_TIME) is Decision.TAKE_OVER


def test_who_broke_a_lease_is_not_taken_for_a_run_that_lives():
    watch = seen((0, "1"), (5, "2"), broken=True)
    assert watch.decide(5) is Decision.WAIT
    assert watch.decide(5 + LEASE_TIME) is Decision.TAKE_OVER


@pytest.mark.parametrize(("now", "rest"), [(1, LOOK_EVERY), (58, 2), (60, 0.1), (59.9999999999, 0.1)])
def test_the_next_look_is_no_later_than_the_end_of_the_lease(now, rest):
    assert seen((0, "1")).rest(now) == pytest.approx(rest)
