"""Convert the conditions of a rule, and what it rewrites in requests, to and from AWS's form."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.resources.listener_rule.spec import ListenerRule

Condition = Mapping[str, Any]
LISTS = {  # fields of the spec with values only -> the Field of a condition, and its config
    "paths": ("path-pattern", "PathPatternConfig"),
    "hosts": ("host-header", "HostHeaderConfig"),
    "methods": ("http-request-method", "HttpRequestMethodConfig"),
    "source": ("source-ip", "SourceIpConfig"),
}
HEADER, QUERY = ("http-header", "HttpHeaderConfig"), ("query-string", "QueryStringConfig")
CONDITIONS = (*LISTS, "headers", "query")
ANY_KEY = "*"  # of a query, where AWS has no key
Place = tuple[str, str]  # a field of the spec, and the name of a header or a key


def from_conditions(conditions: Iterable[Condition]) -> dict[str, Any]:
    """Return the fields of the spec that hold a rule's conditions.

    AWS answers with path and host patterns in Values, in a config of their own, or in both.
    """
    found = [(_find_place(condition), condition) for condition in conditions]
    alone = {place for place, number in Counter(place for place, _ in found).items() if number == 1}
    fields: dict[str, Any] = {"headers": {}, "query": {}, **dict.fromkeys(LISTS, frozenset[str]())}
    others = set[str]()
    for place, condition in found:
        if place is None or place not in alone:
            others.add(_dump({k: v for k, v in condition.items() if v}))
        elif place[0] in LISTS:
            fields[place[0]] = frozenset(_values(condition))
        elif place[0] == "headers":
            fields["headers"][_config(condition)["HttpHeaderName"]] = frozenset(_values(condition))
        else:
            fields["query"][place[1]] = frozenset(pair["Value"] for pair in _values(condition))
    return {**fields, "other_conditions": frozenset(others)}


def _find_place(condition: Condition) -> Place | None:
    """Return where the spec holds the condition; None if only `other_conditions` can.

    Those are regular expressions, and alternatives of several keys of a query.
    """
    if "RegexValues" in _config(condition) or condition.get("RegexValues"):
        return None
    name = condition["Field"]
    if name == HEADER[0]:
        return "headers", str(_config(condition)["HttpHeaderName"]).lower()
    if name == QUERY[0]:
        keys = {pair.get("Key", ANY_KEY) for pair in _values(condition)}
        return ("query", keys.pop()) if len(keys) == 1 else None
    return next(((field, "") for field, (known, _) in LISTS.items() if known == name), None)


def _config(condition: Condition) -> Condition:
    """Return the part that a condition of its Field has; an empty one if AWS gives just Values."""
    configs = dict([*LISTS.values(), HEADER, QUERY])
    found: Condition = condition.get(configs.get(condition["Field"], ""), {})
    return found


def _values(condition: Condition) -> list[Any]:
    return [*(_config(condition).get("Values") or condition.get("Values", ()))]


def _dump(value: Any) -> str:
    """Return the value as JSON, its lists in order: AWS tells the values of a condition in any (recorded)."""
    match value:
        case list():
            return f"[{', '.join(sorted(map(_dump, value)))}]"
        case Mapping():
            return f"{{{', '.join(f'{json.dumps(k)}: {_dump(v)}' for k, v in sorted(value.items()))}}}"
    return json.dumps(value)


def from_transforms(transforms: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the field of the spec that holds a rule's transforms. AWS tells an empty list of none."""
    return frozenset(json.dumps(transform, sort_keys=True) for transform in transforms)


def to_conditions(want: ListenerRule) -> list[dict[str, Any]]:
    """Return the conditions in AWS's form."""
    lists = {field: getattr(want, field) for field in LISTS}
    plain = [(LISTS[field], {"Values": sorted(values)}) for field, values in lists.items() if values]
    headers = [(HEADER, {"HttpHeaderName": n, "Values": sorted(v)}) for n, v in sorted(want.headers.items())]
    query = [(QUERY, {"Values": [*_pair(key, v)]}) for key, v in sorted(want.query.items())]
    return [{"Field": field, name: config} for (field, name), config in (*plain, *headers, *query)]


def _pair(key: str, values: Iterable[str]) -> Iterator[dict[str, str]]:
    own = {} if key == ANY_KEY else {"Key": key}
    for value in sorted(values):
        yield {**own, "Value": value}
