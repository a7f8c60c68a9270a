"""The conditions of statements.

(IAM user guide, "Condition operators", "Set operators for multivalued context keys".)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any

from reconciler.sandbox.authorization.patterns import Keys, fill, matches

Compare = Callable[[str, str, Keys], bool]  # of a wanted and a present value
_ARN_PARTS = 5  # colons in an ARN before its resource


@dataclass(frozen=True)
class Condition:
    """One key that one operator compares: `ForAnyValue:StringLikeIfExists` with `aws:TagKeys`."""

    operator: str  # without its prefix and suffix
    quantifier: str  # ForAllValues, ForAnyValue or empty
    if_exists: bool
    key: str  # in lower case
    wanted: tuple[str, ...]


def read_conditions(element: Mapping[str, Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Return the conditions of a statement's element `Condition`. Raises ValueError for an unknown operator."""
    return tuple(
        _read(operator, key, wanted) for operator, block in element.items() for key, wanted in block.items()
    )


def _read(name: str, key: str, wanted: Any) -> Condition:
    quantifier, _, operator = name.rpartition(":")
    plain = operator.removesuffix("IfExists")
    if plain != "Null" and plain not in COMPARISONS and plain not in NEGATED:
        raise ValueError(f"{name} is no operator that is played")
    values = wanted if isinstance(wanted, list) else [wanted]
    texts = tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in values)
    return Condition(plain, quantifier, plain != operator, key.lower(), texts)


def is_met(condition: Condition, keys: Keys) -> bool:
    """Tell whether a request with these keys meets the condition."""
    present = keys.get(condition.key, ())
    if condition.operator == "Null":
        return (condition.wanted[0].lower() == "true") is not bool(present)
    if not present and condition.if_exists:
        return True
    negated = condition.operator in NEGATED
    compare = COMPARISONS[NEGATED.get(condition.operator, condition.operator)]
    hits = [
        any(compare(wanted, value, keys) for wanted in condition.wanted) is not negated for value in present
    ]
    if condition.quantifier == "ForAllValues":
        return all(hits)  # true also without any value
    if condition.quantifier == "ForAnyValue":
        return any(hits)
    return (not present or all(hits)) if negated else any(hits)


def _equal(wanted: str, present: str, keys: Keys) -> bool:
    return fill(wanted, keys) == present


def _equal_without_case(wanted: str, present: str, keys: Keys) -> bool:
    return (fill(wanted, keys) or "").lower() == present.lower()


def _same_arn(wanted: str, present: str, keys: Keys) -> bool:
    """Compare ARNs part by part, so that a wildcard stays in its part, but for that of the resource."""
    parts, others = wanted.split(":", _ARN_PARTS), present.split(":", _ARN_PARTS)
    return len(parts) == len(others) and all(
        matches(part, other, keys) for part, other in zip(parts, others, strict=True)
    )


def _date(text: str) -> float:
    """Return Unix time, which a policy may give itself."""
    return float(text) if text.isdecimal() else datetime.fromisoformat(text).timestamp()


def _is_number(compare: Callable[[float, float], bool]) -> Compare:
    return lambda wanted, present, _keys: compare(float(present), float(wanted))


def _is_date(compare: Callable[[float, float], bool]) -> Compare:
    return lambda wanted, present, _keys: compare(_date(present), _date(wanted))


def _is_address_of(wanted: str, present: str, _keys: Keys) -> bool:
    return ip_address(present) in ip_network(wanted, strict=False)


COMPARISONS: Mapping[str, Compare] = {
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_without_case,
    "StringLike": matches,
    "ArnEquals": _same_arn,
    "ArnLike": _same_arn,
    "Bool": _equal_without_case,
    "NumericEquals": _is_number(lambda present, wanted: present == wanted),
    "NumericLessThan": _is_number(lambda present, wanted: present < wanted),
    "NumericLessThanEquals": _is_number(lambda present, wanted: present <= wanted),
    "NumericGreaterThan": _is_number(lambda present, wanted: present > wanted),
    "NumericGreaterThanEquals": _is_number(lambda present, wanted: present >= wanted),
    "DateEquals": _is_date(lambda present, wanted: present == wanted),
    "DateLessThan": _is_date(lambda present, wanted: present < wanted),
    "DateLessThanEquals": _is_date(lambda present, wanted: present <= wanted),
    "DateGreaterThan": _is_date(lambda present, wanted: present > wanted),
    "DateGreaterThanEquals": _is_date(lambda present, wanted: present >= wanted),
    "IpAddress": _is_address_of,
}
NEGATED: Mapping[str, str] = {  # met where the other is not, also where the key is absent
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}
