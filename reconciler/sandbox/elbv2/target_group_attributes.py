"""Attributes of target groups: as recorded for each kind, with the values of the ELBv2 API reference."""

from collections.abc import Mapping
from typing import Any

from moto.elbv2.exceptions import TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.elbv2.attributes import Attribute, defaults, flag, number, take
from reconciler.sandbox.elbv2.refusals import invalid, misconfigured
from reconciler.sandbox.world import wrap

DELAY = "deregistration_delay.timeout_seconds"
ALGORITHM, SLOW_START = "load_balancing.algorithm.type", "slow_start.duration_seconds"
MITIGATION = "load_balancing.algorithm.anomaly_mitigation"
COOKIE = "stickiness.app_cookie.cookie_name"
_TYPES = ("app_cookie", "lb_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto")
_WEEK = 604_800  # seconds
_HEALTH = "target_group_health"
_COMMON: Mapping[str, Attribute] = {
    DELAY: number("300", 0, 3600),
    "stickiness.enabled": flag("false"),
    "load_balancing.cross_zone.enabled": Attribute(
        "use_load_balancer_configuration", ("true", "false", "use_load_balancer_configuration")
    ),
    f"{_HEALTH}.dns_failover.minimum_healthy_targets.count": number("1", 1, 1000, "off"),
    f"{_HEALTH}.dns_failover.minimum_healthy_targets.percentage": number("off", 1, 100, "off"),
    f"{_HEALTH}.unhealthy_state_routing.minimum_healthy_targets.count": number("1", 1, 1000),
    f"{_HEALTH}.unhealthy_state_routing.minimum_healthy_targets.percentage": number("off", 1, 100, "off"),
}
HTTP: Mapping[str, Attribute] = {
    **_COMMON,
    "stickiness.type": Attribute("lb_cookie", _TYPES[:2]),
    COOKIE: Attribute(""),
    "stickiness.app_cookie.duration_seconds": number("86400", 1, _WEEK),
    "stickiness.lb_cookie.duration_seconds": number("86400", 1, _WEEK),
    ALGORITHM: Attribute("round_robin", ("round_robin", "least_outstanding_requests", "weighted_random")),
    MITIGATION: Attribute("off", ("on", "off")),
    SLOW_START: number("0", 30, 900, "0"),
}
LAMBDA: Mapping[str, Attribute] = {"lambda.multi_value_headers.enabled": flag("false")}
_BALANCER: Mapping[str, Attribute] = {
    **_COMMON,
    "stickiness.type": Attribute("source_ip", ("source_ip",)),
    "deregistration_delay.connection_termination.enabled": flag("false"),
    "preserve_client_ip.enabled": flag("true"),
    "proxy_protocol_v2.enabled": flag("false"),
}
GENEVE: Mapping[str, Attribute] = {
    DELAY: _COMMON[DELAY],
    "stickiness.enabled": flag("false"),
    "stickiness.type": Attribute("source_ip_dest_ip_proto", _TYPES[3:]),
    "target_failover.on_deregistration": Attribute("no_rebalance", ("rebalance", "no_rebalance")),
    "target_failover.on_unhealthy": Attribute("no_rebalance", ("rebalance", "no_rebalance")),
}


def install() -> None:
    wrap(ELBv2Backend, "modify_target_group_attributes", _modify)
    wrap(ELBV2Response, "modify_target_group_attributes", _answer_with_all)


def known_attributes(group: Any) -> Mapping[str, Attribute]:
    """Return the attributes that this target group has."""
    if group.target_type == "lambda":
        return LAMBDA
    if group.protocol in ("HTTP", "HTTPS"):
        return HTTP
    if group.protocol == "GENEVE":
        return GENEVE
    if group.target_type == "alb":
        return _BALANCER
    datagrams = group.protocol in ("UDP", "TCP_UDP")
    return {
        **_BALANCER,
        "deregistration_delay.connection_termination.enabled": flag("true" if datagrams else "false"),
        "preserve_client_ip.enabled": flag("true" if datagrams or group.target_type == "instance" else "false"),
        "target_health_state.unhealthy.connection_termination.enabled": flag("true"),
        "target_health_state.unhealthy.draining_interval_seconds": number("0", 0, 360_000),
    }


def default_attributes(group: Any) -> dict[str, str]:
    """Return the attributes of a new target group of this kind."""
    return defaults(known_attributes(group))


def _modify(_original: Any, elb: Any, target_group_arn: str, attributes: Mapping[str, Any]) -> None:
    """Change attributes, all or none. No attribute takes an empty text (cdkd#1609)."""
    group = elb.target_groups.get(target_group_arn)
    if group is None:
        raise TargetGroupNotFoundError
    known = known_attributes(group)
    for key, value in attributes.items():
        _check(group, known, key, str(value))
    new = {key: take(known, key, str(value), empty_resets=False) for key, value in attributes.items()}
    _check_together(group, {**group.attributes, **new})
    group.attributes.update(new)


def _check(group: Any, known: Mapping[str, Attribute], key: str, value: str) -> None:
    if key in known:
        if key == "stickiness.type" and value in _TYPES and not known[key].takes(value):
            misconfigured(
                f"Stickiness type '{value}' is not supported for target groups with the {group.protocol} protocol"
            )
        return
    if group.target_type == "lambda" and key in HTTP:
        misconfigured(f"A target group with target type 'lambda' does not support the attribute {key}")
    invalid(f"Target group attribute key '{key}' is not recognized")


def _check_together(group: Any, attributes: Mapping[str, str]) -> None:
    """Refuse what the user guides say does not go together."""
    if attributes.get("stickiness.type") == "app_cookie" and not attributes[COOKIE]:
        misconfigured("You must set an application cookie name to enable stickiness of type 'app_cookie'")
    if attributes.get(COOKIE, "").startswith("AWSALB"):
        misconfigured(f"The application cookie name '{attributes[COOKIE]}' is reserved for the load balancer")
    algorithm = attributes.get(ALGORITHM)
    if algorithm != "round_robin" and attributes.get(SLOW_START, "0") != "0":
        misconfigured(f"Slow start mode is not supported with the load balancing algorithm '{algorithm}'")
    if algorithm != "weighted_random" and attributes.get(MITIGATION) == "on":
        misconfigured("Anomaly mitigation requires the load balancing algorithm 'weighted_random'")
    if group.protocol in ("UDP", "TCP_UDP") and attributes["preserve_client_ip.enabled"] == "false":
        misconfigured(f"Client IP preservation cannot be disabled for {group.protocol} target groups")
    if group.protocol == "TLS" and attributes["stickiness.enabled"] == "true":
        misconfigured("You cannot enable stickiness on target groups with the TLS protocol")


def _answer_with_all(original: Any, response: Any) -> Any:
    """Answer with all attributes of the group, as the API reference's example shows; moto: with those sent."""
    answer = original(response)
    group = response.elbv2_backend.target_groups[response._get_param("TargetGroupArn")]
    answer.result["Attributes"] = dict(group.attributes)
    return answer
