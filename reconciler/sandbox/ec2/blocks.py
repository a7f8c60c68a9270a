"""Further CIDR blocks of VPCs and subnets as in AWS: within bounds, over no other, held by what is inside."""

from ipaddress import IPv6Network, ip_network
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidVPCRangeError
from moto.ec2.models import EC2Backend
from moto.ec2.responses.subnets import Subnets
from moto.ec2.responses.vpcs import VPCs

from reconciler.sandbox.ec2.cidrs import parse, parse_v4
from reconciler.sandbox.ec2.interfaces import present_interfaces
from reconciler.sandbox.ec2.ipv6 import list_blocks
from reconciler.sandbox.ec2.present import list_subnets
from reconciler.sandbox.ec2.vpcs import LARGEST, SMALLEST
from reconciler.sandbox.world import wrap

SUBNET_V6 = 64  # the prefix length that AWS's own blocks are cut into


def install() -> None:
    wrap(VPCs, "associate_vpc_cidr_block", _associate_with_vpc)
    wrap(EC2Backend, "disassociate_vpc_cidr_block", _disassociate_from_vpc)
    wrap(Subnets, "associate_subnet_cidr_block", _associate_with_subnet)
    wrap(Subnets, "disassociate_subnet_cidr_block", _disassociate_from_subnet)


def _associate_with_vpc(original: Any, response: Any) -> Any:
    vpc, sent = response.ec2_backend.get_vpc(response._get_param("VpcId")), response._get_param("CidrBlock")
    if sent:
        block = parse_v4(sent, "cidrBlock")
        if not LARGEST <= block.prefixlen <= SMALLEST:
            raise InvalidVPCRangeError(sent)
        if any(block.overlaps(ip_network(one["cidr_block"])) for one in vpc.get_cidr_block_association_set()):
            raise EC2ClientError("InvalidVpc.Range", f"The CIDR '{sent}' overlaps another of the VPC.")
        response.params = {**response.params, "CidrBlock": str(block)}
    return original(response)


def _disassociate_from_vpc(original: Any, ec2: Any, association_id: str) -> Any:
    """Take a block from a VPC that has no subnet inside it (tfp#29077)."""
    for vpc in ec2.vpcs.values():
        found = vpc._cidr_block_association_set.get(association_id)
        if found is None:
            continue
        block = ip_network(found["cidr_block"], strict=False)
        if str(block) != vpc.cidr_block and any(_is_inside(subnet, block) for subnet in list_subnets(ec2)):
            message = f"The vpc {vpc.id} currently has a subnet within CIDR block {block}"
            raise EC2ClientError("InvalidCidrBlock.InUse", message)
        return original(ec2, association_id)
    message = f"The vpc CIDR block association ID '{association_id}' does not exist"
    raise EC2ClientError("InvalidVpcCidrBlockAssociationID.NotFound", message)


def _is_inside(subnet: Any, block: Any) -> bool:
    cidrs = [subnet.cidr_block, *(one["ipv6CidrBlock"] for one in subnet.ipv6_cidr_block_association_set)]
    networks = [ip_network(cidr) for cidr in cidrs if cidr]
    return any(one.version == block.version and one.subnet_of(block) for one in networks)


def _associate_with_subnet(original: Any, response: Any) -> Any:
    """Give a subnet its one /64, from a block of its VPC, that no other subnet has."""
    ec2, sent = response.ec2_backend, response._get_param("Ipv6CidrBlock")
    subnet, block = ec2.get_subnet(response._get_param("SubnetId")), parse(sent)
    if not isinstance(block, IPv6Network):
        message = f"Value ({sent}) for parameter ipv6CidrBlock is invalid. This is not a valid CIDR block."
        raise EC2ClientError("InvalidParameterValue", message)
    wider = [IPv6Network(one["cidr_block"]) for one in list_blocks(ec2.vpcs[subnet.vpc_id])]
    if block.prefixlen != SUBNET_V6 or not any(block.subnet_of(one) for one in wider):
        raise EC2ClientError("InvalidSubnet.Range", f"The CIDR '{sent}' is invalid.")
    if subnet.ipv6_cidr_block_association_set or any(_is_inside(other, block) for other in list_subnets(ec2)):
        raise EC2ClientError("InvalidSubnet.Conflict", f"The CIDR '{sent}' conflicts with another subnet")
    return original(response)


def _disassociate_from_subnet(original: Any, response: Any) -> Any:
    """Take the block from a subnet that gives no addresses of it and has none in use (tfp#1519)."""
    ec2, own_id = response.ec2_backend, response._get_param("AssociationId")
    subnet = ec2.get_subnet_from_ipv6_association(own_id)
    if subnet is not None and subnet.assign_ipv6_address_on_creation:
        message = f"The subnet {subnet.id} currently assigns IPv6 addresses on creation"
        raise EC2ClientError("InvalidCidrBlock.InUse", message)
    if subnet is not None and any(
        eni.subnet.id == subnet.id and eni.ipv6_addresses for eni in present_interfaces(ec2)
    ):
        block = subnet.ipv6_cidr_block_associations[own_id]["ipv6CidrBlock"]
        message = f"The subnet {subnet.id} has addresses of {block} in use"
        raise EC2ClientError("InvalidCidrBlock.InUse", message)
    return original(response)
