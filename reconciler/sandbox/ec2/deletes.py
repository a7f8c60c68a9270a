"""Deletes in EC2: refused while something depends on the resource (DependencyViolation)."""

from typing import Any

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend
from moto.ec2.responses.route_tables import RouteTables

from reconciler.sandbox.ec2.interfaces import present_interfaces
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(EC2Backend, "delete_subnet", _delete_subnet)
    wrap(EC2Backend, "delete_vpc", _delete_vpc)
    wrap(EC2Backend, "detach_internet_gateway", _detach_gateway)
    wrap(RouteTables, "delete_route_table", _delete_route_table)


def _delete_subnet(original: Any, ec2: Any, subnet_id: str) -> Any:
    """Delete a subnet without interfaces, and its association with a route table."""
    if any(eni.subnet.id == subnet_id for eni in present_interfaces(ec2)):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    answer = original(ec2, subnet_id)
    for table in ec2.route_tables.values():
        table._associations = {a: target for a, target in table._associations.items() if target != subnet_id}
    return answer


def _delete_vpc(original: Any, ec2: Any, vpc_id: str) -> Any:
    """Delete a VPC that has nothing but its main route table, default group and default network ACL.

    Another network ACL and a peering do not keep it here, but may in AWS.
    """
    vpc = ec2.get_vpc(vpc_id)
    in_use = (
        any(gateway.vpc is vpc for gateway in ec2.internet_gateways.values())
        or any(not group.is_default for group in ec2.groups[vpc_id].values())
        or any(
            table.main_association_id is None for table in ec2.route_tables.values() if table.vpc_id == vpc_id
        )
        or any(eni.vpc_id == vpc_id for eni in present_interfaces(ec2))
        or any(endpoint.vpc_id == vpc_id for endpoint in ec2.vpc_end_points.values())
    )
    if in_use:
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    return original(ec2, vpc_id)


def _detach_gateway(original: Any, ec2: Any, gateway_id: str, vpc_id: str) -> Any:
    gateway = ec2.get_internet_gateway(gateway_id)
    attached = gateway.vpc is not None and gateway.vpc.id == vpc_id
    if attached and any(eni.public_ip for eni in present_interfaces(ec2) if eni.vpc_id == vpc_id):
        message = (
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )
        raise DependencyViolationError(message)
    return original(ec2, gateway_id, vpc_id)


def _delete_route_table(original: Any, response: Any) -> Any:
    table = response.ec2_backend.route_tables.get(response._get_param("RouteTableId"))
    if table is not None and table.main_association_id is not None:
        raise DependencyViolationError(f"The routeTable '{table.id}' has dependencies and cannot be deleted.")
    return original(response)
