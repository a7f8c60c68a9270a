"""Load balancers as in AWS: idempotent creates, provisioning before active, deletion protection, interfaces."""

from typing import Any

from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer

from reconciler.sandbox.ec2.interfaces import attach_interface, release_interface
from reconciler.sandbox.elbv2.load_balancer_checks import (
    check_gateway,
    check_groups,
    check_name,
    check_zones,
    find_subnets,
)
from reconciler.sandbox.world import add, current, wrap

# The attributes of a new application load balancer (ELBv2 API reference).
DEFAULT_ATTRIBUTES = {
    "access_logs.s3.enabled": "false",
    "access_logs.s3.bucket": "",
    "access_logs.s3.prefix": "",
    "client_keep_alive.seconds": "3600",
    "connection_logs.s3.enabled": "false",
    "connection_logs.s3.bucket": "",
    "connection_logs.s3.prefix": "",
    "deletion_protection.enabled": "false",
    "idle_timeout.timeout_seconds": "60",
    "ipv6.deny_all_igw_traffic": "false",
    "load_balancing.cross_zone.enabled": "true",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
    "routing.http.xff_client_port.enabled": "false",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "waf.fail_open.enabled": "false",
    "zonal_shift.config.enabled": "false",
}


def install() -> None:
    wrap(ELBv2Backend, "create_load_balancer", _create)
    wrap(ELBv2Backend, "delete_load_balancer", _delete)
    wrap(ELBv2Backend, "set_security_groups", _set_security_groups)
    wrap(ELBv2Backend, "set_subnets", _set_subnets)
    add(FakeLoadBalancer, "load_balancer_state", property(_state))


def _create(original: Any, elb: Any, **wanted: Any) -> Any:
    wanted["scheme"] = wanted.get("scheme") or "internet-facing"
    check_name(wanted["name"])
    subnets = find_subnets(
        elb, wanted["subnet_ids"] + [m["SubnetId"] for m in wanted.get("subnet_mappings") or []]
    )
    check_zones(subnets)
    vpc_id = subnets[0].vpc_id
    wanted["security_groups"] = wanted["security_groups"] or [
        elb.ec2_backend.get_default_security_group(vpc_id).id
    ]
    check_groups(elb, wanted["security_groups"], vpc_id)
    existing = next((lb for lb in elb.load_balancers.values() if lb.name == wanted["name"]), None)
    if existing is not None:
        return _same_or_refuse(existing, subnets, wanted)
    check_gateway(elb, vpc_id, wanted["scheme"])
    balancer = original(elb, **wanted)
    balancer.active_at = current().clock.now() + current().profile.load_balancer
    balancer.attrs = dict(DEFAULT_ATTRIBUTES)
    balancer.interfaces = {}
    _update_interfaces(elb, balancer)
    return balancer


def _same_or_refuse(existing: Any, subnets: list[Any], wanted: dict[str, Any]) -> Any:
    """Return the existing load balancer for an identical create; refuse any other (ELBv2 API reference)."""
    same = (
        {s.id for s in existing.subnets} == {s.id for s in subnets}
        and set(existing.security_groups) == set(wanted["security_groups"])
        and existing.scheme == wanted["scheme"]
        and existing.type == (wanted.get("loadbalancer_type") or "application")
        and existing.ip_address_type == wanted.get("ip_address_type", "ipv4")
    )
    if not same:
        message = f"A load balancer with the same name '{existing.name}' exists, but with different settings"
        raise ELBClientError("DuplicateLoadBalancerName", message)
    return existing


def _update_interfaces(elb: Any, balancer: Any) -> None:
    """Give the load balancer one interface in each of its subnets, with its security groups."""
    wanted = {subnet.id for subnet in balancer.subnets}
    for subnet_id in set(balancer.interfaces) - wanted:
        release_interface(balancer.interfaces.pop(subnet_id))
    for subnet_id in sorted(wanted - set(balancer.interfaces)):
        balancer.interfaces[subnet_id] = attach_interface(
            elb.ec2_backend,
            subnet_id,
            balancer.security_groups,
            description=f"ELB {balancer.arn.partition(':loadbalancer/')[2]}",
            owner="amazon-elb",
            public=balancer.scheme == "internet-facing",
        )
    for eni in balancer.interfaces.values():
        eni._group_set = [elb.ec2_backend.get_security_group_from_id(g) for g in balancer.security_groups]


def _delete(original: Any, elb: Any, arn: str) -> Any:
    """Delete a load balancer with its listeners and rules, its interfaces later. An absent one is no error."""
    balancer = elb.load_balancers.get(arn)
    if balancer is None:
        return None
    if balancer.attrs["deletion_protection.enabled"] == "true":
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        raise ELBClientError("OperationNotPermitted", message)
    for eni in balancer.interfaces.values():
        release_interface(eni)
    return original(elb, arn)


def _set_security_groups(original: Any, elb: Any, arn: str, sec_groups: list[str]) -> Any:
    balancer = elb.load_balancers.get(arn)
    if balancer is not None:
        check_groups(elb, sec_groups, balancer.vpc_id)
    answer = original(elb, arn, sec_groups)
    _update_interfaces(elb, elb.load_balancers[arn])
    return answer


def _set_subnets(original: Any, elb: Any, arn: str, subnets: list[str], mappings: list[dict[str, Any]]) -> Any:
    if arn in elb.load_balancers:
        check_zones(find_subnets(elb, subnets + [m["SubnetId"] for m in mappings]))
    answer = original(elb, arn, subnets, mappings)
    _update_interfaces(elb, elb.load_balancers[arn])
    return answer


def _state(balancer: Any) -> dict[str, str]:
    """Return the State. A create always answers provisioning; moto changes the state at the first read."""
    passed = current().clock.now() >= balancer.active_at
    return {"Code": "active" if passed and balancer.state == "active" else "provisioning"}
