"""Calls that add and remove rules of security groups: all of a request, or none of it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidPermissionNotFoundError,
    RulesPerSecurityGroupLimitExceededError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups

from reconciler.sandbox.ec2.groups import find_group
from reconciler.sandbox.ec2.ids import RULE
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.ec2.rule_checks import check_peers, normalize, require_distinct
from reconciler.sandbox.ec2.rules import describe_revoked, describe_rule, identify
from reconciler.sandbox.world import add, wrap

MOST_RULES = 60  # in each direction, of each IP version (Amazon VPC user guide, quotas)
LISTS = {"ingress": "ingress_rules", "egress": "egress_rules"}  # moto's attributes, by direction


def install() -> None:
    for action, around in _WRAPPERS:
        wrap(SecurityGroups, action, around)
    add(EC2Backend, "_verify_group_will_respect_rule_count_limit", lambda *_, **__: None)


def read_permissions(response: Any) -> list[dict[str, Any]]:
    """Return the permissions of the request, also the one of its older form."""
    params = response.params
    if params.get("IpPermissions"):
        return list(params["IpPermissions"])
    if not any(params.get(name) for name in ("IpProtocol", "CidrIp", "SourceSecurityGroupName")):
        return []
    one = {name: params[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in params}
    if params.get("CidrIp"):
        one["IpRanges"] = [{"CidrIp": params["CidrIp"]}]
    if params.get("SourceSecurityGroupName"):
        one["UserIdGroupPairs"] = [{"GroupName": params["SourceSecurityGroupName"]}]
    return [one]


def _authorize(direction: str, original: Any, response: Any) -> Any:
    group, ec2 = find_group(response), response.ec2_backend
    permissions = [normalize(permission) for permission in read_permissions(response)]
    if not permissions:
        raise EC2ClientError("MissingParameter", "The request must contain the parameter ipPermissions")
    require_distinct(permissions)
    for permission in permissions:
        check_peers(ec2, group, permission)
    response.params = {**response.params, "GroupId": group.id, "IpPermissions": permissions}
    response.params.pop("GroupName", None)
    before = list(getattr(group, LISTS[direction]))
    try:
        answer = original(response)
        _require_room(ec2, getattr(group, LISTS[direction]))
    except ServiceException:
        setattr(group, LISTS[direction], before)
        raise
    known = {rule.id for rule in before}
    added = [describe_rule(rule) for rule in getattr(group, LISTS[direction]) if rule.id not in known]
    answer.result["SecurityGroupRules"] = added
    return answer


def _require_room(ec2: Any, rules: list[Any]) -> None:
    """Refuse more rules than the quota. A group counts for both IP versions, a prefix list as its entries."""
    for version in ("cidr_ipv4", "cidr_ipv6"):
        own = sum(getattr(rule, version) is not None for rule in rules)
        both = sum(_weight(ec2, rule) for rule in rules if not rule.ip_range)
        if own + both > MOST_RULES:
            raise RulesPerSecurityGroupLimitExceededError


def _weight(ec2: Any, rule: Any) -> int:
    listed = find(ec2, rule.prefix_list_id) if rule.prefix_list_id else None
    return int(getattr(listed, "max_entries", None) or 1)


def require_either(parameter: str, by_id: list[Any], permissions: list[Any]) -> None:
    """Refuse a call that has both this parameter and permissions, or neither."""
    if by_id and permissions:
        message = f"The parameter {parameter} cannot be used with the parameter ipPermissions"
        raise EC2ClientError("InvalidParameterCombination", message)
    if not by_id and not permissions:
        raise EC2ClientError("MissingParameter", "The request must contain the parameter ipPermissions")


def _revoke(direction: str, _original: Any, response: Any) -> Any:
    """Remove rules by their ids or by their values. What is no rule is refused, but not in a default VPC.

    There the answer tells it (EC2 API reference).
    """
    group, ec2 = find_group(response), response.ec2_backend
    ids, permissions = response._get_param("SecurityGroupRuleIds", []), read_permissions(response)
    require_either("securityGroupRuleIds", ids, permissions)
    rules, unknown = getattr(group, LISTS[direction]), []
    leaving = [_by_id(rules, own_id) for own_id in ids]
    for permission in permissions:
        for asked in make_rules(ec2, group, permission, direction):
            found = [rule for rule in rules if identify(rule) == identify(asked)]
            leaving += found
            if not found:
                unknown.append(permission)
    if unknown and not ec2.vpcs[group.vpc_id].is_default:
        raise InvalidPermissionNotFoundError
    gone = {rule.id for rule in leaving}
    setattr(group, LISTS[direction], [rule for rule in rules if rule.id not in gone])
    revoked = [describe_revoked(rule) for rule in leaving]
    told = {"UnknownIpPermissions": unknown} if unknown else {}
    return ActionResult({"Return": True, "RevokedSecurityGroupRules": revoked, **told})


def _by_id(rules: list[Any], own_id: str) -> Any:
    for rule in rules:
        if rule.id == own_id:
            return rule
    raise RULE.refuse(own_id)


def make_rules(ec2: Any, group: Any, permission: dict[str, Any], direction: str) -> Iterator[SecurityGroupRule]:
    """Return the rules that a permission of a request stands for."""
    kept = normalize(permission)
    check_peers(ec2, group, kept)
    blocks = [*kept.get("IpRanges", []), *kept.get("Ipv6Ranges", [])]
    pairs = ec2._add_source_group([dict(pair) for pair in kept.get("UserIdGroupPairs", [])], group.vpc_id)
    ports = (kept.get("FromPort"), kept.get("ToPort"))
    made: Iterator[SecurityGroupRule] = ec2._iterate_security_rules(
        kept["IpProtocol"],
        group.id,
        *ports,
        blocks,
        pairs,
        kept.get("PrefixListIds", []),
        is_egress=direction == "egress",
    )
    return made


_WRAPPERS = tuple(
    (f"{verb}_security_group_{direction}", partial(around, direction))
    for verb, around in (("authorize", _authorize), ("revoke", _revoke))
    for direction in LISTS
)
