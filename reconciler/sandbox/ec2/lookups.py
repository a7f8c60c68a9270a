"""Describes that moto lacks: rules that name groups of other VPCs, and what an account blocks."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from reconciler.sandbox.ec2.ids import GROUP
from reconciler.sandbox.ec2.present import find, list_groups
from reconciler.sandbox.world import add


def install() -> None:
    add(EC2Response, "describe_security_group_references", _describe_references)
    add(EC2Response, "describe_stale_security_groups", _describe_stale)
    add(EC2Response, "describe_vpc_block_public_access_options", _describe_blocking)


def _describe_references(response: Any) -> ActionResult:
    """Tell the peered VPCs whose groups' rules name these groups (EC2 API reference)."""
    ec2, told = response.ec2_backend, []
    for group_id in response._get_param("GroupId", []):
        group = find(ec2, group_id)
        if group is None:
            raise GROUP.refuse(group_id)
        others = [
            other for other in list_groups(ec2) if other.vpc_id != group.vpc_id and _names(other, group_id)
        ]
        told += [{"GroupId": group_id, "ReferencingVpcId": vpc} for vpc in sorted({o.vpc_id for o in others})]
    return ActionResult({"SecurityGroupReferenceSet": told})


def _names(group: Any, own_id: str) -> bool:
    rules = (*group.ingress_rules, *group.egress_rules)
    return any(rule.source_group.get("GroupId") == own_id for rule in rules)


def _describe_stale(response: Any) -> ActionResult:
    """Tell no stale rule: a group that another's rule names is not deleted here."""
    response.ec2_backend.get_vpc(response._get_param("VpcId"))
    return ActionResult({"StaleSecurityGroupSet": []})


def _describe_blocking(response: Any) -> ActionResult:
    """Tell that the account blocks no public access, as no account does at first (EC2 API reference)."""
    options = {
        "AwsAccountId": response.ec2_backend.account_id,
        "AwsRegion": response.ec2_backend.region_name,
        "State": "default-state",
        "InternetGatewayBlockMode": "off",
        "ManagedBy": "account",
        "ExclusionsAllowed": "allowed",
    }
    return ActionResult({"VpcBlockPublicAccessOptions": options})
