"""Refused calls about network interfaces, addresses and NAT gateways."""

from typing import Any

from refusals.ec2_world import address, ec2, interface, nat_gateway, network, other_network
from refusals.probe import Probe


def associated() -> dict[str, Any]:
    named = {"AllocationId": address(), "NetworkInterfaceId": interface(network().subnets[0])}
    answer = ec2().associate_address(**named)
    return {**named, "AssociationId": answer["AssociationId"]}


def second_association() -> dict[str, Any]:
    made = associated()
    (first,) = ec2().describe_network_interfaces(NetworkInterfaceIds=[made["NetworkInterfaceId"]])[
        "NetworkInterfaces"
    ]
    other = interface(first["SubnetId"])
    asked = {"AllocationId": made["AllocationId"], "NetworkInterfaceId": other}
    return {**asked, "AllowReassociation": False}


def offline() -> dict[str, Any]:
    vpc = ec2().create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2().create_subnet(VpcId=vpc, CidrBlock="10.5.0.0/24")["Subnet"]["SubnetId"]
    return {"AllocationId": address(), "NetworkInterfaceId": interface(subnet)}


def many_addresses() -> dict[str, Any]:
    for _ in range(5):
        address()
    return {"Domain": "vpc"}


def of_nat_gateway() -> dict[str, Any]:
    (used,) = nat_gateway(network().subnets[0])["NatGatewayAddresses"]
    return dict(used)


def many_nat_gateways() -> dict[str, Any]:
    subnet = network().subnets[0]
    for _ in range(5):
        ec2().create_nat_gateway(SubnetId=subnet, ConnectivityType="private")
    return {"SubnetId": subnet, "ConnectivityType": "private"}


def other_token() -> dict[str, Any]:
    made = network()
    ec2().create_nat_gateway(SubnetId=made.subnets[0], ConnectivityType="private", ClientToken="once")
    return {"SubnetId": made.subnets[1], "ConnectivityType": "private", "ClientToken": "once"}


PROBES = [
    Probe("DescribeAddresses", "InvalidAddress.Malformed", lambda: {"PublicIps": ["nonsense"]}),
    Probe("AllocateAddress", "AddressLimitExceeded", many_addresses),
    Probe(
        "AssociateAddress",
        "InvalidAllocationID.NotFound",
        lambda: {"AllocationId": "eipalloc-12345678", "NetworkInterfaceId": interface(network().subnets[0])},
    ),
    Probe("AssociateAddress", "MissingParameter", lambda: {"AllocationId": address()}),
    Probe("AssociateAddress", "Gateway.NotAttached", offline),
    Probe("AssociateAddress", "Resource.AlreadyAssociated", second_association),
    Probe(
        "DisassociateAddress", "InvalidAssociationID.NotFound", lambda: {"AssociationId": "eipassoc-12345678"}
    ),
    Probe("DisassociateAddress", "AuthFailure", lambda: {"AssociationId": of_nat_gateway()["AssociationId"]}),
    Probe(
        "DescribeAddresses", "InvalidAllocationID.NotFound", lambda: {"AllocationIds": ["eipalloc-12345678"]}
    ),
    Probe("DescribeAddresses", "InvalidAddress.NotFound", lambda: {"PublicIps": ["192.0.2.1"]}),
    Probe("ReleaseAddress", "InvalidAllocationID.NotFound", lambda: {"AllocationId": "eipalloc-12345678"}),
    Probe("ReleaseAddress", "InvalidIPAddress.InUse", lambda: {"AllocationId": associated()["AllocationId"]}),
    Probe(
        "ReleaseAddress", "InvalidIPAddress.InUse", lambda: {"AllocationId": of_nat_gateway()["AllocationId"]}
    ),
    Probe("CreateNatGateway", "MissingParameter", lambda: {"SubnetId": network().subnets[0]}),
    Probe(
        "CreateNatGateway",
        "InvalidAllocationID.NotFound",
        lambda: {"SubnetId": network().subnets[0], "AllocationId": "eipalloc-12345678"},
    ),
    Probe(
        "CreateNatGateway",
        "Resource.AlreadyAssociated",
        lambda: {"SubnetId": other_network().subnets[0], "AllocationId": associated()["AllocationId"]},
    ),
    Probe("CreateNatGateway", "NatGatewayLimitExceeded", many_nat_gateways),
    Probe("CreateNatGateway", "IdempotentParameterMismatch", other_token),
    Probe("DeleteNatGateway", "NatGatewayNotFound", lambda: {"NatGatewayId": "nat-12345678"}),
]
