"""What a use may do with the hosted zone of the hosts: by itself, or by a role in the zone's account."""

import re
from collections.abc import Iterable, Iterator

from desired_state.dns import ZONE_ID
from desired_state.platform import Platform
from reconciler.model.spec import Spec
from reconciler.resources.dns_record import DnsRecord
from reconciler.rights.further_writes import NAMES_OF_RECORDS
from reconciler.rights.grant import Grant, grant
from reconciler.rights.place import Place
from reconciler.rights.use import Use

ZONES, CHANGES = "arn:{partition}:route53:::hostedzone/", "arn:{partition}:route53:::change/*"


def name_grants(platform: Platform, specs: Iterable[Spec], use: Use, place: Place) -> Iterator[Grant]:
    """Yield the rights on the zone, or the right to assume the role for it; nothing without a zone.

    A zone that is known by its name only is fenced off by the names of records.
    """
    dns = platform.dns
    if dns is None:
        return
    if dns.role:
        yield grant(place, "AssumeRoleOfZone", ("sts:AssumeRole",), (dns.role,))
        return
    named = (dns.zone, *(spec.zone for spec in specs if isinstance(spec, DnsRecord)))
    known = next((zone for zone in named if re.fullmatch(ZONE_ID, zone)), None)
    arn = ZONES + (known or "*")
    yield grant(place, "RecordsOfHosts", ("route53:ListResourceRecordSets",), (arn,))
    if use.writes or use.deletes:
        within = (("ForAllValues:StringLike", NAMES_OF_RECORDS, (dns.zone, f"*.{dns.zone}")),)
        writes = ("route53:ChangeResourceRecordSets",)
        yield grant(place, "RecordsOfHostsChanged", writes, (arn,), () if known else within)
        yield grant(place, "ChangesOfZones", ("route53:GetChange",), (CHANGES,))
