"""Hosted zones: what their records are, and how Route 53 spells names."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model.steps import ErrorMatches

Raw = Mapping[str, Any]
_ESCAPE = re.compile(r"\\(\d{3})")


def list_records_of_zone(reads: Reads, zone: str, absent: ErrorMatches = ()) -> Sequence[Raw]:
    """Return the record sets of a zone, given its id: all of them, by one call for each 300."""
    return reads.pages(
        "route53", "list_resource_record_sets", "ResourceRecordSets[]", absent, HostedZoneId=zone
    )


def read_name(told: str) -> str:
    r"""Return a name as people write it, given one of Route 53's, as in `\052.example.com.`."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 8)), told).rstrip(".").lower()
