"""Schedules of Application Auto Scaling: at, rate and cron expressions (API reference, PutScheduledAction)."""

import re
from datetime import datetime

_RATE = re.compile(r"rate\((?P<value>[1-9]\d*) (?P<unit>minute|hour|day)(?P<many>s?)\)")
_AT = re.compile(r"at\((?P<time>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)")
_CRON = re.compile(r"cron\((?P<fields>[^()]+)\)")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
# Minutes, hours, day of the month, month, day of the week, year: the smallest and largest number, and names.
_FIELDS: tuple[tuple[int, int, list[str]], ...] = (
    (0, 59, []),
    (0, 23, []),
    (1, 31, []),
    (1, 12, _MONTHS),
    (1, 7, _DAYS),
    (1970, 2199, []),
)
_DAY_OF_MONTH, _DAY_OF_WEEK = 2, 4


def is_schedule(text: str) -> bool:
    """Tell whether the text is a schedule."""
    if rate := _RATE.fullmatch(text):
        return bool(rate["many"]) == (rate["value"] != "1")
    if at := _AT.fullmatch(text):
        return _is_time(at["time"])
    cron = _CRON.fullmatch(text)
    return cron is not None and _is_cron(cron["fields"].split())


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_cron(fields: list[str]) -> bool:
    """Tell whether these are the six fields, one of the two days being left open by a question mark."""
    if len(fields) != len(_FIELDS):
        return False
    open_days = [fields[_DAY_OF_MONTH], fields[_DAY_OF_WEEK]].count("?")
    return open_days == 1 and all(
        _is_field(text, number) for number, text in enumerate(fields) if text not in ("*", "?")
    )


def _is_field(text: str, number: int) -> bool:
    return all(_is_item(item, number) for item in text.split(","))


def _is_item(item: str, number: int) -> bool:
    low, high, names = _FIELDS[number]
    if number == _DAY_OF_MONTH and re.fullmatch(r"L|\d+W", item):
        return True
    if number == _DAY_OF_WEEK:
        item = re.sub(r"L$|#[1-5]$", "", item)
    base, _, step = item.partition("/")
    values = base.split("-") if base != "*" else []
    numbers = [
        low + names.index(value.upper()) if value.upper() in names else _number(value) for value in values
    ]
    in_range = all(low <= value <= high for value in numbers) and len(numbers) <= len(("first", "last"))
    return in_range and (not step or step.isdecimal())


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1
