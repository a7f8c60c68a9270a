"""The DNS names of interface endpoints: for all zones, for each zone, and the service's own one (recorded)."""

from typing import Any

from moto.utilities.utils import get_partition

from reconciler.sandbox.partitions import DNS_SUFFIXES

ZONE = "Z7HUB22UULQXV"  # recorded, of us-east-1; other regions have others
PRIVATE_ZONE = "Z09789611UEJSFDVXZFY9"


def name_endpoint(ec2: Any, endpoint: Any) -> None:
    """Set the names of an interface endpoint in its present zones, with the private one if that is on."""
    label = endpoint.dns_entries[0]["dns_name"].partition(".")[0]
    zones = sorted(ec2.get_subnet(subnet_id).availability_zone for subnet_id in endpoint.subnet_ids or ())
    region = ec2.region_name
    suffix = DNS_SUFFIXES.get(get_partition(region), "amazonaws.com")
    short = endpoint.service_name.partition(f".{region}.")[2].split(".")
    service = f"{'.'.join(reversed(short))}.{region}"
    names = [f"{each}.{service}.vpce.{suffix}" for each in (label, *(f"{label}-{zone}" for zone in zones))]
    entries = [{"dns_name": name, "hosted_zone_id": ZONE} for name in names]
    if endpoint.private_dns_enabled:
        wildcard = "*." if short[-1] == "dkr" else ""
        entries.append({"dns_name": f"{wildcard}{service}.{suffix}", "hosted_zone_id": PRIVATE_ZONE})
    endpoint.dns_entries = entries
