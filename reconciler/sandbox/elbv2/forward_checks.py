"""Check the target groups that actions forward to: present, of a fitting protocol, and free."""

from typing import Any

from reconciler.sandbox.elbv2.quotas import QUOTAS
from reconciler.sandbox.elbv2.refusals import misconfigured, refuse
from reconciler.sandbox.elbv2.target_groups import forwarded_to, used_groups

# The protocols of target groups that a listener of each protocol forwards to (user guides, listeners).
COMPATIBLE = {
    "HTTP": ("HTTP", "HTTPS"),
    "HTTPS": ("HTTP", "HTTPS"),
    "TCP": ("TCP", "TCP_UDP"),
    "TLS": ("TCP", "TLS"),
    "UDP": ("UDP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
}


def check_forwards(elb: Any, balancer: Any, protocol: str, actions: list[dict[str, Any]]) -> None:
    """Refuse target groups that a listener of this load balancer and protocol cannot forward to."""
    forwarded = sorted({arn for action in actions for arn in forwarded_to(action)})
    for arn in forwarded:
        group = elb.target_groups.get(arn)
        if group is None:
            refuse("TargetGroupNotFound", f"Target group '{arn}' not found")
        _check_protocols(group, balancer, protocol)
        if group.vpc_id not in (balancer.vpc_id, None):
            misconfigured(f"The load balancer and the target group '{arn}' must be in the same VPC")
        if set(group.load_balancer_arns) - {balancer.arn}:
            refuse(
                "TargetGroupAssociationLimit",
                f"The following target groups cannot be associated with more than one load balancer: {arn}",
            )
    if len(used_groups(balancer) | {*forwarded}) > QUOTAS["target-groups-per-application-load-balancer"]:
        refuse(
            "TooManyUniqueTargetGroupsPerLoadBalancer",
            "You've reached the limit on the number of unique target groups per load balancer",
        )


def _check_protocols(group: Any, balancer: Any, protocol: str) -> None:
    if group.target_type == "lambda" and balancer.type == "application":
        return
    if group.protocol not in COMPATIBLE[protocol]:
        refuse(
            "IncompatibleProtocols",
            f"The listener and its associated target group '{group.arn}' have incompatible protocols: "
            f"'{protocol}' and '{group.protocol}'",
        )
    if group.protocol_version in ("GRPC", "HTTP2") and protocol == "HTTP":
        misconfigured(
            f"Listener protocol 'HTTP' is not supported with a target group with the protocol-version "
            f"'{group.protocol_version}'"
        )
