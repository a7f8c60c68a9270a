"""Lag in ELBv2: creates do not find a new subnet, group or listener, and reads miss a new target group."""

from typing import Any

from moto.elbv2.exceptions import ELBClientError, ListenerNotFoundError, TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend

from reconciler.sandbox.lag.freshness import make_fresh, read_misses, write_misses
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(ELBv2Backend, "create_load_balancer", _create_load_balancer)
    wrap(ELBv2Backend, "create_listener", _create_fresh_listener)
    wrap(ELBv2Backend, "create_target_group", _create_fresh_group)
    wrap(ELBv2Backend, "create_rule", _create_rule)
    wrap(ELBv2Backend, "describe_target_groups", _describe_groups)


def _create_load_balancer(original: Any, elb: Any, **wanted: Any) -> Any:
    """Create a load balancer unless a fresh subnet or group is missed (terraform, Ansible: SubnetNotFound)."""
    for subnet_id in wanted["subnet_ids"]:
        if write_misses(elb.ec2_backend, "subnet", subnet_id):
            raise ELBClientError("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")
    for group_id in wanted["security_groups"]:
        if write_misses(elb.ec2_backend, "sg", group_id):
            raise ELBClientError("InvalidSecurityGroup", f"Security group '{group_id}' does not exist")
    return original(elb, **wanted)


def _create_fresh_listener(original: Any, elb: Any, **wanted: Any) -> Any:
    """Create a listener, unless a fresh target group is not found. The listener is fresh for its first rule."""
    for action in wanted["actions"]:
        if write_misses(elb, "group", str(action.get("TargetGroupArn"))):
            raise TargetGroupNotFoundError
    listener = original(elb, **wanted)
    make_fresh(elb, "listener", listener.arn)
    return listener


def _create_fresh_group(original: Any, elb: Any, name: str, **wanted: Any) -> Any:
    known = set(elb.target_groups)
    group = original(elb, name, **wanted)
    if group.arn not in known:
        make_fresh(elb, "group", group.arn)
    return group


def _create_rule(original: Any, elb: Any, **wanted: Any) -> Any:
    if write_misses(elb, "listener", wanted["listener_arn"]):
        raise ListenerNotFoundError
    return original(elb, **wanted)


def _describe_groups(
    original: Any, elb: Any, balancer_arn: str | None, arns: list[str], names: list[str] | None
) -> Any:
    """Describe target groups. One that the read misses is left out, or not found if it is named."""
    found = original(elb, balancer_arn, arns, names)
    seen = [group for group in found if not read_misses(elb, "group", group.arn)]
    if len(seen) < len(found) and (arns or names):
        raise TargetGroupNotFoundError
    return seen
