"""The values of records: of each type in its form, and aliases of load balancers and of other records.

The messages are those that people quote (aws-cdk#19643, cli53#213, terraform-provider-aws#13653), and where no
report has one, made in their manner.
"""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from moto.elbv2 import elbv2_backends

from reconciler.sandbox.route53.names import lies_in, normalise

LONGEST = 255  # characters of a string in a TXT record
_STRINGS = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FATAL = "Invalid Resource Record: 'FATAL problem: {} encountered with '{}''"


def find_wrong_values(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the values of a record set."""
    for value in record["values"]:
        if problem := _find_problem(record["Type"], value):
            yield _FATAL.format(problem, value)


def _find_problem(kind: str, value: str) -> str | None:
    if kind == "A" and not _is_address(value, IPv4Address):
        return "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"
    if kind == "AAAA" and not _is_address(value, IPv6Address):
        return "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"
    if kind in ("TXT", "SPF"):
        if _STRINGS.sub("", value).strip() or not value:
            return "InvalidCharacterString (Value should be enclosed in quotation marks)"
        if any(len(text) > LONGEST for text in _STRINGS.findall(value)):
            return "CharacterStringTooLong (Value is too long)"
    return None


def _is_address(value: str, form: Any) -> bool:
    try:
        form(value)
    except ValueError:
        return False
    return True


def find_wrong_alias(route53: Any, zone: Any, record: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the target of an alias: it is in another zone, or is not there."""
    alias, kind = record["AliasTarget"], record["Type"]
    target, place = normalise(alias["DNSName"]), alias["HostedZoneId"]
    if place in route53.zones:
        within = place == zone.resource_id and lies_in(target, normalise(zone.name))
        there = any((other.name, other.type) == (target, kind) for other in record["beside"])
    else:
        found = dict(_list_balancers()).get(target.removeprefix("dualstack."))
        within, there = found == place, found is not None
    begin = f"Tried to create an alias that targets {target}, type {kind} in zone {place}, but"
    if not within:
        yield f"{begin} the alias target name does not lie within the target zone"
    if not there:
        yield f"{begin} that target was not found"


def _list_balancers() -> Iterator[tuple[str, str]]:
    """Yield the names in DNS of all load balancers of all accounts, each with the zone that it is in."""
    for regions in elbv2_backends.values():
        for elb in regions.values():
            for balancer in elb.load_balancers.values():
                yield normalise(balancer.dns_name), balancer.canonical_hosted_zone_id
