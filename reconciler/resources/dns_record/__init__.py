"""Records of Route 53 that lead hosts of routes to a load balancer, with a mark that says whose they are."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.cli_command import cli_command
from reconciler.aws.reads import Reads
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Later, Step, Wait
from reconciler.model.trail import TouchedBy
from reconciler.resources.dns_record.private_zones import check_zones
from reconciler.resources.dns_record.reading import find_records, from_aws
from reconciler.resources.dns_record.records import AT_HOST, changes, make_alias, make_mark
from reconciler.resources.dns_record.spec import DnsRecord
from reconciler.resources.drifting import Severities
from reconciler.resources.kind import Kind, Relations, actions

__all__ = ["KIND", "DnsRecord", "ensure_dns_record", "from_aws"]

ABSENT = ErrorMatch("InvalidChangeBatch", "but it was not found", unless="do not match", half_done=True)
# Its own, of a lost answer, is found by a read; others' stays there.
TAKEN = ErrorMatch("InvalidChangeBatch", "but it already exists", patience=10, half_done=True)
OTHER_VALUES = ErrorMatch("InvalidChangeBatch", "do not match the current values", patience=30, half_done=True)
# Of a load balancer made seconds ago; an assumption, as no document says when Route 53 knows one.
TARGET_NOT_YET = (ErrorMatch("InvalidChangeBatch", "that target was not found"),)
IN_SYNC_WITHIN = 900.0  # seconds; usually a minute (Route 53 API reference, GetChange)
IN_SYNC = {  # as botocore's waiter `resource_record_sets_changed`
    "operation": "GetChange",
    "acceptors": [
        {"matcher": "path", "argument": "ChangeInfo.Status", "expected": "INSYNC", "state": "success"}
    ],
}


def read(reads: Reads) -> Iterator[Live[DnsRecord]]:
    yield from find_records(reads)


def ensure_dns_record(want: DnsRecord, live: Live[DnsRecord] | None) -> Iterator[Step | Later]:
    aliases = [make_alias(want.name, kind, want.target, want.target_zone) for kind in sorted(want.types)]
    if live is None:
        yield from _change(want, changes("CREATE", (make_mark(want.name, want.stack), *aliases)))
        return
    found = [record for record in json.loads(live.spec.found) if record["Type"] in AT_HOST]
    if (want.target, want.evaluates_health) == (live.spec.target, live.spec.evaluates_health):
        kept = want.types & live.spec.types
        found = [record for record in found if record["Type"] not in kept]
        aliases = [alias for alias in aliases if alias["Type"] not in kept]
    if want.served_by and _leads_to_balancer(live.spec) and want.target != live.spec.target:
        why = f"it leads to another load balancer once {want.served_by.name} has rolled out"
        yield Later("move", why, rolled_out=want.served_by)
    yield from _change(want, (*changes("DELETE", found), *changes("CREATE", aliases)))


def _leads_to_balancer(live: DnsRecord) -> bool:
    return not live.target.by_id or ".elb." in live.target.name


def _change(want: DnsRecord, batch: Iterable[Mapping[str, Any]]) -> Iterator[Step]:
    """Yield the batch, and the wait until all of Route 53's servers have it.

    It creates and never overwrites: what somebody else has made meanwhile is refused, and the batch with it.
    """
    params = {"HostedZoneId": want.zone, "ChangeBatch": {"Changes": list(batch)}}
    outputs = {
        "id": f"'{want.zone}/{want.name}'",  # JMESPath's way to say a text
        "host": f"'{want.name}'",
        "zone": f"'{want.zone}'",
        "change": "ChangeInfo.Id",
    }
    not_yet = (*if_new(TARGET_NOT_YET, want.target), ABSENT._replace(patience=30), OTHER_VALUES, TAKEN)
    yield Call("route53", "change_resource_record_sets", params, outputs, retry=not_yet, role=want.role)
    asked, patience = {"Id": want.ref("change")}, IN_SYNC_WITHIN
    yield Wait("route53", "change_in_sync", asked, IN_SYNC, settling=True, patience=patience, role=want.role)


def remove(live: Live[DnsRecord]) -> Iterator[Step]:
    batch = list(changes("DELETE", json.loads(live.spec.found)))
    params = {"HostedZoneId": live.spec.zone, "ChangeBatch": {"Changes": batch}}
    gone = (ABSENT, "NoSuchHostedZone")
    yield Call("route53", "change_resource_record_sets", params, ignore=gone, role=live.spec.role)


def place_taken(want: DnsRecord, live: Live[DnsRecord], _records: Iterable[DnsRecord]) -> tuple[str, str]:
    """Return what the host leads to, and the command that makes it this stack's."""
    batch = list(changes("CREATE", [make_mark(want.name, want.stack)]))
    params = {"HostedZoneId": want.zone, "ChangeBatch": {"Changes": batch}}
    why = f"{want.name} leads to {live.spec.target.name} already, by a record in zone {want.zone}"
    if live.owner:
        return why, "take the host out of one of the two files"
    adopt = cli_command(Call("route53", "change_resource_record_sets", params))
    return why, f"if it is to become this stack's: {adopt}"


KIND = Kind(
    DnsRecord,
    read,
    ensure_dns_record,
    remove,
    relations=Relations(parents=lambda _record: (), dangling_refs=True, place_taken=place_taken),
    check=check_zones,
    severities=Severities({"target": Severity.SECURITY, "types": Severity.AVAILABILITY}),
    indexed_as="elasticloadbalancing:loadbalancer/",
    touched_by=TouchedBy(
        "route53.amazonaws.com",
        {"name": "host"},
        made_by=("ChangeResourceRecordSets",),
        deleted_by=("ChangeResourceRecordSets",),
        changed_by={"": ("ChangeResourceRecordSets",)},
        within={"hostedZoneId": "zone"},
        is_global=True,
    ),
    actions=actions("route53", "ChangeResourceRecordSets GetChange GetHostedZone ListResourceRecordSets")
    | actions(
        "elasticloadbalancing",
        "DescribeListeners DescribeLoadBalancers DescribeRules DescribeTags DescribeTargetGroups",
    ),
)
