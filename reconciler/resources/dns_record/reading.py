"""Read the records of our hosts: in the zone of the file, and in those that tags of load balancers name."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.candidates import find_only
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.resources import elb
from reconciler.resources.dns_record.records import (
    AT_HOST,
    host_of_mark,
    read_mark,
    tell_target,
    tell_types,
)
from reconciler.resources.dns_record.spec import DnsRecord
from reconciler.resources.dns_zones import GONE, ZONES, Raw, list_records_of_zone, parse_zones, read_name


def find_records(reads: Reads) -> Iterator[Live[DnsRecord]]:
    """Yield the records of our hosts, and of others what is at a desired one."""
    wanted = reads.desired.of(DnsRecord)
    zones = _find_zones(reads, wanted)
    names = _find_balancers(reads) if zones else {}
    for zone, role in zones.items():
        hosts = {host for host, want in wanted.items() if want.zone == zone}
        for host, records in _find_hosts(reads.assuming(role), zone, hosts).items():
            mark = next((record for record in records if record["Type"] == "TXT"), None)
            owner = read_mark(mark) if mark else None
            if host in hosts or owner == reads.stack.name:
                spec = from_aws(host, zone, records, names).model_copy(update={"role": role})
                yield Live(spec, {"id": f"{zone}/{host}", "host": host, "zone": zone}, owner)


def _find_zones(reads: Reads, wanted: Mapping[str, DnsRecord]) -> dict[str, str]:
    """Return the zones that may have records of ours, each with the role for it, which may be empty."""
    if host := find_only(reads, DnsRecord.kind):
        return {want.zone: want.role for want in [wanted.get(host)] if want}
    zones = {
        zone: role
        for own in elb.read_tags(reads).values()
        if tags.owner(own) == reads.stack.name and ZONES in own
        for zone, role in parse_zones(own[ZONES]).items()
    }
    # A destroy does not ask which zone has the name in the file: the tag tells it.
    return zones | {want.zone: want.role for want in wanted.values() if want.zone.startswith("Z")}


def _find_balancers(reads: Reads) -> dict[str, str]:
    """Return the names of the load balancers in DNS, as ELB spells them, by those in small letters."""
    return {b["DNSName"].lower(): b["DNSName"] for b in elb.list_all_load_balancers(reads) if "DNSName" in b}


def _find_hosts(reads: Reads, zone: str, hosts: set[str]) -> dict[str, list[Raw]]:
    """Return the records of hosts that have a mark, and those of the given ones, each with the mark."""
    at, marked = defaultdict[str, list[Raw]](list), dict[str, Raw]()
    for record in list_records_of_zone(reads, zone, GONE):
        name = read_name(record["Name"])
        if record["Type"] == "TXT" and (host := host_of_mark(name)):
            marked[host] = record
        elif record["Type"] in AT_HOST:
            at[name].append(record)
    return {
        host: [*at.get(host, ()), *([marked[host]] if host in marked else [])]
        for host in sorted(marked.keys() | (hosts & at.keys()))
    }


def from_aws(host: str, zone: str, records: list[Raw], names: Mapping[str, str]) -> DnsRecord:
    """Return the spec of a host's record sets of ListResourceRecordSets, with its mark.

    `names` has the names of load balancers in DNS, as ELB spells them.
    """
    leading = [record for record in records if record["Type"] in AT_HOST]
    target = tell_target(leading)
    aliases: list[Mapping[str, Any]] = [r["AliasTarget"] for r in leading if r.get("AliasTarget")]
    return DnsRecord(
        name=host,
        zone=zone,
        target=Ref("load_balancer", names.get(target, target), "dns", by_id=True),
        types=tell_types(leading),
        evaluates_health=any(alias.get("EvaluateTargetHealth") for alias in aliases),
        found=json.dumps(records, sort_keys=True),
    )
