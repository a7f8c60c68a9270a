"""Windows of time, such as `Mon-Fri 08:00-18:00 Europe/Berlin`: how they are written, and what they mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from desired_state.near import find_near

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FORM = re.compile(r"(\S+) (\d\d):(\d\d)-(\d\d):(\d\d) (\S+)")
MINUTES_OF_HOUR = 60
MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR


@dataclass(frozen=True)
class Window:
    """Hours of some days in a time zone. One that ends after midnight belongs to the day on which it begins."""

    days: frozenset[int]  # 0 is Monday
    begins: int  # minutes after midnight
    ends: int  # minutes after the midnight before it begins: more than a day's for one over midnight
    zone: str


class WindowMistake(ValueError):
    """Says what is wrong with a window, and which texts may be meant instead."""

    def __init__(self, words: str, meant: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.meant = meant


def parse_window(text: str) -> Window:
    """Return the window that a text means. Raises `WindowMistake`."""
    found = FORM.fullmatch(text)
    if not found:
        raise WindowMistake("is not days, hours and a time zone, such as Mon-Fri 08:00-18:00 Europe/Berlin")
    days, zone, (hour, minute, last_hour, last_minute) = found[1], found[6], map(int, found.group(2, 3, 4, 5))
    begins, ends = hour * MINUTES_OF_HOUR + minute, last_hour * MINUTES_OF_HOUR + last_minute
    if max(minute, last_minute) >= MINUTES_OF_HOUR or begins >= MINUTES_OF_DAY or ends > MINUTES_OF_DAY:
        raise WindowMistake("has hours that no day has: they go from 00:00 to 24:00")
    if begins == ends:
        raise WindowMistake("begins when it ends; for whole days, write 00:00-24:00")
    numbers = frozenset(_parse_days(days, text))
    if not is_zone(zone):
        near = tuple(f"{text.removesuffix(zone)}{name}" for name in find_near_zones(zone))
        raise WindowMistake(f"has no known time zone: {zone}", near)
    return Window(numbers, begins, ends if ends > begins else ends + MINUTES_OF_DAY, zone)


def _parse_days(days: str, text: str) -> Iterator[int]:
    """Yield the numbers of `Mon-Wed,Sat`. A range may go over the end of a week."""
    for part in days.split(","):
        first, dash, last = part.partition("-")
        for word in (first, last) if dash else (first,):
            if word not in DAYS:
                near = find_near(word[:3], DAYS)
                meant = (text.replace(word, near, 1),) if near else ()
                raise WindowMistake(
                    f"has no day of the week: {word or 'nothing'} (they are {', '.join(DAYS)})", meant
                )
        begin, end = DAYS.index(first), DAYS.index(last or first)
        yield from (day % len(DAYS) for day in range(begin, (end if end >= begin else end + len(DAYS)) + 1))


@cache
def is_zone(name: str) -> bool:
    """Tell whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # ValueError: ../x; OSError: a folder, such as Europe
        return False
    return True


def find_near_zones(name: str) -> Iterator[str]:
    """Yield the zones that may be meant: of that city, or spelled alike."""
    zones = sorted(available_timezones())
    city = name.rpartition("/")[2].lower().replace(" ", "_")
    yield from [zone for zone in zones if "/" in zone and zone.rpartition("/")[2].lower() == city][:1]
    if near := find_near(name, zones):
        yield near
