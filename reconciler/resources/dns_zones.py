"""Hosted zones: what their records are, and how Route 53 spells names."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model.steps import ErrorMatches

Raw = Mapping[str, Any]
GONE = ("NoSuchHostedZone",)
_ESCAPE = re.compile(r"\\(\d{3})")


def list_records_of_zone(reads: Reads, zone: str, absent: ErrorMatches = ()) -> Sequence[Raw]:
    """Return the record sets of a zone, given its id: all of them, by one call for each 300."""
    return reads.pages(
        "route53", "list_resource_record_sets", "ResourceRecordSets[]", absent, HostedZoneId=zone
    )


def read_name(told: str) -> str:
    r"""Return a name as people write it, given one of Route 53's, as in `\052.example.com.`."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 8)), told).rstrip(".").lower()


ZONES = (
    "ecs-reconciler:zone"  # the tag of a load balancer with the zones of its hosts, each with its role if any
)


def parse_zones(tag: str) -> dict[str, str]:
    """Return the zones that a tag names by their ids, each with the ARN of its role, which may be empty."""
    found: dict[str, str] = {}
    for word in tag.split():
        if word.startswith("arn:") and found:
            found[next(reversed(found))] = word
        else:
            found[word] = ""
    return found


def format_zones(zones: Mapping[str, str]) -> str:
    """Return the tag that names these zones."""
    return " ".join(word for zone, role in zones.items() for word in (zone, role) if word)
