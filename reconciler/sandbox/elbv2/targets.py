"""Targets of target groups: what may be registered, and their states until they are healthy, or gone."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from moto.elbv2.exceptions import TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup

from reconciler.sandbox.elbv2.quotas import TARGETS_PER_GROUP
from reconciler.sandbox.elbv2.refusals import invalid, refuse
from reconciler.sandbox.elbv2.target_group_attributes import DELAY
from reconciler.sandbox.elbv2.target_states import subnet_of
from reconciler.sandbox.world import add, current, wrap

Target = Mapping[str, Any]  # Id, Port, AvailabilityZone
# Besides its VPC's, a group takes addresses of these ranges (ELBv2 API reference).
PRIVATE = [ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]


def install() -> None:
    wrap(ELBv2Backend, "register_targets", _register)
    wrap(ELBv2Backend, "deregister_targets", _deregister)
    wrap(ELBv2Backend, "describe_target_health", _describe_health)
    add(FakeTargetGroup, "register", _add_targets)
    add(FakeTargetGroup, "deregister", _remove_targets)


def _group_of(elb: Any, arn: str) -> Any:
    group = elb.target_groups.get(arn)
    if group is None:
        raise TargetGroupNotFoundError
    return group


def _register(_original: Any, elb: Any, target_group_arn: str, instances: list[dict[str, Any]]) -> None:
    """Register targets, all or none. One that is registered already stays as it is."""
    group = _group_of(elb, target_group_arn)
    for target in instances:
        _check_target(elb, group, target)
    new = {(target["Id"], target.get("Port", group.port)) for target in instances}
    most = 1 if group.target_type in ("lambda", "alb") else TARGETS_PER_GROUP
    if len(new | set(group.targets)) > most:
        refuse("TooManyTargets", f"The maximum number of targets '{most}' has been reached on the target group")
    group.register([t for t in instances if (t["Id"], t.get("Port", group.port)) not in group.targets])


def _check_target(elb: Any, group: Any, target: Target) -> None:
    match group.target_type:
        case "ip":
            _check_address(elb, group, target)
        case "instance":
            _check_instance(elb, group, target)
        case "alb":
            if target["Id"] not in elb.load_balancers:
                refuse("InvalidTarget", f"The following targets are not valid: '{target['Id']}'")
        case _:
            if ":function:" not in target["Id"]:
                invalid(f"'{target['Id']}' is not a valid Lambda function ARN")


def _check_address(elb: Any, group: Any, target: Target) -> None:
    """Refuse what is no address, and one outside of the VPC without its zone (lb-controller#3084, #561)."""
    zone = target.get("AvailabilityZone")
    try:
        address = ip_address(target["Id"])
    except ValueError:
        invalid(f"The IP address '{target['Id']}' is not a valid IPv4 address")
    subnet = subnet_of(elb.ec2_backend, group, target["Id"])
    if subnet is None and zone is None:
        invalid(
            "You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, "
            f"since the IP address '{address}' is outside the VPC"
        )
    if subnet is None and address.version == 4 and not any(address in block for block in PRIVATE):  # noqa: PLR2004
        invalid(f"The IP address '{address}' is not within the supported ranges")
    if subnet is not None and zone not in (None, subnet.availability_zone):
        invalid(
            f"The IP address '{address}' is within the VPC, and cannot have its Availability Zone overridden "
            f"to '{zone}' from '{subnet.availability_zone}'"
        )


def _check_instance(elb: Any, group: Any, target: Target) -> None:
    if not target["Id"].startswith("i-"):
        invalid(f"Instance ID '{target['Id']}' is not valid")
    instance = elb.ec2_backend.get_instance_by_id(target["Id"])
    if instance is None or instance.vpc_id != group.vpc_id:
        refuse("InvalidTarget", f"The following targets are not valid or not in the same VPC: '{target['Id']}'")
    if instance.state != "running":
        refuse(
            "InvalidTarget",
            f"The following targets are not in a running state and cannot be registered: '{target['Id']}'",
        )


def _add_targets(group: Any, targets: list[dict[str, Any]]) -> None:
    """Register targets without a check. They are healthy after the profile's time."""
    for target in targets:
        key = target["Id"], target.get("Port", group.port)
        group.targets[key] = {**target, "Port": key[1]}
        group.deregistered_targets.pop(key, None)
        group.__dict__.setdefault("healthy_at", {})[key] = (
            current().clock.now() + current().profile.target_healthy
        )


def _remove_targets(group: Any, targets: list[dict[str, Any]]) -> None:
    """Deregister targets. They drain for the group's delay; in a profile without durations they do not."""
    used, now = group.load_balancer_arns, current().clock.now()
    for target in targets:
        for key in [k for k in group.targets if k[0] == target["Id"] and target.get("Port") in (None, k[1])]:
            delay = float(group.attributes.get(DELAY, 0)) if used and current().profile.task_stop else 0
            group.deregistered_targets[key] = {**group.targets.pop(key), "until": now + delay}


def _deregister(_original: Any, elb: Any, target_group_arn: str, instances: list[dict[str, Any]]) -> None:
    """Deregister targets. One that is not registered is no error (ELBv2 API reference)."""
    _group_of(elb, target_group_arn).deregister(instances)


def _describe_health(_original: Any, elb: Any, target_group_arn: str, targets: list[dict[str, Any]]) -> Any:
    """Return the health of these targets, or of all that are registered or draining."""
    group = _group_of(elb, target_group_arn)
    draining = [t for t in group.deregistered_targets.values() if t["until"] > current().clock.now()]
    asked = targets or [*group.targets.values(), *draining]
    statuses: list[FakeHealthStatus] = [group.health_for(target, elb.ec2_backend) for target in asked]
    return statuses
