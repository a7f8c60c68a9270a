"""Attributes of load balancers: as recorded, with the values that the ELBv2 API reference allows."""

from collections.abc import Mapping
from typing import Any

from moto.elbv2.models import ELBv2Backend

from reconciler.sandbox.elbv2.attributes import Attribute, defaults, flag, number, take
from reconciler.sandbox.elbv2.log_buckets import try_bucket
from reconciler.sandbox.elbv2.refusals import invalid, misconfigured, refuse
from reconciler.sandbox.world import wrap

IPV6 = "ipv6.deny_all_igw_traffic"  # of dual stack load balancers only (recorded, aws-cdk#29956)
CROSS_ZONE = "load_balancing.cross_zone.enabled"
_TEXT = Attribute("")
_ALL = {"deletion_protection.enabled": flag("false")}
_LOGS = {
    "access_logs.s3.enabled": flag("false"),
    "access_logs.s3.bucket": _TEXT,
    "access_logs.s3.prefix": _TEXT,
    "zonal_shift.config.enabled": flag("false"),
}
APPLICATION: Mapping[str, Attribute] = {
    **_ALL,
    **_LOGS,
    CROSS_ZONE: flag("true"),
    "client_keep_alive.seconds": number("3600", 60, 604_800),
    "connection_logs.s3.enabled": flag("false"),
    "connection_logs.s3.bucket": _TEXT,
    "connection_logs.s3.prefix": _TEXT,
    "health_check_logs.s3.enabled": flag("false"),
    "health_check_logs.s3.bucket": _TEXT,
    "health_check_logs.s3.prefix": _TEXT,
    "idle_timeout.timeout_seconds": number("60", 1, 4000),
    "routing.http.desync_mitigation_mode": Attribute("defensive", ("monitor", "defensive", "strictest")),
    "routing.http.drop_invalid_header_fields.enabled": flag("false"),
    "routing.http.preserve_host_header.enabled": flag("false"),
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": flag("false"),
    "routing.http.xff_client_port.enabled": flag("false"),
    "routing.http.xff_header_processing.mode": Attribute("append", ("append", "preserve", "remove")),
    "routing.http2.enabled": flag("true"),
    "waf.fail_open.enabled": flag("false"),
}
NETWORK: Mapping[str, Attribute] = {
    **_ALL,
    **_LOGS,
    CROSS_ZONE: flag("false"),
    "dns_record.client_routing_policy": Attribute(
        "any_availability_zone",
        ("availability_zone_affinity", "partial_availability_zone_affinity", "any_availability_zone"),
    ),
    "secondary_ips.auto_assigned.per_subnet": number("0", 0, 7),
}
_BY_TYPE = {"application": APPLICATION, "network": NETWORK}


def install() -> None:
    wrap(ELBv2Backend, "modify_load_balancer_attributes", _modify)


def known_attributes(balancer: Any) -> Mapping[str, Attribute]:
    """Return the attributes that this load balancer has."""
    known = _BY_TYPE[balancer.type]
    if balancer.ip_address_type == "ipv4":
        return known
    return {**known, IPV6: flag("true" if balancer.scheme == "internal" else "false")}


def reset_attributes(balancer: Any) -> None:
    """Give a load balancer the attributes that it has, with their defaults where it had none."""
    known = known_attributes(balancer)
    balancer.attrs = {
        key: value for key, value in {**defaults(known), **balancer.attrs}.items() if key in known
    }


def _modify(_original: Any, elb: Any, arn: str, attrs: Mapping[str, Any]) -> dict[str, str]:
    """Change attributes, all or none: one refusal fails the whole call (cdkd#1609)."""
    balancer = elb.load_balancers.get(arn)
    if balancer is None:
        refuse("LoadBalancerNotFound", f"Load balancer '{arn}' not found")
    known = known_attributes(balancer)
    for key in attrs:
        _check_key(balancer, known, key)
    new = {key: take(known, key, str(value), empty_resets=True) for key, value in attrs.items()}
    _check_together(balancer, {**balancer.attrs, **new}, new)
    balancer.attrs.update(new)
    return dict(balancer.attrs)


def _check_key(balancer: Any, known: Mapping[str, Attribute], key: str) -> None:
    if key in known:
        return
    if key == IPV6:
        misconfigured(f"Load balancer attribute key '{key}' is only supported on dualstack load balancers")
    if any(key in others for others in _BY_TYPE.values()):
        misconfigured(
            f"Load balancer attribute key '{key}' is not supported on load balancers with type '{balancer.type}'"
        )
    invalid(f"Load balancer attribute key '{key}' is not recognized")


def _check_together(balancer: Any, attributes: Mapping[str, str], new: Mapping[str, str]) -> None:
    if balancer.type == "application" and attributes[CROSS_ZONE] == "false":
        misconfigured(f"'{CROSS_ZONE}' cannot be changed on load balancers with type 'application'")
    for logs in ("access_logs", "connection_logs", "health_check_logs"):
        is_sent = any(key.startswith(f"{logs}.") for key in new)
        if is_sent and attributes.get(f"{logs}.s3.enabled") == "true":
            try_bucket(balancer, logs, attributes[f"{logs}.s3.bucket"], attributes[f"{logs}.s3.prefix"])
