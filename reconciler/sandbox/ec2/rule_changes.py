"""Calls that change rules of security groups in their place, and their descriptions."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidPermissionDuplicateError,
    InvalidPermissionNotFoundError,
)
from moto.ec2.responses.security_groups import SecurityGroups

from reconciler.sandbox.ec2.groups import find_group
from reconciler.sandbox.ec2.ids import RULE
from reconciler.sandbox.ec2.rule_calls import LISTS, make_rules, read_permissions, require_either
from reconciler.sandbox.ec2.rule_checks import check_description, refuse_value
from reconciler.sandbox.ec2.rules import identify, peer_of
from reconciler.sandbox.world import wrap

# Members of a new value, and how a permission of a request holds the same peer.
PEERS = {
    "CidrIpv4": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "PrefixListId": ("PrefixListIds", "PrefixListId"),
    "ReferencedGroupId": ("UserIdGroupPairs", "GroupId"),
}
CHANGED = ("ip_protocol", "from_port", "to_port", "ip_range", "source_group", "prefix_list_id", "prefix_list")


def install() -> None:
    wrap(SecurityGroups, "modify_security_group_rules", _modify)
    for action, around in _WRAPPERS:
        wrap(SecurityGroups, action, around)


def _modify(_original: Any, response: Any) -> Any:
    """Give rules new values, which take the place of the old ones whole: all of the request, or none."""
    group, asked = find_group(response), response._get_param("SecurityGroupRules", [])
    if not asked:
        raise EC2ClientError("MissingParameter", "The request must contain the parameter securityGroupRules")
    rules = {rule.id: rule for rule in (*group.ingress_rules, *group.egress_rules)}
    changes = [_read_change(response.ec2_backend, group, rules, update) for update in asked]
    new = {rule.id: identify(made) for rule, made in changes}
    for attribute in LISTS.values():
        identities = [new.get(rule.id, identify(rule)) for rule in getattr(group, attribute)]
        if len({*identities}) < len(identities):
            raise InvalidPermissionDuplicateError
    for rule, made in changes:
        for name in CHANGED:
            setattr(rule, name, getattr(made, name))
    return ActionResult({"Return": True})


def _read_change(ec2: Any, group: Any, rules: dict[str, Any], update: dict[str, Any]) -> tuple[Any, Any]:
    """Return a rule, and a new one with its new values."""
    rule, value = rules.get(update.get("SecurityGroupRuleId", "")), update.get("SecurityGroupRule", {})
    if rule is None:
        raise RULE.refuse(update.get("SecurityGroupRuleId", ""))
    sent = [name for name in PEERS if value.get(name) is not None]
    if len(sent) != 1:
        code = "InvalidParameterCombination" if sent else "MissingParameter"
        names = "cidrIp, cidrIpv6, prefixListId, or referencedGroupId"
        raise EC2ClientError(code, f"Only one of {names} can be specified")
    if rule.ip_range and not value.get("CidrIpv6" if rule.cidr_ipv6 else "CidrIpv4"):
        message = (
            f"Invalid rule type for security group rule '{rule.id}'. You may not specify {sent[0]} for an "
            f"existing {'IPv6' if rule.cidr_ipv6 else 'IPv4'} CIDR rule."
        )
        raise refuse_value(message)
    listed, key = PEERS[sent[0]]
    peer = {key: value[sent[0]]} | ({"Description": value["Description"]} if value.get("Description") else {})
    permission = {name: value[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in value}
    direction = "egress" if rule.is_egress else "ingress"
    (made,) = make_rules(ec2, group, {**permission, listed: [peer]}, direction)
    return rule, made


def _update_descriptions(direction: str, _original: Any, response: Any) -> Any:
    """Set the descriptions of rules, or remove them where the request has none (EC2 API reference)."""
    group, ec2 = find_group(response), response.ec2_backend
    by_id, permissions = response._get_param("SecurityGroupRuleDescriptions", []), read_permissions(response)
    require_either("securityGroupRuleDescriptions", by_id, permissions)
    rules = getattr(group, LISTS[direction])
    made = [one for permission in permissions for one in make_rules(ec2, group, permission, direction)]
    texts = [*_read_by_id(rules, by_id), *_read_by_value(rules, made)]
    for rule, text in texts:
        peer_of(rule).pop("Description", None)
        if text:
            peer_of(rule)["Description"] = text
    return ActionResult({"Return": True})


def _read_by_id(rules: list[Any], asked: list[Any]) -> Iterator[tuple[Any, str | None]]:
    """Yield each rule that the request names by its id, with its new description."""
    for one in asked:
        check_description(one.get("Description"))
        own_id = one.get("SecurityGroupRuleId", "")
        found = next((rule for rule in rules if rule.id == own_id), None)
        if found is None:
            raise RULE.refuse(own_id)
        yield found, one.get("Description")


def _read_by_value(rules: list[Any], made: list[Any]) -> Iterator[tuple[Any, str | None]]:
    """Yield each rule that the request names by its values, with its new description."""
    for one in made:
        found = next((rule for rule in rules if identify(rule) == identify(one)), None)
        if found is None:
            raise InvalidPermissionNotFoundError
        yield found, one.description


_WRAPPERS = tuple(
    (f"update_security_group_rule_descriptions_{direction}", partial(_update_descriptions, direction))
    for direction in LISTS
)
