"""The Route 53 zones of DNS namespaces. A VPC has one zone of a name, whoever makes it."""

from typing import Any

from moto.route53 import route53_backends
from moto.route53.models import Route53Backend

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(Route53Backend, "create_hosted_zone", _create_zone)
    wrap(Route53Backend, "associate_vpc_with_hosted_zone", _associate)
    wrap(Route53Backend, "delete_hosted_zone", _delete_zone)


def make_zone(discovery: Any, name: str, vpc: str | None) -> str:
    """Make the zone of a namespace, which is private if it has a VPC, and return its id."""
    place = {"vpcid": vpc, "vpcregion": discovery.region_name} if vpc else {}
    zone = _zones(discovery).create_hosted_zone(f"{name}.", private_zone=vpc is not None, **place)
    zone.of_cloud_map = True
    return str(zone.resource_id)


def drop_zone(discovery: Any, zone_id: str | None) -> None:
    """Delete the zone of a namespace, if there is one."""
    _zones(discovery).zones.pop(zone_id, None)


def find_conflict(discovery: Any, name: str, vpc: str) -> str | None:
    """Return what Route 53 says if the VPC has a zone of this name already."""
    return _conflict(_zones(discovery), name, vpc, discovery.region_name)


def _zones(discovery: Any) -> Any:
    return route53_backends[discovery.account_id][discovery.partition]


def _conflict(route53: Any, name: str, vpc: str, region: str | None) -> str | None:
    for zone in route53.zones.values():
        if zone.name.rstrip(".") == name.rstrip(".") and any(v["vpc_id"] == vpc for v in zone.vpcs):
            return (
                f"The VPC {vpc} in region {region} has already been associated with "
                f"the hosted zone {zone.resource_id} with the same domain name."
            )
    return None


def _create_zone(original: Any, route53: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    _refuse_conflict(route53, name, kwargs.get("vpcid"), kwargs.get("vpcregion"))
    return original(route53, name, *args, **kwargs)


def _associate(original: Any, route53: Any, zone_id: str, vpcid: str, vpcregion: str) -> Any:
    zone = route53.get_hosted_zone(zone_id)
    if not any(v["vpc_id"] == vpcid for v in zone.vpcs):
        _refuse_conflict(route53, zone.name, vpcid, vpcregion)
    return original(route53, zone_id, vpcid, vpcregion)


def _delete_zone(original: Any, route53: Any, id_: str) -> Any:
    """Delete a zone, which for that of a namespace only Cloud Map can do."""
    zone = route53.get_hosted_zone(id_)
    if getattr(zone, "of_cloud_map", False):
        message = f"The resource hostedzone/{zone.resource_id} can only be managed through AWS Cloud Map"
        raise Refusal("AccessDenied", message)
    return original(route53, id_)


def _refuse_conflict(route53: Any, name: str, vpc: str | None, region: str | None) -> None:
    if vpc and (message := _conflict(route53, name, vpc, region)):
        raise Refusal("ConflictingDomainExists", message)
