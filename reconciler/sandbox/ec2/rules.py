"""Rules of security groups as AWS keeps them: what makes two of them one, and how they are told."""

from copy import copy
from typing import Any

from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule

from reconciler.sandbox.ec2.cidrs import clear_host_bits
from reconciler.sandbox.ec2.rule_checks import NAMES, WITH_PORTS, WITH_TYPES
from reconciler.sandbox.world import add, wrap

ALL_PORTS = -1


def install() -> None:
    wrap(SecurityGroupRule, "__init__", _make)
    wrap(SecurityGroup, "_flattened_rules", _group_rules)
    add(SecurityGroupRule, "__eq__", lambda rule, other: identify(rule) == identify(other))
    add(SecurityGroupRule, "description", property(_description))
    add(SecurityGroupRule, "group_owner_id", property(lambda rule: rule.owner_id))
    add(SecurityGroupRule, "security_group_rule_arn", property(_arn))


def _make(
    original: Any,
    rule: Any,
    ec2: Any,
    ip_protocol: Any,
    group_id: str,
    from_port: Any,
    to_port: Any,
    ip_range: Any,
    source_group: Any = None,
    prefix_list_id: Any = None,
    **rest: Any,
) -> None:
    """Make a rule with its protocol by name, ports only where it has some, and no host bits."""
    protocol = NAMES.get(str(ip_protocol), str(ip_protocol).lower())
    has_ports = protocol in WITH_PORTS + WITH_TYPES
    ports = (from_port, to_port) if has_ports else ("0", "0")
    original(rule, ec2, ip_protocol, group_id, *ports, ip_range, source_group, prefix_list_id, **rest)
    rule.ip_protocol = protocol
    if not has_ports:
        rule.from_port = rule.to_port = None
    blocks = {
        key: clear_host_bits(rule.ip_range[key]) for key in ("CidrIp", "CidrIpv6") if key in rule.ip_range
    }
    rule.ip_range = {**rule.ip_range, **blocks}
    rule.prefix_list = {**(prefix_list_id or {})}


def _group_rules(original: Any, group: Any, rules: list[Any]) -> Any:
    """Return the rules as permissions, with the descriptions of prefix lists, which moto leaves out."""
    views = original(group, rules)
    for view in views:
        ports = (view.ip_protocol, view.from_port, view.to_port)
        view.prefix_list_ids = [
            rule.prefix_list
            for rule in rules
            if rule.prefix_list_id and (rule.ip_protocol, rule.from_port, rule.to_port) == ports
        ]
    return views


def identify(rule: Any) -> tuple[Any, ...]:
    """Return the rule's identity: all but the description (EC2 API reference)."""
    peer = (rule.cidr_ipv4, rule.cidr_ipv6, rule.source_group.get("GroupId"), rule.prefix_list_id)
    return (rule.ip_protocol, rule.from_port, rule.to_port, *peer)


def peer_of(rule: Any) -> dict[str, Any]:
    """Return the mapping that holds the rule's peer and its description."""
    found: dict[str, Any] = rule.ip_range or rule.source_group or rule.prefix_list
    return found


def describe_rule(rule: Any) -> Any:
    """Return a copy of the rule for an answer: without ports, AWS tells -1."""
    shown = copy(rule)
    if shown.from_port is None:
        shown.from_port = shown.to_port = ALL_PORTS
    return shown


def describe_revoked(rule: Any) -> dict[str, Any]:
    """Return the rule as a revoke's answer tells it."""
    told = {
        "SecurityGroupRuleId": rule.id,
        "GroupId": rule.group_id,
        "IsEgress": rule.is_egress,
        "IpProtocol": rule.ip_protocol,
        "FromPort": ALL_PORTS if rule.from_port is None else rule.from_port,
        "ToPort": ALL_PORTS if rule.to_port is None else rule.to_port,
        "CidrIpv4": rule.cidr_ipv4,
        "CidrIpv6": rule.cidr_ipv6,
        "PrefixListId": rule.prefix_list_id,
        "ReferencedGroupId": rule.source_group.get("GroupId"),
        "Description": rule.description,
    }
    return {name: value for name, value in told.items() if value is not None}


def _description(rule: Any) -> str | None:
    return str(peer_of(rule).get("Description") or "") or None


def _arn(rule: Any) -> str:
    ec2 = rule.ec2_backend
    return f"arn:{ec2.partition}:ec2:{ec2.region_name}:{ec2.account_id}:security-group-rule/{rule.id}"
