"""When corrections may run: whether one of the file's windows is open, and when the next one opens. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desired_state.windows import Window

A_WEEK_AND_MORE = range(-1, 9)  # days around today: a window of each week opens within them


def is_open(windows: Sequence[Window], now: datetime) -> bool:
    """Tell whether corrections may run at this time, which has a zone. Without windows they always may."""
    return not windows or any(begin <= now < end for begin, end in _spans(windows, now))


def next_opening(windows: Iterable[Window], now: datetime) -> tuple[datetime, Window] | None:
    """Return when the next window opens after this time, in its own zone, and the window; None without any."""
    found = [(begin, window) for window in windows for begin, _ in _spans([window], now) if begin > now]
    if not found:
        return None
    begin, window = min(found, key=lambda pair: pair[0])
    return begin.astimezone(ZoneInfo(window.zone)), window


def describe_opening(windows: Iterable[Window], now: datetime) -> tuple[str, str]:
    """Return in words when the next window opens, and that time in UTC, as in 2026-11-27T22:14:03+00:00."""
    found = next_opening(windows, now)
    if found is None:
        return "it waits for a window", ""
    at, window = found
    words = f"it waits for a window: the next one opens on {at:%a %Y-%m-%d at %H:%M} {window.zone}"
    return words, at.astimezone(UTC).isoformat(timespec="seconds")


def _spans(windows: Iterable[Window], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the beginnings and ends, in UTC, of the windows around this time."""
    for window in windows:
        zone = ZoneInfo(window.zone)
        today = now.astimezone(zone).date()
        for days in A_WEEK_AND_MORE:
            day = today + timedelta(days=days)
            if day.weekday() in window.days:
                yield _at(day, window.begins, zone)[0], max(_at(day, window.ends, zone))


def _at(day: date, minutes: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return in UTC a time of the clock, in minutes after midnight, as it comes first and as it comes again.

    One that the clock skips comes later by what is skipped; of a time that comes twice, the first counts for a
    beginning, and the second for an end (PEP 495).
    """
    days, rest = divmod(minutes, 24 * 60)
    there = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone)
    return there.astimezone(UTC), there.replace(fold=1).astimezone(UTC)
