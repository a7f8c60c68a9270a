import re
from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.scaling import Scaling
from desired_state.service import Service
from desired_state.windows import find_near_zones, is_zone

_DAYS = (2, 4)  # the fields of AWS's cron expressions that are days, of the month and of the week
_RANGES = {
    "minute": (0, 59),
    "hour": (0, 23),
    "day of the month": (1, 31),
    "month": (1, 12),
    "day of the week": (1, 7),
    "year": (1970, 2199),
}
"""The numbers that each field takes, in their order; increments after / and weeks after # are others."""
_NUMBER = r"(?<![\d/#])\d+"
_FIELD = r"[\dA-Z*?/,#LW-]+"


def check_scaling(wanted: Service) -> Iterator[Violation]:
    """Check the range, that there is something to follow, and that it can be followed."""
    scaling = wanted.scaling
    if scaling is None:
        return
    if scaling.min > scaling.max:
        message = f"{scaling.min} is more than max, {scaling.max}"
        yield Violation(("scaling", "min"), message, depends_on=(("scaling", "max"),))
    elif "desired_count" in wanted.model_fields_set and not scaling.min <= wanted.desired_count <= scaling.max:
        message = f"{wanted.desired_count} is outside of scaling's {scaling.min} to {scaling.max}, which would move it"
        yield Violation(("desired_count",), message, depends_on=(("scaling",),))
    if not (scaling.cpu or scaling.memory or scaling.requests or scaling.schedules):
        message = "has nothing to follow; give cpu or memory, in percent, requests or schedules"
        yield Violation(("scaling",), message)
    if scaling.requests and not wanted.leading_routes:
        message = "counts what the load balancer sends, and the service has no routes"
        yield Violation(("scaling", "requests"), message, depends_on=(("routes",),))
    yield from _check_schedules(scaling)


def _check_schedules(scaling: Scaling) -> Iterator[Violation]:
    for name, schedule in scaling.schedules.items():
        where = ("scaling", "schedules", name)
        if schedule.min > schedule.max:
            message = f"{schedule.min} is more than max, {schedule.max}"
            yield Violation((*where, "min"), message, depends_on=((*where, "max"),))
        if not is_zone(schedule.timezone):
            message = f"{schedule.timezone} is no time zone"
            near = tuple(find_near_zones(schedule.timezone))
            yield Violation((*where, "timezone"), message, candidates=near)
        if message := _explain_cron(schedule.cron.split()):
            yield Violation((*where, "cron"), message)


def _explain_cron(fields: list[str]) -> str:
    """Say what AWS would refuse in an expression (Application Auto Scaling user guide, "Cron expressions")."""
    if wrong := [field for field in fields if not re.fullmatch(_FIELD, field)]:
        return f"{wrong[0]} is no field of AWS's: digits, names in capitals, and * ? / , - # L W"
    if [fields[number] for number in _DAYS].count("?") != 1:
        return "one of its two days, of the month (third) and of the week (fifth), has to be ?"
    for field, (name, (least, most)) in zip(fields, _RANGES.items(), strict=True):
        if beyond := [number for number in re.findall(_NUMBER, field) if not least <= int(number) <= most]:
            return f"{beyond[0]} is no {name}: {least} to {most}"
    return ""
