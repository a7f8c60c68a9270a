"""What the world sees of the hosted zones of this AWS: public ones, that a zone above them delegates to.

AWS asks the DNS, where a zone counts only if its parent delegates to it. Here only a parent that is a hosted
zone itself tells whether it does; a zone without such a parent is taken to be delegated.
"""

from collections.abc import Iterator
from typing import Any

from moto.route53 import route53_backends

ISSUERS = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")  # in CAA records (ACM user guide)


def has_record(partition: str, name: str, value: str) -> bool:
    """Tell whether a public name is a CNAME of this value."""
    return any(
        record.type == "CNAME" and plain(value) in map(plain, record.records)
        for zone in _find_authoritative(partition, name)
        for record in zone.rrsets
        if plain(record.name) == plain(name)
    )


def is_forbidden(partition: str, domain: str) -> bool:
    """Tell whether the nearest CAA records at or above a domain name no issuer of AWS's (RFC 8659)."""
    name = plain(domain.removeprefix("*."))
    while "." in name:
        found = [
            str(value)
            for zone in _find_authoritative(partition, name)
            for record in zone.rrsets
            if record.type == "CAA" and plain(record.name) == name
            for value in record.records
        ]
        if found:
            return not any(issuer in value for value in found for issuer in ISSUERS)
        name = name.partition(".")[2]
    return False


def plain(name: Any) -> str:
    """Return a name without its final dot, in small letters."""
    return str(name).rstrip(".").lower()


def _find_authoritative(partition: str, name: str) -> list[Any]:
    """Return the zones that answer for a name: those of the longest name, if what is above delegates to it."""
    above = [zone for zone in _public_zones(partition) if f".{plain(name)}".endswith(f".{plain(zone.name)}")]
    longest = max((len(plain(zone.name)) for zone in above), default=0)
    found = [zone for zone in above if len(plain(zone.name)) == longest]
    parents = [zone for zone in above if zone not in found]
    apex = plain(found[0].name) if found else ""
    return found if not parents or any(_delegates(parent, apex) for parent in parents) else []


def _delegates(parent: Any, name: str) -> bool:
    return any(record.type == "NS" and plain(record.name) == name for record in parent.rrsets)


def _public_zones(partition: str) -> Iterator[Any]:
    for partitions in list(route53_backends.values()):
        for zone in partitions[partition].zones.values():
            if not zone.private_zone:
                yield zone
