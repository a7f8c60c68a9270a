"""Check that the world sees the zone of a certificate that is still to be validated, as far as AWS can tell.

Only a zone above it in the same account says whether it is delegated: what the DNS says is not asked.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.errors import ACCESS_DENIED
from reconciler.aws.reads import Reads
from reconciler.model.plan import Conflict
from reconciler.resources.certificate.reading import read_certificates
from reconciler.resources.certificate.spec import Certificate
from reconciler.resources.dns_zones import read_name

MOST_ZONES = "100"  # of a name and those after it that one call tells
NOT_TOLD = ("NoSuchHostedZone", "InvalidInput", *ACCESS_DENIED)  # a zone above may be another's to read

Raw = Mapping[str, Any]


def check_delegation(reads: Reads) -> Iterator[Conflict]:
    """Yield a conflict for each desired certificate that would wait in vain. Raises `ReadFailed`."""
    desired = reads.desired.of(Certificate)
    validated = {live.spec.name: live.spec for live in read_certificates(reads)} if desired else {}
    for name, want in desired.items():
        live = validated.get(name)
        if live is None or live.immutable != want.immutable or not live.issued:
            yield from _check(reads.assuming(want.role), want)


def _check(reads: Reads, want: Certificate) -> Iterator[Conflict]:
    zone = reads.ask("route53", "get_hosted_zone", "@", NOT_TOLD, Id=want.zone)
    if zone is None:
        return
    name, servers = read_name(zone["HostedZone"]["Name"]), zone.get("DelegationSet", {}).get("NameServers", ())
    for parent in _find_public_zones(reads, [name.split(".", n)[n] for n in range(1, name.count("."))]):
        asked: Mapping[str, Any] = {"StartRecordName": name, "StartRecordType": "NS", "MaxItems": "1"}
        path, own_id = "ResourceRecordSets", parent["Id"].rpartition("/")[2]
        found = reads.ask("route53", "list_resource_record_sets", path, NOT_TOLD, HostedZoneId=own_id, **asked)
        if found is not None and not any(
            read_name(one["Name"]) == name and one["Type"] == "NS" for one in found
        ):
            above = read_name(parent["Name"])
            why = f"its zone {name} is not delegated by {above} ({own_id}), so that ACM would never validate it"
            remedy = f"make the record {name} NS {' '.join(servers)} in {above}"
            yield Conflict(want.address, why, remedy)
        return  # the nearest zone decides


def _find_public_zones(reads: Reads, names: list[str]) -> Iterator[Raw]:
    for name in names:
        every = reads.ask(
            "route53", "list_hosted_zones_by_name", "HostedZones[]", NOT_TOLD, DNSName=name, MaxItems=MOST_ZONES
        )
        for zone in every or ():
            if read_name(zone["Name"]) == name and not zone["Config"]["PrivateZone"]:
                yield zone
