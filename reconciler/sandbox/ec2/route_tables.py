"""Route tables as in AWS: one for a subnet, of its own VPC; the main one stays."""

from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses.route_tables import RouteTables

from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(EC2Backend, "associate_route_table", _associate)
    wrap(EC2Backend, "disassociate_route_table", _disassociate)
    wrap(EC2Backend, "replace_route_table_association", _replace_association)
    wrap(RouteTables, "delete_route_table", _delete)


def _associate(
    original: Any, ec2: Any, route_table_id: str, gateway_id: Any = None, subnet_id: Any = None
) -> Any:
    table = ec2.get_route_table(route_table_id)
    if subnet_id:
        _require_one_network(ec2, table, subnet_id)
    if gateway_id and gateway_id.startswith("igw-"):
        gateway = ec2.get_internet_gateway(gateway_id)
        if gateway.vpc is None or gateway.vpc.id != table.vpc_id:
            raise _refuse_networks(route_table_id, f"network gateway {gateway_id}")
    holders = [t for t in ec2.route_tables.values() if subnet_id and subnet_id in t._associations.values()]
    if any(holder.id != route_table_id for holder in holders):
        message = (
            f"the specified association for route table {route_table_id} conflicts with an existing association"
        )
        raise EC2ClientError("Resource.AlreadyAssociated", message)
    return original(ec2, route_table_id, gateway_id, subnet_id)


def _require_one_network(ec2: Any, table: Any, subnet_id: str) -> None:
    if ec2.get_subnet(subnet_id).vpc_id != table.vpc_id:
        raise _refuse_networks(table.id, f"subnet {subnet_id}")


def _refuse_networks(table_id: str, other: str) -> EC2ClientError:
    message = f"route table {table_id} and {other} belong to different networks"
    return EC2ClientError("InvalidParameterValue", message)


def _disassociate(original: Any, ec2: Any, association_id: str) -> Any:
    if any(table.main_association_id == association_id for table in ec2.route_tables.values()):
        message = f"cannot disassociate the main route table association {association_id}"
        raise EC2ClientError("InvalidParameterValue", message)
    return original(ec2, association_id)


def _replace_association(original: Any, ec2: Any, association_id: str, route_table_id: str) -> Any:
    """Give a subnet another route table, or a VPC another main one, of the same VPC."""
    table = ec2.get_route_table(route_table_id)
    for holder in ec2.route_tables.values():
        subnet_id = holder._associations.get(association_id, "")
        if subnet_id.startswith("subnet-"):
            _require_one_network(ec2, table, subnet_id)
        if holder.main_association_id == association_id and holder.vpc_id != table.vpc_id:
            raise _refuse_networks(route_table_id, f"network {holder.vpc_id}")
    return original(ec2, association_id, route_table_id)


def _delete(original: Any, response: Any) -> Any:
    table = response.ec2_backend.route_tables.get(response._get_param("RouteTableId"))
    if table is not None and table.main_association_id is not None:
        raise DependencyViolationError(f"The routeTable '{table.id}' has dependencies and cannot be deleted.")
    return original(response)
