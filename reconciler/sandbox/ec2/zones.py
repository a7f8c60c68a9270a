"""Availability zones as AWS tells them."""

from collections.abc import Callable, Mapping
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.availability_zones_and_regions import Zone
from moto.ec2.responses.availability_zones_and_regions import AvailabilityZonesAndRegions

from reconciler.sandbox.world import add, wrap

VALUES: Mapping[str, Callable[[Any], Any]] = {  # of filters
    "group-long-name": lambda zone: zone.group_long_name,
    "group-name": lambda zone: zone.group_name,
    "message": lambda _zone: None,
    "opt-in-status": lambda zone: zone.opt_in_status,
    "parent-zone-id": lambda zone: zone.parent_zone_id,
    "parent-zone-name": lambda zone: zone.parent_zone_name,
    "region-name": lambda zone: zone.region_name,
    "state": lambda zone: zone.state,
    "zone-id": lambda zone: zone.zone_id,
    "zone-name": lambda zone: zone.name,
    "zone-type": lambda zone: zone.zone_type,
}
LOCAL = "local-zone"
LOCAL_ZONES = {"us-east-1": Zone("us-east-1-bos-1a", "us-east-1", "use1-bos1-az1", LOCAL)}  # of a region, one
LOCAL_PARENT = ("use1-az4", "us-east-1d")  # its parent's id and name


def install() -> None:
    wrap(AvailabilityZonesAndRegions, "describe_availability_zones", _describe)
    add(Zone, "get_filter_value", lambda zone, name: VALUES[name](zone) if name in VALUES else None)
    add(
        Zone,
        "opt_in_status",
        property(lambda zone: "not-opted-in" if _is_local(zone) else "opt-in-not-required"),
    )
    add(
        Zone,
        "group_name",
        property(lambda zone: zone.name[:-1] if _is_local(zone) else f"{zone.region_name}-zg-1"),
    )
    add(Zone, "group_long_name", property(lambda zone: f"{zone.region_name} 1"))
    add(
        Zone,
        "network_border_group",
        property(lambda zone: zone.name[:-1] if _is_local(zone) else zone.region_name),
    )
    add(Zone, "parent_zone_id", property(lambda zone: LOCAL_PARENT[0] if _is_local(zone) else None))
    add(Zone, "parent_zone_name", property(lambda zone: LOCAL_PARENT[1] if _is_local(zone) else None))


def _is_local(zone: Any) -> bool:
    return bool(zone.zone_type == LOCAL)


def _describe(original: Any, response: Any) -> Any:
    """Describe zones, and refuse names and ids that the region does not have.

    Local zones are told only with AllAvailabilityZones: the account has not opted in (EC2 API reference).
    """
    ec2 = response.ec2_backend
    hidden = response._get_param("AllAvailabilityZones") and LOCAL_ZONES.get(ec2.region_name)
    zones = [*ec2.describe_availability_zones(), *([hidden] if hidden else [])]
    for parameter, known in (
        ("ZoneNames", {zone.name for zone in zones}),
        ("ZoneIds", {zone.zone_id for zone in zones}),
    ):
        for asked in response._get_param(parameter, []):
            if asked not in known:
                message = f"Invalid availability zone: [{asked}]"
                raise EC2ClientError("InvalidParameterValue", message)
    answer = original(response)
    asked_for = [*response._get_param("ZoneNames", []), *response._get_param("ZoneIds", [])]
    if hidden and (not asked_for or {hidden.name, hidden.zone_id} & {*asked_for}):
        answer.result["AvailabilityZones"] = [*answer.result["AvailabilityZones"], hidden]
    return answer
