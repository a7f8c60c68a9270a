"""The availability zones of a network: a number of them, or their names or ids."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from desired_state.part import WrongValue, quote

ZONE_COUNTS = range(2, 6 + 1)  # a load balancer needs two (ELB user guide)
ZONE_NAME = r"[a-z]{2,4}(-[a-z]+)+-\d+[a-z]"  # us-east-1a
ZONE_ID = r"[a-z]+\d+-az\d+"  # use1-az1


def _validate_zones(value: Any) -> int | tuple[str, ...]:
    match value:
        case None:
            wrong = "is null, and cannot be absent: give a number of zones, or their names, or leave it out"
        case bool() | str() | dict() | float():
            raise WrongValue("is neither a number of zones nor a list of them")
        case int() if value not in ZONE_COUNTS:
            raise WrongValue(f"is out of range: {ZONE_COUNTS[0]} to {ZONE_COUNTS[-1]}")
        case tuple():
            wrong = _explain_zones(value)
        case _:
            wrong = ""
    if wrong:
        raise ValueError(wrong)
    return value  # type: ignore[no-any-return]  # an int or a tuple of strings by now


def _explain_zones(zones: tuple[Any, ...]) -> str:
    for zone in zones:
        if not isinstance(zone, str) or not re.fullmatch(f"{ZONE_NAME}|{ZONE_ID}", zone):
            shown = quote(zone) if isinstance(zone, str) else "an item"
            return f"{shown} is no zone's name, such as us-east-1a, or id, such as use1-az1"
        if zones.count(zone) > 1:
            return f"names {zone} twice"
    few_or_many = len(zones) not in ZONE_COUNTS
    return f"names {len(zones)}: {ZONE_COUNTS[0]} to {ZONE_COUNTS[-1]} are right" if few_or_many else ""


Zones = Annotated[
    int | tuple[str, ...],
    BeforeValidator(_validate_zones),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": ZONE_COUNTS[0], "maximum": ZONE_COUNTS[-1]},
                {"type": "array", "items": {"type": "string", "pattern": f"^(?:{ZONE_NAME}|{ZONE_ID})$"}},
            ]
        }
    ),
]
