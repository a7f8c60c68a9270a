"""Target groups as in AWS: idempotent creates, known attributes, at most one load balancer for a group."""

from typing import Any

from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends

from reconciler.sandbox.world import add, wrap

# The attributes of a new HTTP target group (ELBv2 API reference).
DEFAULT_ATTRIBUTES = {
    "deregistration_delay.timeout_seconds": "300",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    "slow_start.duration_seconds": "0",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "stickiness.enabled": "false",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.type": "lb_cookie",
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}

# The default settings of a create, for the comparison with an existing group (ELBv2 API reference).
_CREATE_DEFAULTS = {
    "protocol_version": "HTTP1",
    "target_type": "instance",
    "ip_address_type": "ipv4",
    "healthcheck_protocol": "HTTP",
    "healthcheck_port": "traffic-port",
    "healthcheck_path": "/",
    "healthcheck_interval_seconds": 30,
    "healthy_threshold_count": 5,
    "unhealthy_threshold_count": 2,
    "matcher": {"HttpCode": "200"},
}
# moto's names for parameters, where it has others on its target group.
_MOTO_NAMES = {
    "healthcheck_protocol": "health_check_protocol",
    "healthcheck_port": "health_check_port",
    "healthcheck_path": "health_check_path",
    "healthcheck_interval_seconds": "health_check_interval_seconds",
    "healthcheck_timeout_seconds": "health_check_timeout_seconds",
}


def install() -> None:
    wrap(ELBv2Backend, "create_target_group", _create)
    wrap(ELBv2Backend, "describe_target_groups", _describe)
    wrap(ELBv2Backend, "modify_target_group_attributes", _modify_attributes)
    add(FakeTargetGroup, "load_balancer_arns", property(_load_balancer_arns, _ignore))


def _create(original: Any, elb: Any, name: str, **wanted: Any) -> Any:
    over_http = wanted.get("protocol") in ("HTTP", "HTTPS")
    if over_http and wanted.get("healthcheck_timeout_seconds") is None:
        # The API model says 6 for HTTP and 10 for HTTPS, other pages of AWS 5: an engine must read it back.
        wanted["healthcheck_timeout_seconds"] = 6 if wanted["protocol"] == "HTTP" else 10
    existing = next((group for group in elb.target_groups.values() if group.name == name), None)
    if existing is not None:
        return _same_or_refuse(existing, wanted)
    group = original(elb, name, **wanted)
    if over_http:
        group.attributes = dict(DEFAULT_ATTRIBUTES)
    return group


def _same_or_refuse(existing: Any, wanted: dict[str, Any]) -> Any:
    """Return the existing target group for an identical create; refuse any other."""
    asked = {**_CREATE_DEFAULTS, **{k: v for k, v in wanted.items() if v is not None and k != "tags"}}
    asked.pop("healthcheck_enabled", None)
    for field, value in asked.items():
        if str(getattr(existing, _MOTO_NAMES.get(field, field))) != str(value):
            message = f"A target group with the same name '{existing.name}' exists, but with different settings"
            raise ELBClientError("DuplicateTargetGroupName", message)
    return existing


def _describe(original: Any, elb: Any, load_balancer_arn: str | None, arns: list[str], names: Any) -> Any:
    """Describe target groups. For a load balancer without any the list is empty; moto alone would fail."""
    if load_balancer_arn in elb.load_balancers and not arns and not names:
        groups = [g for g in elb.target_groups.values() if load_balancer_arn in g.load_balancer_arns]
        return sorted(groups, key=lambda group: group.name)
    return original(elb, load_balancer_arn, arns, names)


def _modify_attributes(original: Any, elb: Any, target_group_arn: str, attributes: dict[str, Any]) -> Any:
    group = elb.target_groups.get(target_group_arn)
    for key in attributes if group is not None and group.protocol in ("HTTP", "HTTPS") else ():
        if key not in DEFAULT_ATTRIBUTES:
            raise ELBClientError("ValidationError", f"Target group attribute key '{key}' is not recognized")
    return original(elb, target_group_arn, attributes)


def _load_balancer_arns(group: Any) -> list[str]:
    """Return the load balancers that forward to the group now. moto does not record the end of such a use."""
    elb = elbv2_backends[group.account_id][group.region_name]
    return [arn for arn, lb in elb.load_balancers.items() if group.arn in used_groups(lb)]


def _ignore(group: Any, value: Any) -> None:
    """Ignore the empty list that moto sets when it creates the group."""


def used_groups(balancer: Any) -> set[str]:
    """Return the ARNs of the target groups that the load balancer's listeners and rules forward to."""
    return {
        arn
        for listener in balancer.listeners.values()
        for rule in listener.rules.values()
        for action in rule.actions
        for arn in forwarded_to(action.data)
    }


def forwarded_to(action: dict[str, Any]) -> set[str]:
    """Return the ARNs of the target groups that an action forwards to."""
    groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
    named = {group["TargetGroupArn"] for group in groups}
    return named | ({action["TargetGroupArn"]} if action.get("TargetGroupArn") else set())
