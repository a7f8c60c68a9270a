"""Hosted zones: names as Route 53 keeps them, one for each caller reference, private ones with their VPC."""

from typing import Any

from moto.ec2 import ec2_backends
from moto.route53.models import FakeZone, Route53Backend
from moto.route53.responses import Route53

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.route53.names import normalise
from reconciler.sandbox.world import add, wrap

LONGEST = 255  # characters of a name
LONGEST_LABEL = 63


def install() -> None:
    wrap(Route53, "create_hosted_zone", _check)
    wrap(Route53, "list_hosted_zones_by_name", _list_by_name)
    wrap(Route53Backend, "create_hosted_zone", _create)
    wrap(Route53Backend, "disassociate_vpc_from_hosted_zone", _disassociate)
    wrap(Route53Backend, "list_resource_record_sets", _list_records)
    add(FakeZone, "linked_service", property(_linked_service))


def _check(original: Any, response: Any) -> Any:
    """Create a zone, unless its name or its VPC is not right, or another was made with its reference."""
    reference, name = response._get_param("CallerReference"), response._get_param("Name")
    private, vpc = response._get_bool_param("HostedZoneConfig.PrivateZone", False), response._get_param("VPC")
    labels = name.rstrip(".").split(".")
    if len(name) > LONGEST or not all(0 < len(label) <= LONGEST_LABEL for label in labels):
        raise Refusal("InvalidDomainName", f"The domain name {name} is not valid")
    if any(zone.caller_reference == reference for zone in response.backend.zones.values()):
        message = "A hosted zone has already been created with the specified caller reference."
        raise Refusal("HostedZoneAlreadyExists", message)
    if private != (vpc is not None):
        message = "When you're creating a private hosted zone, you must specify values for VPCId and VPCRegion"
        raise Refusal("InvalidInput", message)
    if vpc and vpc["VPCId"] not in ec2_backends[response.current_account][vpc["VPCRegion"]].vpcs:
        raise Refusal("InvalidVPCId", f"The VPC ID {vpc['VPCId']} is not valid, or not of this account")
    return original(response)


def _create(original: Any, route53: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """Create a zone whose id begins with Z. Of the values of its SOA record, moto makes no texts."""
    zone = original(route53, normalise(name), *args, **kwargs)
    route53.zones.pop(zone.resource_id)
    zone.resource_id = f"Z{zone.resource_id[1:]}"
    route53.zones[zone.resource_id] = zone
    for record in zone.rrsets:
        record.records = [one["Value"] if isinstance(one, dict) else one for one in record.records]
    return zone


def _disassociate(original: Any, route53: Any, zone_id: str, vpcid: str) -> Any:
    zone = route53.get_hosted_zone(zone_id)
    if not any(vpc["vpc_id"] == vpcid for vpc in zone.vpcs):
        message = f"The VPC {vpcid} is not associated with the hosted zone {zone.resource_id}."
        raise Refusal("VPCAssociationNotFound", message)
    return original(route53, zone_id, vpcid)


def _list_by_name(original: Any, response: Any) -> Any:
    """List the zones from a name on, and on to others, in the order of their labels from the last one."""
    begin, start = response._get_param("DNSName"), response._get_param("HostedZoneId")
    size = int(response._get_param("MaxItems") or 100)
    every = sorted(response.backend.zones.values(), key=lambda zone: (_reverse(zone.name), zone.resource_id))
    if begin:
        place = (_reverse(normalise(begin)), start or "")
        every = [zone for zone in every if (_reverse(zone.name), zone.resource_id) >= place]
    answer = original(response)
    told = {"DNSName": begin, "HostedZoneId": start, "HostedZones": every[:size], "MaxItems": str(size)}
    more = every[size:]
    further = {"NextDNSName": more[0].name, "NextHostedZoneId": more[0].resource_id} if more else {}
    answer.result.update(told | {"IsTruncated": bool(more), **further})
    return answer


def _reverse(name: str) -> list[str]:
    return name.rstrip(".").split(".")[::-1]


def _list_records(original: Any, route53: Any, zone_id: str, start_name: str | None, **other: Any) -> Any:
    """List records, from a name in any spelling on."""
    begin = normalise(start_name) if start_name else start_name
    return original(route53, zone_id, start_name=begin, **other)


def _linked_service(zone: Any) -> dict[str, str] | None:
    """Tell the service that a zone is of, whose records only that service can change."""
    if not getattr(zone, "of_cloud_map", False):
        return None
    return {"ServicePrincipal": "servicediscovery.amazonaws.com", "Description": "Created by AWS Cloud Map"}
