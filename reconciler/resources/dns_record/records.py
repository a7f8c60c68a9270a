"""The record sets of a host: aliases of a load balancer, and the mark beside them that says whose they are."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.model.references import Ref
from reconciler.resources.dns_zones import Raw, read_name

PREFIX = "_ecs-reconciler."  # of the name of a mark: nothing else is at that name, not even a CNAME
ANY = "_any."  # in the place of `*.`, which would be a wildcard for no name
MARK_TTL = 300  # seconds; nobody but a run looks it up
_MARK = re.compile(r'"heritage=ecs-reconciler,stack=(?P<stack>[^",]+)"')
AT_HOST = frozenset({"A", "AAAA", "CNAME"})  # types of records that answer for a host


def mark_name(host: str) -> str:
    """Return the name of a host's mark."""
    return PREFIX + (ANY + host.removeprefix("*.") if host.startswith("*.") else host)


def host_of_mark(name: str) -> str | None:
    """Return the host of a mark's name; None if it is the name of something else."""
    if not name.startswith(PREFIX):
        return None
    host = name.removeprefix(PREFIX)
    return f"*.{host.removeprefix(ANY)}" if host.startswith(ANY) else host


def make_mark(host: str, stack: str) -> dict[str, Any]:
    """Return the record set that says that a host's records are the stack's."""
    value = f'"heritage=ecs-reconciler,stack={stack}"'
    return {
        "Name": mark_name(host),
        "Type": "TXT",
        "TTL": MARK_TTL,
        "ResourceRecords": [{"Value": value}],
    }


def read_mark(record: Raw) -> str | None:
    """Return the stack that a TXT record at a mark's name tells; None if it is no mark."""
    found = (_MARK.fullmatch(value["Value"]) for value in record.get("ResourceRecords", ()))
    return next((match["stack"] for match in found if match), None)


def make_alias(host: str, kind: str, target: Ref, zone: Ref | None) -> dict[str, Any]:
    """Return the record set that leads a host to a load balancer.

    The health of its target is not evaluated: one group without targets would take the whole name away.
    """
    alias = {"HostedZoneId": zone, "DNSName": target, "EvaluateTargetHealth": False}
    return {"Name": host, "Type": kind, "AliasTarget": alias}


def tell_target(records: Iterable[Raw]) -> str:
    """Return the name that all of a host's records lead to, or what else they hold, in words."""
    told = {_tell_one(record) for record in records}
    return " and ".join(sorted(told)) or "nothing"


def _tell_one(record: Raw) -> str:
    if alias := record.get("AliasTarget"):
        return read_name(alias["DNSName"]).removeprefix("dualstack.")
    values = ", ".join(sorted(value["Value"] for value in record.get("ResourceRecords", ())))
    return f"{record['Type']} {values}"


def tell_types(records: Iterable[Raw]) -> frozenset[str]:
    """Return the types of records, each with its identifier if it is one of several of its type."""
    return frozenset(
        f"{record['Type']} {record['SetIdentifier']}" if record.get("SetIdentifier") else record["Type"]
        for record in records
    )


def changes(action: str, records: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the changes of a batch that do this to each record set."""
    yield from ({"Action": action, "ResourceRecordSet": dict(record)} for record in records)
