"""The records that validate certificates: one for each domain of an account, in whatever region.

All certificates of a domain have it in common, and ACM needs it again to renew them. So it is written whether
it is there or not, and deleted only when no certificate of the domain is left.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call
from reconciler.resources.certificate.spec import Certificate, domains_of, record_of
from reconciler.resources.dns_zones import GONE, list_records_of_zone, read_name

TTL = 300  # seconds
NOT_OURS = ("InvalidChangeBatch", "NoSuchHostedZone")  # it is not there, or somebody has changed it


def record_paths(names: frozenset[str]) -> dict[str, str]:
    """Return the JMESPaths in DescribeCertificate's answer to the records of all names, by output."""
    return {
        output: f"Certificate.DomainValidationOptions[?{_is_of(domain, names)}].ResourceRecord.{field} | [0]"
        for domain in domains_of(names)
        for output, field in ((f"record {domain}", "Name"), (f"value {domain}", "Value"))
    }


def _is_of(domain: str, names: frozenset[str]) -> str:
    of_it = [f"DomainName=='{name}'" for name in (domain, f"*.{domain}") if name in names]
    return " || ".join(of_it)


def has_all_records(reads: Reads, zone: str, live: Live[Certificate]) -> bool:
    """Tell whether a zone has the records that ACM tells of the certificate."""
    told = {(read_name(name), read_name(value)) for _, name, value in _told_records(live)}
    found = {
        (read_name(record["Name"]), read_name(value["Value"]))
        for record in list_records_of_zone(reads, zone, GONE)
        if record["Type"] == "CNAME"
        for value in record.get("ResourceRecords", ())
    }
    return told <= found


def _told_records(live: Live[Certificate]) -> Iterator[tuple[str, str, str]]:
    """Yield each domain of which ACM tells the record, with the record's name and value."""
    for domain in domains_of(live.spec.names):
        name, value = (live.outputs.get(f"{output} {domain}") for output in ("record", "value"))
        if name and value:
            yield domain, name, value


def write_records(want: Certificate) -> Call:
    """Return the call that makes the records, or leaves them as they are: others may have them in use."""
    pairs = [record_of(want, domain) for domain in domains_of(want.names)]
    return _change(want, [_action("UPSERT", *pair) for pair in pairs])


def delete_records(live: Live[Certificate]) -> Iterator[Call]:
    """Yield the calls that delete the records which nobody needs, each as it was written and not otherwise."""
    for domain, name, value in _told_records(live):
        if live.spec.zone and domain not in live.spec.needed_records:
            yield _change(live.spec, [_action("DELETE", name, value)], ignore=NOT_OURS)


def _change(certificate: Certificate, changes: list[Mapping[str, Any]], **of_call: Any) -> Call:
    params = {"HostedZoneId": certificate.zone, "ChangeBatch": {"Changes": changes}}
    operation = "change_resource_record_sets"
    return Call("route53", operation, params, role=certificate.role, **of_call)


def _action(action: str, name: Ref | str, value: Ref | str) -> Mapping[str, Any]:
    record = {"Name": name, "Type": "CNAME", "TTL": TTL, "ResourceRecords": [{"Value": value}]}
    return {"Action": action, "ResourceRecordSet": record}
