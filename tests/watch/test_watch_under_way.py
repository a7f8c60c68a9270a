"""What the end of a watch waits for."""

from threading import Event, Thread

import pytest

from reconciler.errors import Stopped
from reconciler.watch.correcting import UnderWay


def make_round(under_way: UnderWay, begun: Event, goes_on: Event, *, corrects: bool) -> Thread:
    def run() -> None:
        with under_way.round():
            if corrects:
                under_way.begin()
            begun.set()
            goes_on.wait()

    thread = Thread(target=run, daemon=True)
    thread.start()
    begun.wait()
    return thread


def test_the_end_waits_for_a_round_that_corrects_until_what_it_did_is_known():
    under_way, goes_on, waited = UnderWay(Event()), Event(), list[bool]()
    make_round(under_way, Event(), goes_on, corrects=True)
    under_way.stop.set()
    ending = Thread(target=lambda: waited.append(under_way.wait()))
    ending.start()
    assert not waited
    goes_on.set()
    ending.join()
    assert waited == [True]


def test_the_end_waits_for_no_round_that_only_looks():
    under_way, goes_on = UnderWay(Event()), Event()
    make_round(under_way, Event(), goes_on, corrects=False)
    under_way.stop.set()
    assert under_way.wait() is False
    goes_on.set()


def test_a_round_that_corrected_before_the_stop_was_not_stopped_by_it():
    under_way = UnderWay(Event())
    with under_way.round():
        under_way.begin()
    under_way.stop.set()
    assert under_way.wait() is False


def test_no_correction_begins_after_a_stop():
    under_way = UnderWay(Event())
    under_way.stop.set()
    with under_way.round(), pytest.raises(Stopped):
        under_way.begin()
    assert under_way.wait() is False
