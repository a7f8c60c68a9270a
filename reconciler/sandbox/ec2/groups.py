"""Security groups as in AWS: valid names, deletes refused while in use, rules without descriptions unique."""

import re
from ipaddress import ip_network
from typing import Any

from moto.core.exceptions import ServiceException
from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups

from reconciler.sandbox.ec2.interfaces import present_interfaces
from reconciler.sandbox.world import add, wrap

_TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")


def install() -> None:
    wrap(EC2Backend, "create_security_group", _create)
    wrap(SecurityGroups, "delete_security_group", _delete)
    for direction in ("ingress", "egress"):
        wrap(SecurityGroups, f"authorize_security_group_{direction}", _change_all_or_none)
        wrap(SecurityGroups, f"revoke_security_group_{direction}", _change_all_or_none)
    wrap(SecurityGroupRule, "__init__", _clear_host_bits)
    add(SecurityGroupRule, "__eq__", _equals)
    add(SecurityGroupRule, "description", property(_description))
    add(EC2Backend, "_sg_update_description", _update_description)


def _create(
    original: Any, ec2: Any, name: str, description: str, vpc_id: str | None = None, **rest: Any
) -> Any:
    if vpc_id:
        ec2.get_vpc(vpc_id)
    if name.startswith("sg-"):
        message = (
            f"Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*."
        )
        raise EC2ClientError("InvalidParameterValue", message)
    for what, text in (("name", name), ("description", description or "")):
        if not _TEXT.fullmatch(text):
            allowed = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
            message = f"Invalid security group {what}. Valid {what}s are strings less than 256 characters from {allowed}"
            raise EC2ClientError("InvalidParameterValue", message)
    same_vpc = ec2.groups.get(vpc_id or ec2.default_vpc.id, {}).values()
    if any(group.name.lower() == name.lower() for group in same_vpc):
        message = f"The security group '{name}' already exists for VPC '{vpc_id}'"
        raise EC2ClientError("InvalidGroup.Duplicate", message)
    return original(ec2, name, description, vpc_id=vpc_id, **rest)


def _delete(original: Any, response: Any) -> Any:
    """Delete a group that no interface and no rule of another group uses.

    Both causes of a refusal have one code (terraform-provider-aws#12394).
    """
    ec2 = response.ec2_backend
    named = response._get_param("GroupId") or response._get_param("GroupName")
    group = ec2.get_security_group_by_name_or_id(named)
    if group is not None and group.is_default:
        message = f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
        raise EC2ClientError("CannotDelete", message)
    if group is not None and (_has_interface(ec2, group) or _is_referenced(ec2, group)):
        raise DependencyViolationError(f"resource {group.id} has a dependent object")
    return original(response)


def _has_interface(ec2: Any, group: Any) -> bool:
    return any(group.id in {g.id for g in eni.group_set} for eni in present_interfaces(ec2))


def _is_referenced(ec2: Any, group: Any) -> bool:
    others = (g for groups in ec2.groups.values() for g in groups.values() if g is not group)
    return any(rule.source_group.get("GroupId") == group.id for other in others for rule in _rules(other))


def _rules(group: Any) -> list[Any]:
    return [*group.ingress_rules, *group.egress_rules]


def _change_all_or_none(original: Any, response: Any) -> Any:
    """Add or remove all rules of a request, or none of them, and answer with all."""
    named = response._get_param("GroupId") or response._get_param("GroupName")
    group = response.ec2_backend.get_security_group_by_name_or_id(named)
    before = (list(group.ingress_rules), list(group.egress_rules)) if group is not None else ([], [])
    try:
        answer = original(response)
    except ServiceException:
        if group is not None:
            group.ingress_rules, group.egress_rules = before
        raise
    if "SecurityGroupRules" in answer.result:
        known = {rule.id for rules in before for rule in rules}
        answer.result["SecurityGroupRules"] = [rule for rule in _rules(group) if rule.id not in known]
    return answer


def _clear_host_bits(original: Any, rule: Any, *args: Any, **kwargs: Any) -> None:
    """Clear the host bits of the rule's CIDR, as AWS does."""
    original(rule, *args, **kwargs)
    for key in ("CidrIp", "CidrIpv6"):
        if key in rule.ip_range:
            rule.ip_range = {**rule.ip_range, key: str(ip_network(rule.ip_range[key], strict=False))}


def _equals(rule: Any, other: Any) -> bool:
    return _identity(rule) == _identity(other)


def _identity(rule: Any) -> tuple[Any, ...]:
    """Return the rule's identity: all but the description (EC2 API reference)."""
    peer = (rule.cidr_ipv4, rule.cidr_ipv6, rule.source_group.get("GroupId"), rule.prefix_list_id)
    return (rule.ip_protocol, rule.from_port, rule.to_port, *peer)


def _description(rule: Any) -> str | None:
    text = rule.ip_range.get("Description") or rule.source_group.get("Description")
    return str(text) if text else None


def _update_description(_ec2: Any, asked: Any, rule: Any) -> None:
    """Set the description of a rule, or remove it if the call has none (EC2 API reference)."""
    peer = rule.ip_range or rule.source_group
    peer.pop("Description", None)
    if asked.description:
        peer["Description"] = asked.description
