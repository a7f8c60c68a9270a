"""The states of targets, as DescribeTargetHealth tells them."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup, elbv2_backends

from reconciler.sandbox.elbv2.refusals import refuse
from reconciler.sandbox.world import add, current

# State, reason and description (ELBv2 API reference, target health).
HEALTHY = ("healthy", None, None)
INITIAL = ("initial", "Elb.RegistrationInProgress", "Target registration is in progress")
FAILING = ("unhealthy", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]")
DRAINING = ("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")
NOT_REGISTERED = ("unused", "Target.NotRegistered", "Target is not registered to the target group")
NOT_IN_USE = (
    "unused",
    "Target.NotInUse",
    "Target group is not configured to receive traffic from the load balancer",
)
OTHER_ZONE = (
    "unused",
    "Target.NotInUse",
    "Target is in an Availability Zone that is not enabled for the load balancer",
)
UNCHECKED = ("unavailable", "Target.HealthCheckDisabled", "Health checks are not enabled for this target")


def install() -> None:
    add(FakeTargetGroup, "health_for", health_of)
    add(FakeHealthStatus, "target", property(_tell_target))


def health_of(group: Any, target: Mapping[str, Any], ec2: Any) -> FakeHealthStatus:
    """Return the health of a target that a call names. Refuses an instance that is not there."""
    key = target["Id"], target.get("Port", group.port)
    state = _find_state(group, key, ec2)
    port = str(key[1]) if group.health_check_port == "traffic-port" else group.health_check_port
    status = FakeHealthStatus(key[0], key[1], port, *state)
    subnet = subnet_of(ec2, group, key[0]) if group.target_type == "ip" else None
    status.zone = subnet.availability_zone if subnet else target.get("AvailabilityZone")
    return status


def _tell_target(status: Any) -> dict[str, Any]:
    """Tell an address with its zone, which AWS finds out for those of its VPC."""
    zone = getattr(status, "zone", None)
    told = {"Id": status.instance_id, "Port": status.port}
    return told | {"AvailabilityZone": zone} if zone else told


def _find_state(group: Any, key: tuple[str, Any], ec2: Any) -> tuple[str, str | None, str | None]:
    now = current().clock.now()
    if key[0].startswith("i-"):
        instance = ec2.get_instance_by_id(key[0])
        if instance is None:
            refuse("InvalidTarget", f"The following targets are not valid: '{key[0]}'")
        if key in group.targets and instance.state != "running":
            return "unused", "Target.InvalidState", f"Target is in the {instance.state} state"
    if key not in group.targets:
        gone = group.deregistered_targets.get(key)
        return DRAINING if gone and gone["until"] > now else NOT_REGISTERED
    if not group.load_balancer_arns:
        return NOT_IN_USE
    if not group.health_check_enabled:
        return UNCHECKED
    if not _is_zone_enabled(group, key[0], ec2):
        return OTHER_ZONE
    healthy_at = group.healthy_at[key]
    if healthy_at <= now:
        return HEALTHY
    return FAILING if healthy_at == float("inf") else INITIAL


def _is_zone_enabled(group: Any, address: str, ec2: Any) -> bool:
    """Tell whether the load balancer is in the zone of an address of the VPC; true for all other targets."""
    subnet = subnet_of(ec2, group, address) if group.target_type == "ip" else None
    balancers = elbv2_backends[group.account_id][group.region_name].load_balancers
    zones = {s.availability_zone for arn in group.load_balancer_arns for s in balancers[arn].subnets}
    return subnet is None or subnet.availability_zone in zones


def subnet_of(ec2: Any, group: Any, address: str) -> Any:
    """Return the subnet of the group's VPC that an address is in; None if there is none."""
    try:
        wanted = ip_address(address)
    except ValueError:
        return None
    subnets = (subnet for subnet in ec2.describe_subnets() if subnet.vpc_id == group.vpc_id)
    return next((subnet for subnet in subnets if wanted in ip_network(subnet.cidr_block)), None)
