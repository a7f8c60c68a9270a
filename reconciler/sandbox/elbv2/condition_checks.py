"""Check the conditions of a rule: fields, lengths, characters and number (ELBv2 API reference)."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any

from reconciler.sandbox.elbv2.conditions import BOTH_FORMS, CONFIGS, expressions_of, values_of
from reconciler.sandbox.elbv2.quotas import QUOTAS
from reconciler.sandbox.elbv2.refusals import invalid

Condition = dict[str, Any]
MAX_LENGTH = 128  # of a value
MAX_NAME = 40  # of a header or a method
ONCE = ("http-request-method", "host-header", "path-pattern", "source-ip")  # fields of one condition at most


def check_conditions(conditions: list[Condition]) -> None:
    """Refuse conditions that a rule of an application load balancer does not take."""
    if not conditions:
        invalid("A condition must be specified")
    for condition in conditions:
        _check_form(condition)
        for value in values_of(condition):
            _CHECKS[condition["Field"]](value)
        for expression in expressions_of(condition):
            _check_text("RegexValues", expression)
    for field, count in Counter(condition["Field"] for condition in conditions).items():
        if field in ONCE and count > 1:
            invalid(f"A rule can only have one '{field}' condition")
    values = [value for condition in conditions for value in values_of(condition)]
    expressions = [text for condition in conditions for text in expressions_of(condition)]
    if len(values) + len(expressions) > (most := QUOTAS["condition-values-per-alb-rule"]):
        invalid(f"A rule can only have '{most}' condition values")
    if _count_wildcards(values) > (most := QUOTAS["condition-wildcards-per-alb-rule"]):
        invalid(f"A rule can only have '{most}' condition wildcards")


def _count_wildcards(values: list[Any]) -> int:
    texts = (text for v in values for text in (v.values() if isinstance(v, Mapping) else [v]))
    return sum(text.count("*") + text.count("?") for text in texts)


def _check_form(condition: Condition) -> None:
    field = condition.get("Field")
    if field not in CONFIGS:
        invalid(f"Condition field '{field}' must be one of '[{', '.join(CONFIGS)}]'")
    config, sent = CONFIGS[field], condition.get("Values")
    if any(other in condition for other in CONFIGS.values() if other != config):
        invalid(f"A condition with the field '{field}' can only have '{config}'")
    if sent and field not in BOTH_FORMS:
        invalid(f"The 'Values' field is not compatible with '{field}'")
    if sent and config in condition:
        invalid(f"You cannot provide both Values and '{config}' for a condition of type '{field}'")
    if sent and len(sent) > 1:
        invalid(f"The '{field}' field contains too many values; the limit is '1'")
    if field not in BOTH_FORMS and config not in condition:
        invalid(f"A '{config}' must be specified with '{field}'")
    if not values_of(condition) + expressions_of(condition):
        invalid("A condition value must be specified")
    if field == "http-header":
        _check_header_name(condition[config].get("HttpHeaderName", ""))


def _check_header_name(name: str) -> None:
    if len(name) > MAX_NAME:
        invalid(f"The 'HttpHeaderName' value is too long; the limit is '{MAX_NAME}'")
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'+.^_`|~-]+", name) or name.lower() == "host":
        invalid(f"The HTTP header name '{name}' is not valid")


def _check_text(field: str, value: str, most: int = MAX_LENGTH) -> None:
    if len(value) > most:
        invalid(f"The '{field}' value is too long; the limit is '{most}'")
    if not value:
        invalid("A condition value must be specified")


def _check_path(value: str) -> None:
    _check_text("path-pattern", value)
    if not re.fullmatch(r"[A-Za-z0-9_\-.$/~\"'@:+&*?]+", value):
        invalid(f"The path pattern '{value}' contains characters that are not valid")


def _check_host(value: str) -> None:
    """Refuse a host without a dot, and one with other things than letters and wildcards after the last."""
    _check_text("host-header", value)
    if not re.fullmatch(r"[A-Za-z0-9.*?-]*\.[A-Za-z*?]+", value):
        invalid(f"The host name '{value}' is not valid")


def _check_header(value: str) -> None:
    _check_text("http-header", value)


def _check_method(value: str) -> None:
    _check_text("http-request-method", value, MAX_NAME)
    if not re.fullmatch(r"[A-Z_-]+", value):
        invalid(
            "The 'http-request-method' value is invalid; the allowed characters are A-Z, hyphen and underscore"
        )


def _check_query(pair: Mapping[str, str]) -> None:
    if "Value" not in pair:
        invalid("A 'Value' must be specified in 'QueryStringKeyValuePair'")
    for name, text in pair.items():
        _check_text(name, text)


def _check_source(value: str) -> None:
    try:
        ip_network(value, strict=False)
        is_block = "/" in value
    except ValueError:
        is_block = False
    if not is_block:
        invalid(f"The 'source-ip' value '{value}' must be in CIDR format")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "path-pattern": _check_path,
    "host-header": _check_host,
    "http-header": _check_header,
    "http-request-method": _check_method,
    "query-string": _check_query,
    "source-ip": _check_source,
}
