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
    "opt-in-status": lambda zone: zone.opt_in_status,
    "region-name": lambda zone: zone.region_name,
    "state": lambda zone: zone.state,
    "zone-id": lambda zone: zone.zone_id,
    "zone-name": lambda zone: zone.name,
    "zone-type": lambda zone: zone.zone_type,
}


def install() -> None:
    wrap(AvailabilityZonesAndRegions, "describe_availability_zones", _describe)
    add(Zone, "get_filter_value", lambda zone, name: VALUES[name](zone) if name in VALUES else None)
    add(Zone, "opt_in_status", "opt-in-not-required")
    add(Zone, "group_name", property(lambda zone: f"{zone.region_name}-zg-1"))
    add(Zone, "group_long_name", property(lambda zone: f"{zone.region_name} 1"))
    add(Zone, "network_border_group", property(lambda zone: zone.region_name))


def _describe(original: Any, response: Any) -> Any:
    """Describe zones, and refuse names and ids that the region does not have."""
    zones = response.ec2_backend.describe_availability_zones()
    for parameter, known in (
        ("ZoneNames", {zone.name for zone in zones}),
        ("ZoneIds", {zone.zone_id for zone in zones}),
    ):
        for asked in response._get_param(parameter, []):
            if asked not in known:
                message = f"Invalid availability zone: [{asked}]"
                raise EC2ClientError("InvalidParameterValue", message)
    return original(response)
