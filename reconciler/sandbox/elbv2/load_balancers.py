"""Load balancers as in AWS: idempotent creates, provisioning before active, deletion protection, interfaces."""

from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer

from reconciler.sandbox.ec2.interfaces import release_interface
from reconciler.sandbox.elbv2.load_balancer_attributes import reset_attributes
from reconciler.sandbox.elbv2.load_balancer_checks import (
    check_count,
    check_gateway,
    check_groups,
    check_name,
    check_placement,
    check_space,
    find_subnets,
)
from reconciler.sandbox.elbv2.placement import check_ip_address_type, update_interfaces
from reconciler.sandbox.elbv2.refusals import invalid, refuse
from reconciler.sandbox.iam.service_linked_roles import make_linked_role
from reconciler.sandbox.world import add, current, wrap

HOSTED_ZONES = {"application": "Z35SXDOTRQ7X7K", "network": "Z26RNL4JYFTOTI"}  # us-east-1's (recorded)


def install() -> None:
    wrap(ELBv2Backend, "create_load_balancer", _create)
    wrap(ELBv2Backend, "delete_load_balancer", _delete)
    add(FakeLoadBalancer, "load_balancer_state", property(_state))


def _create(original: Any, elb: Any, **wanted: Any) -> Any:
    """Create a load balancer, or answer with the one that has this name and these settings."""
    kind = wanted["loadbalancer_type"] = wanted.get("loadbalancer_type") or "application"
    wanted["scheme"] = wanted.get("scheme") or "internet-facing"
    ip_address_type = wanted.get("ip_address_type") or "ipv4"
    check_name(wanted["name"])
    if kind == "gateway":
        invalid("The embedded AWS has no gateway load balancers")
    subnets = find_subnets(elb, wanted["subnet_ids"], wanted.get("subnet_mappings") or [])
    check_ip_address_type(kind, wanted["scheme"], ip_address_type)
    check_placement(subnets, kind, ip_address_type)
    vpc_id = subnets[0].vpc_id
    if kind == "application" and not wanted["security_groups"]:
        wanted["security_groups"] = [elb.ec2_backend.get_default_security_group(vpc_id).id]
    check_groups(elb, wanted["security_groups"], vpc_id)
    existing = next((lb for lb in elb.load_balancers.values() if lb.name == wanted["name"]), None)
    if existing is not None:
        return _same_or_refuse(existing, subnets, wanted)
    check_space(subnets)
    check_gateway(elb, vpc_id, wanted["scheme"])
    check_count(elb, kind)
    balancer = original(elb, **{**wanted, "ip_address_type": "ipv4"})  # moto refuses types that AWS has
    balancer.ip_address_type = ip_address_type
    _begin(elb, balancer)
    make_linked_role(elb.account_id, elb.partition, "elasticloadbalancing.amazonaws.com")
    return balancer


def _same_or_refuse(existing: Any, subnets: list[Any], wanted: dict[str, Any]) -> Any:
    """Return the existing load balancer for an identical create; refuse any other (ELBv2 API reference)."""
    same = (
        {s.id for s in existing.subnets} == {s.id for s in subnets}
        and set(existing.security_groups) == set(wanted["security_groups"])
        and existing.scheme == wanted["scheme"]
        and existing.type == wanted["loadbalancer_type"]
        and existing.ip_address_type == (wanted.get("ip_address_type") or "ipv4")
    )
    if not same:
        message = f"A load balancer with the same name '{existing.name}' exists, but with different settings"
        refuse("DuplicateLoadBalancerName", message)
    return existing


def _begin(elb: Any, balancer: Any) -> None:
    """Give a new load balancer its name in DNS, attributes and interfaces, as recorded for its type."""
    if balancer.type == "network":
        tags = elb.tagging_service.list_tags_for_resource(balancer.arn)["Tags"]
        elb.load_balancers.pop(balancer.arn)
        balancer.arn = balancer.arn.replace(":loadbalancer/app/", ":loadbalancer/net/")
        elb.load_balancers[balancer.arn] = balancer
        elb.tagging_service.tag_resource(balancer.arn, tags)
    balancer.dns_name = _name_in_dns(balancer, elb.region_name)
    balancer.enable_prefix_for_ipv6_source_nat = "off"
    balancer.canonical_hosted_zone_id = HOSTED_ZONES[balancer.type]
    balancer.active_at = current().clock.now() + current().profile.load_balancer
    balancer.attrs, balancer.interfaces = {}, {}
    reset_attributes(balancer)
    update_interfaces(elb, balancer)


def _name_in_dns(balancer: Any, region: str) -> str:
    identity, suffix = balancer.arn.rpartition("/")[2], ".cn" if region.startswith("cn-") else ""
    if balancer.type == "network":
        return f"{balancer.name}-{identity}.elb.{region}.amazonaws.com{suffix}"
    host = f"internal-{balancer.name}" if balancer.scheme == "internal" else balancer.name
    return f"{host}-{int(identity[:8], 16)}.{region}.elb.amazonaws.com{suffix}"


def _delete(original: Any, elb: Any, arn: str) -> Any:
    """Delete a load balancer with its listeners and rules, its interfaces later. An absent one is no error."""
    balancer = elb.load_balancers.get(arn)
    if balancer is None:
        return None
    if balancer.attrs["deletion_protection.enabled"] == "true":
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        refuse("OperationNotPermitted", message)
    for eni in balancer.interfaces.values():
        release_interface(eni)
    return original(elb, arn)


def _state(balancer: Any) -> dict[str, str]:
    """Return the State. A create always answers provisioning; moto changes the state at the first read."""
    passed = current().clock.now() >= balancer.active_at
    return {"Code": "active" if passed and balancer.state == "active" else "provisioning"}
