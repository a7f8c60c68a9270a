"""When corrections may run: over midnight, over the ends of weeks, and where the clock is moved."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import SHOP

from desired_state import LoadError, load
from desired_state.windows import parse_window
from reconciler.drift.windows import describe_opening, is_open, next_opening

OFFICE = "Mon-Fri 08:00-18:00 Europe/Berlin"
BEGIN, END = datetime(2025, 1, 1), datetime(2028, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
NIGHT = "Fri 22:00-06:00 Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "time", "opened"),
    [
        (OFFICE, "2026-11-27T07:00", True),  # a Friday, 08:00 in Berlin
        (OFFICE, "2026-11-27T06:59", False),
        (OFFICE, "2026-11-27T17:00", False),  # 18:00
        (OFFICE, "2026-11-28T12:00", False),
        (OFFICE, "2026-07-03T06:00", True),  # 08:00 in summer
        (NIGHT, "2026-11-28T04:59", True),  # early on Saturday: it began on Friday
        (NIGHT, "2026-11-28T05:00", False),
        (NIGHT, "2026-11-27T02:00", False),  # early on Friday
        ("Sat-Mon 00:00-24:00 UTC", "2026-11-30T23:59", True),
        ("Sat-Mon 00:00-24:00 UTC", "2026-12-01T00:00", False),
        (
            "Sun 02:30-04:00 Europe/Berlin",
            "2026-03-29T01:29",
            False,
        ),  # 03:29: the clock skips from 02:00 to 03:00
        ("Sun 02:30-04:00 Europe/Berlin", "2026-03-29T01:30", True),
        ("Sun 01:00-02:30 Europe/Berlin", "2026-03-29T01:29", True),
        ("Sun 02:15-02:45 Europe/Berlin", "2026-03-29T01:20", True),
        ("Sun 02:15-02:45 Europe/Berlin", "2026-10-25T00:15", True),  # 02:15 comes twice
        ("Sun 02:15-02:45 Europe/Berlin", "2026-10-25T01:44", True),
        ("Sun 02:15-02:45 Europe/Berlin", "2026-10-25T01:45", False),
    ],
)
def test_a_window_is_open_by_the_clock_of_its_zone(window: str, time: str, opened: bool):
    assert is_open([parse_window(window)], at(time)) is opened


def test_without_windows_corrections_may_always_run():
    assert is_open([], at("2026-11-28T12:00"))


def test_the_next_opening_is_told_in_the_zone_of_the_window():
    words, until = describe_opening([parse_window(OFFICE), parse_window(NIGHT)], at("2026-11-28T12:00"))
    assert words == "it waits for a window: the next one opens on Mon 2026-11-30 at 08:00 Europe/Berlin"
    assert until == "2026-11-30T07:00:00+00:00"


@given(
    st.sampled_from((OFFICE, NIGHT, "Sun 02:15-02:45 Europe/Berlin", "Mon 23:59-00:00 America/New_York")),
    st.datetimes(BEGIN, END, timezones=st.just(UTC)),
)
def test_a_window_is_open_when_it_opens_and_that_is_within_eight_days(text: str, now: datetime):
    window = parse_window(text)
    found = next_opening([window], now)
    assert found
    assert is_open([window], found[0])
    assert now < found[0]
    assert (found[0] - now).days <= 8


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ("Mon-Fri 08:00-18:00 Europe/Berlni", "no known time zone: Europe/Berlni; did you mean Mon-Fri 08:00-18:00 Europe/Berlin?"),
        ("Mon-Fri 08:00-18:00 Berlin", "no known time zone: Berlin; did you mean Mon-Fri 08:00-18:00 Europe/Berlin?"),
        ("Mon-Fri 08:00-18:00 Europe", "no known time zone: Europe"),
        ("Mon-Fri 08:00-18:00 ../../etc/passwd", "no known time zone: ../../etc/passwd"),
        ("Mon-Fry 08:00-18:00 UTC", "no day of the week: Fry (they are Mon, Tue, Wed, Thu, Fri, Sat, Sun); did you mean Mon-Fri 08"),
        ("Monday 08:00-18:00 UTC", "no day of the week: Monday"),
        ("Mon- 08:00-18:00 UTC", "no day of the week: nothing"),
        ("Mon-Fri 08:00-25:00 UTC", "has hours that no day has"),
        ("Mon-Fri 08:60-09:00 UTC", "has hours that no day has"),
        ("Mon-Fri 08:00-09:60 UTC", "has hours that no day has"),
        ("Mon-Fri 24:00-06:00 UTC", "has hours that no day has"),
        ("Mon-Fri 08:00-08:00 UTC", "begins when it ends"),
        ("Mon-Fri 8-18 UTC", "days, hours and a time zone"),
    ],
)  # fmt: skip
def test_a_window_that_means_nothing_is_a_mistake_of_the_file(tmp_path: Path, window: str, words: str):
    file = tmp_path / "platform.yaml"
    file.write_text(f'{SHOP}drift: {{windows: ["{window}"]}}\n')
    with pytest.raises(LoadError) as error:
        load(file, environ={})
    assert words in str(error.value)
    assert f"{file}:{len(SHOP.splitlines()) + 1}:" in str(error.value)


@pytest.mark.parametrize(
    ("most", "job", "right"),
    [
        ("safe", "security", True),
        ("security", "security", True),
        ("none", "safe", False),
        ("security", "safe", False),
    ],
)
def test_the_job_corrects_no_more_than_any_correction_may(tmp_path: Path, most: str, job: str, *, right: bool):
    file = tmp_path / "platform.yaml"
    file.write_text(f"{SHOP}drift: {{correct: {most}}}\ndrift_correction: {{correct: {job}}}\n")
    if right:
        assert load(file, environ={}).drift_correction
    else:
        with pytest.raises(LoadError, match=f"is more than drift.correct, {most}"):
            load(file, environ={})
