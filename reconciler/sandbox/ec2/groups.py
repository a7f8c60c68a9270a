"""Security groups as in AWS: valid names, deletes refused while in use."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups

from reconciler.sandbox.ec2.ids import GROUP
from reconciler.sandbox.ec2.interfaces import present_interfaces
from reconciler.sandbox.ec2.ipv6 import list_blocks
from reconciler.sandbox.ec2.present import list_groups
from reconciler.sandbox.ec2.rule_checks import ALLOWED, TEXT, refuse_value
from reconciler.sandbox.world import wrap

DEFAULT = "default"


def install() -> None:
    wrap(EC2Backend, "create_security_group", _create)
    wrap(SecurityGroups, "create_security_group", _check_new)
    wrap(SecurityGroups, "delete_security_group", _delete)


def find_group(response: Any) -> Any:
    """Return the group that the request names by its id, or by its name in the default VPC."""
    ec2, own_id, name = response.ec2_backend, response._get_param("GroupId"), response._get_param("GroupName")
    if not own_id and not name:
        message = "The request must contain the parameter groupName or groupId"
        raise EC2ClientError("MissingParameter", message)
    default = ec2.get_default_vpc()
    for group in list_groups(ec2):
        if group.id == own_id or (not own_id and group.name == name and default and group.vpc_id == default.id):
            return group
    raise GROUP.refuse(own_id or name)


def _check_new(original: Any, response: Any) -> Any:
    """Refuse the name that AWS gives to each VPC's own group, and a group in no VPC."""
    if not response._get_param("Description"):
        message = "The request must contain the parameter GroupDescription"
        raise EC2ClientError("MissingParameter", message)
    if str(response._get_param("GroupName")).lower() == DEFAULT:
        raise refuse_value(f"Cannot use reserved security group name: {DEFAULT}")
    if not response._get_param("VpcId") and response.ec2_backend.get_default_vpc() is None:
        raise EC2ClientError("VPCIdNotSpecified", "No default VPC for this user")
    return original(response)


def _create(
    original: Any, ec2: Any, name: str, description: str, vpc_id: str | None = None, **rest: Any
) -> Any:
    """Create a group. In a VPC's own one, the members reach each other (EC2 API reference)."""
    if vpc_id:
        ec2.get_vpc(vpc_id)
    if name.startswith("sg-"):
        invalid = f"Value ({name}) for parameter GroupName is invalid."
        raise refuse_value(f"{invalid} Group names may not be in the format sg-*.")
    for what, parameter, text in (
        ("name", "GroupName", name),
        ("description", "GroupDescription", description or ""),
    ):
        if not text.isascii():
            unsupported = "Character sets beyond ASCII are not supported."
            raise refuse_value(f"Value ({text}) for parameter {parameter} is invalid. {unsupported}")
        if not TEXT.fullmatch(text):
            valid = f"Valid {what}s are strings less than 256 characters from the following set:  {ALLOWED}"
            raise refuse_value(f"Invalid security group {what}. {valid}")
    same_vpc = ec2.groups.get(vpc_id or ec2.default_vpc.id, {}).values()
    if any(group.name.lower() == name.lower() for group in same_vpc):
        message = f"The security group '{name}' already exists for VPC '{vpc_id}'"
        raise EC2ClientError("InvalidGroup.Duplicate", message)
    group = original(ec2, name, description, vpc_id=vpc_id, **rest)
    if vpc_id and not list_blocks(ec2.vpcs[vpc_id]):  # moto also counts the blocks that it gave up
        group.egress_rules = [rule for rule in group.egress_rules if not rule.cidr_ipv6]
    if group.is_default:
        own = {"GroupId": group.id, "UserId": group.owner_id, "OwnerId": group.owner_id}
        group.ingress_rules.append(
            SecurityGroupRule(ec2, "-1", group.id, None, None, None, own, is_egress=False)
        )
    return group


def _delete(original: Any, response: Any) -> Any:
    """Delete a group that no interface and no rule of another group uses.

    Both causes of a refusal have one code (terraform-provider-aws#12394).
    """
    ec2, group = response.ec2_backend, find_group(response)
    if group.is_default:
        message = f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
        raise EC2ClientError("CannotDelete", message)
    if _has_interface(ec2, group) or _is_referenced(ec2, group):
        raise DependencyViolationError(f"resource {group.id} has a dependent object")
    original(response)
    return ActionResult({"Return": True, "GroupId": group.id})


def _has_interface(ec2: Any, group: Any) -> bool:
    return any(group.id in {g.id for g in eni.group_set} for eni in present_interfaces(ec2))


def _is_referenced(ec2: Any, group: Any) -> bool:
    return any(
        rule.source_group.get("GroupId") == group.id
        for other in list_groups(ec2)
        if other is not group
        for rule in (*other.ingress_rules, *other.egress_rules)
    )
