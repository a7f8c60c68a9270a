"""Clocks of this machine."""

import time
from threading import Event

import pytest

from reconciler.aws.clock import SLEEP_COUNTED, awake_and_asleep


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="a monotonic clock counts sleep here")
def test_the_time_in_which_the_machine_sleeps_is_counted():
    assert SLEEP_COUNTED == time.CLOCK_BOOTTIME
    assert awake_and_asleep(Event()).now() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=5)


def test_its_event_ends_a_rest():
    end = Event()
    end.set()
    clock = awake_and_asleep(end)
    begun = clock.now()
    clock.rest(600)
    assert clock.now() - begun < 60
