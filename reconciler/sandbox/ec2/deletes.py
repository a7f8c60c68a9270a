"""Deletes in EC2: refused while something depends on the resource (DependencyViolation)."""

from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend

from reconciler.sandbox.ec2.deleted_endpoints import present_endpoints
from reconciler.sandbox.ec2.interfaces import present_interfaces
from reconciler.sandbox.world import wrap

PEERED = ("pending-acceptance", "provisioning", "active")  # states in which a peering keeps its VPCs


def install() -> None:
    wrap(EC2Backend, "delete_subnet", _delete_subnet)
    wrap(EC2Backend, "delete_vpc", _delete_vpc)
    wrap(EC2Backend, "delete_network_acl", _delete_acl)


def _delete_subnet(original: Any, ec2: Any, subnet_id: str) -> Any:
    """Delete a subnet without interfaces, and its association with a route table and a network ACL."""
    if any(eni.subnet.id == subnet_id for eni in present_interfaces(ec2)):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    answer = original(ec2, subnet_id)
    for table in ec2.route_tables.values():
        table._associations = {a: target for a, target in table._associations.items() if target != subnet_id}
    for acl in ec2.network_acls.values():
        acl._associations = {a: one for a, one in acl._associations.items() if one.subnet_id != subnet_id}
    return answer


def _delete_acl(original: Any, ec2: Any, network_acl_id: str) -> Any:
    acl = ec2.network_acls.get(network_acl_id)
    if acl is not None and acl.default:
        raise EC2ClientError("InvalidParameterValue", f"cannot delete default network ACL {network_acl_id}")
    return original(ec2, network_acl_id)


def _delete_vpc(original: Any, ec2: Any, vpc_id: str) -> Any:
    """Delete a VPC that has nothing but its main route table, default group and default network ACL.

    What keeps it is AWS's own list (https://repost.aws/knowledge-center/troubleshoot-dependency-error-delete-vpc).
    """
    vpc = ec2.get_vpc(vpc_id)
    if _has_contents(ec2, vpc):
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    answer = original(ec2, vpc_id)
    ec2.network_acls = {own_id: acl for own_id, acl in ec2.network_acls.items() if acl.vpc_id != vpc_id}
    ec2.groups.pop(vpc_id, None)
    return answer


def _has_contents(ec2: Any, vpc: Any) -> bool:
    tables = [table for table in ec2.route_tables.values() if table.vpc_id == vpc.id]
    peerings = [peering for peering in ec2.vpc_pcxs.values() if peering.status["Code"] in PEERED]
    return (
        any(gateway.vpc is vpc for gateway in ec2.internet_gateways.values())
        or any(gateway.vpc_id == vpc.id for gateway in ec2.egress_only_internet_gateways.values())
        or any(not group.is_default for group in ec2.groups[vpc.id].values())
        or any(table.main_association_id is None for table in tables)
        or any(eni.vpc_id == vpc.id for eni in present_interfaces(ec2))
        or any(endpoint.vpc_id == vpc.id for endpoint in present_endpoints(ec2))
        or any(acl.vpc_id == vpc.id and not acl.default for acl in ec2.network_acls.values())
        or any(vpc.id in (peering.vpc.id, peering.peer_vpc.id) for peering in peerings)
    )
