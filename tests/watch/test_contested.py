"""Fields that are changed again after each correction."""

from dataclasses import replace
from datetime import datetime, timedelta

from reconciler.model.drift import Attribution, Difference, Finding, Known, Severity
from reconciler.model.references import Address
from reconciler.watch.contested import (
    GOOD_ROUNDS,
    Contest,
    remember_corrections,
    remember_round,
)
from reconciler.watch.found import make_hold
from reconciler.watch.memory import Memory

NOW = datetime.fromisoformat("2026-11-27T22:00:00+00:00")
COUNT = Difference(Address("ecs_service", "web"), Finding.CHANGED, "desired_count", 0, 2, Severity.AVAILABILITY)
ALICE = {COUNT.key: Attribution(Known.FOUND, "user alice")}


def corrected(
    times: int, memory: Memory | None = None, live: object = 0, who: dict[str, Attribution] = ALICE
) -> Memory:
    memory = memory or Memory(digest="file")
    for _ in range(times):
        memory = remember_corrections(memory, [replace(COUNT, live=live)], who, NOW.isoformat())
    return memory


def wait_after(memory: Memory, every: float = 300) -> timedelta | None:
    at = Contest(memory, NOW, every).next_at(COUNT)
    return at and at - NOW


def test_what_comes_back_twice_is_contested_and_named_with_who_does_it():
    assert not Contest(corrected(1), NOW, 300).find([COUNT])
    (found,) = Contest(corrected(2), NOW, 300).find([COUNT])
    assert (found.key, found.times, found.by) == (COUNT.key, 2, "user alice")


def test_it_is_corrected_ever_more_rarely_and_at_least_once_a_day():
    waits = [wait_after(corrected(times)) for times in (1, 2, 3, 4, 20)]
    minutes = [wait and wait.total_seconds() / 60 for wait in waits]
    assert minutes == [None, 5, 10, 20, 24 * 60]


def test_what_concerns_security_is_corrected_at_least_once_an_hour():
    opened = replace(COUNT, severity=Severity.SECURITY)
    at = Contest(corrected(20), NOW, 300).next_at(opened)
    assert at is not None
    assert at - NOW == timedelta(hours=1)


def test_what_is_contested_waits_also_where_it_concerns_security():
    hold = make_hold(Contest(corrected(2), NOW, 300))
    words = "it comes back after each correction: tried again at 22:05 UTC"
    assert hold(replace(COUNT, severity=Severity.SECURITY)) == words
    assert hold(replace(COUNT, where=("grace_period",), path="grace_period")) == ""


def test_when_its_time_has_come_it_is_corrected_again():
    memory = corrected(2)
    assert Contest(memory, NOW + timedelta(minutes=5), 300).next_at(COUNT) is None


def test_another_value_by_another_person_is_a_new_matter():
    bob = {COUNT.key: Attribution(Known.FOUND, "user bob")}
    memory = corrected(1, corrected(2), live=7, who=bob)
    assert memory.corrected[COUNT.key].times == 1
    assert corrected(1, corrected(2, who={}), live=7, who={}).corrected[COUNT.key].times == 1


def test_another_value_by_the_same_person_and_the_same_value_by_anybody_count():
    assert corrected(1, corrected(2), live=7).corrected[COUNT.key].times == 3
    assert corrected(1, corrected(2), who={}).corrected[COUNT.key].times == 3


def test_good_rounds_and_a_new_file_make_it_forgotten():
    memory = corrected(3)
    for _ in range(GOOD_ROUNDS - 1):
        memory = remember_round(memory, [], "file")
    assert memory.corrected
    assert not remember_round(memory, [], "file").corrected
    assert not remember_round(corrected(3), [COUNT], "new file").corrected


def test_a_round_in_which_it_is_there_begins_the_count_of_good_ones_again():
    memory = remember_round(remember_round(corrected(3), [], "file"), [COUNT], "file")
    assert memory.corrected[COUNT.key].good == 0
