"""Refused calls about IPv6 in networks."""

from typing import Any

from makers import Network

from refusals.ec2_world import ec2, interface, network
from refusals.probe import Probe

NO_ASSOCIATION = "vpc-cidr-assoc-12345678", "subnet-cidr-assoc-12345678"


def block_of(vpc: str) -> tuple[str, str]:
    """Give a VPC a block; return the id of the association, and what the /64s of the block begin with."""
    ec2().associate_vpc_cidr_block(VpcId=vpc, AmazonProvidedIpv6CidrBlock=True)
    (found,) = ec2().describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
    return found["AssociationId"], found["Ipv6CidrBlock"].removesuffix("00::/56")


def with_range(made: Network | None = None) -> tuple[str, str, str]:
    """Give a subnet a /64; return the associations of the VPC and of the subnet, and the subnet."""
    made = made or network()
    of_vpc, start = block_of(made.vpc)
    sent = {"SubnetId": made.subnets[0], "Ipv6CidrBlock": f"{start}00::/64"}
    of_subnet = ec2().associate_subnet_cidr_block(**sent)["Ipv6CidrBlockAssociation"]["AssociationId"]
    return of_vpc, of_subnet, made.subnets[0]


def used_by_a_subnet() -> dict[str, Any]:
    return {"AssociationId": with_range()[0]}


def that_gives_addresses() -> dict[str, Any]:
    _, association, subnet = with_range()
    ec2().modify_subnet_attribute(SubnetId=subnet, AssignIpv6AddressOnCreation={"Value": True})
    return {"AssociationId": association}


def with_an_address_in_use() -> dict[str, Any]:
    _, association, subnet = with_range()
    interface(subnet, Ipv6AddressCount=1)
    return {"AssociationId": association}


def of_a_block_given_up() -> dict[str, Any]:
    made = network()
    association, start = block_of(made.vpc)
    ec2().disassociate_vpc_cidr_block(AssociationId=association)
    return {"SubnetId": made.subnets[0], "Ipv6CidrBlock": f"{start}00::/64"}


def taken_by_another() -> dict[str, Any]:
    made = network()
    _, _, subnet = with_range(made)
    (found,) = ec2().describe_subnets(SubnetIds=[subnet])["Subnets"][0]["Ipv6CidrBlockAssociationSet"]
    return {"SubnetId": made.subnets[1], "Ipv6CidrBlock": found["Ipv6CidrBlock"]}


def second_gateway() -> dict[str, Any]:
    vpc = network().vpc
    ec2().create_egress_only_internet_gateway(VpcId=vpc)
    return {"VpcId": vpc}


PROBES = [
    Probe("DisassociateVpcCidrBlock", "InvalidCidrBlock.InUse", used_by_a_subnet, "has a subnet within"),
    Probe(
        "DisassociateVpcCidrBlock",
        "InvalidVpcCidrBlockAssociationID.NotFound",
        lambda: {"AssociationId": NO_ASSOCIATION[0]},
    ),
    Probe("DisassociateSubnetCidrBlock", "InvalidCidrBlock.InUse", that_gives_addresses, "on creation"),
    Probe("DisassociateSubnetCidrBlock", "InvalidCidrBlock.InUse", with_an_address_in_use, "in use"),
    Probe(
        "DisassociateSubnetCidrBlock",
        "InvalidSubnetCidrBlockAssociationID.NotFound",
        lambda: {"AssociationId": NO_ASSOCIATION[1]},
    ),
    Probe("AssociateSubnetCidrBlock", "InvalidSubnet.Range", of_a_block_given_up),
    Probe("AssociateSubnetCidrBlock", "InvalidSubnet.Conflict", taken_by_another),
    Probe("CreateEgressOnlyInternetGateway", "Resource.AlreadyAssociated", second_gateway),
    Probe("CreateEgressOnlyInternetGateway", "InvalidVpcID.NotFound", lambda: {"VpcId": "vpc-12345678"}),
    Probe(
        "DeleteEgressOnlyInternetGateway",
        "InvalidGatewayID.NotFound",
        lambda: {"EgressOnlyInternetGatewayId": "eigw-12345678"},
    ),
]
