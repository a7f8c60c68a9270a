"""Targets that no security group lets the load balancer through to: their health checks time out."""

from typing import Any

from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup

from reconciler.sandbox.ecs.reach import checked_ports, lets_balancers_in
from reconciler.sandbox.world import wrap

TIMEOUT = ("unhealthy", "Target.Timeout", "Request timed out")


def install() -> None:
    wrap(FakeTargetGroup, "health_for", _health_for)


def _health_for(original: Any, target_group: Any, target: dict[str, Any], ec2: Any) -> Any:
    """Return the health of a target, which is no better than what its load balancers can see of it."""
    status = original(target_group, target, ec2)
    if status.status not in ("healthy", "unhealthy"):
        return status
    if not _is_kept_out(target_group, target["Id"], int(status.port), ec2):
        return status
    return FakeHealthStatus(target["Id"], status.port, target_group.health_check_port, *TIMEOUT)


def _is_kept_out(target_group: Any, address: str, port: int, ec2: Any) -> bool:
    """Tell whether no security group lets the load balancer through to the address, if an interface has it."""
    ports = checked_ports(target_group, port)
    found = [
        e for e in ec2.enis.values() if e.private_ip_address == address and e.vpc_id == target_group.vpc_id
    ]
    return any(not lets_balancers_in(eni, target_group.arn, each) for eni in found for each in ports)
