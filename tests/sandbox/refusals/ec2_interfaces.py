"""Refused calls about network interfaces."""

from typing import Any

from makers import client_of, make_alb

from refusals.ec2_world import ec2, interface, network, other_network
from refusals.probe import Probe


def of_load_balancer() -> dict[str, Any]:
    make_alb(client_of("elbv2"), network())
    managed = [{"Name": "requester-id", "Values": ["amazon-elb"]}]
    return dict(ec2().describe_network_interfaces(Filters=managed)["NetworkInterfaces"][0])


def new_interface(**more: Any) -> dict[str, Any]:
    return {"SubnetId": network().subnets[0], **more}


def same_address() -> dict[str, Any]:
    subnet = network().subnets[0]
    interface(subnet, PrivateIpAddress="10.0.0.9")
    return {"SubnetId": subnet, "PrivateIpAddress": "10.0.0.9"}


def full_subnet() -> dict[str, Any]:
    small = ec2().create_subnet(VpcId=network().vpc, CidrBlock="10.0.9.0/28")["Subnet"]["SubnetId"]
    for _ in range(11):  # of 16, five are AWS's own
        interface(small)
    return {"SubnetId": small}


def many_groups() -> dict[str, Any]:
    made = network()
    named = [{"GroupName": str(number), "Description": "x", "VpcId": made.vpc} for number in range(6)]
    groups = [ec2().create_security_group(**one)["GroupId"] for one in named]
    return {"SubnetId": made.subnets[0], "Groups": groups}


PROBES = [
    Probe("CreateNetworkInterface", "InsufficientFreeAddressesInSubnet", full_subnet),
    Probe("CreateNetworkInterface", "SecurityGroupsPerInterfaceLimitExceeded", many_groups),
    Probe(
        "DetachNetworkInterface",
        "InvalidNetworkInterfaceAttachmentId.Malformed",
        lambda: {"AttachmentId": "eni-12345678"},
    ),
    Probe("CreateNetworkInterface", "InvalidSubnetID.NotFound", lambda: {"SubnetId": "subnet-12345678"}),
    Probe("CreateNetworkInterface", "InvalidGroup.NotFound", lambda: new_interface(Groups=["sg-12345678"])),
    Probe(
        "CreateNetworkInterface",
        "InvalidParameter",
        lambda: new_interface(Groups=[other_network().group]),
        "networks",
    ),
    Probe(
        "CreateNetworkInterface", "InvalidParameterValue", lambda: new_interface(PrivateIpAddress="10.9.9.9")
    ),
    Probe("CreateNetworkInterface", "InvalidIPAddress.InUse", same_address),
    Probe(
        "DeleteNetworkInterface",
        "InvalidNetworkInterfaceID.NotFound",
        lambda: {"NetworkInterfaceId": "eni-12345678"},
    ),
    Probe(
        "DeleteNetworkInterface",
        "InvalidParameterValue",
        lambda: {"NetworkInterfaceId": of_load_balancer()["NetworkInterfaceId"]},
        "currently in use",
    ),
    Probe(
        "DetachNetworkInterface",
        "InvalidAttachmentID.NotFound",
        lambda: {"AttachmentId": "eni-attach-12345678"},
    ),
    Probe(
        "DetachNetworkInterface",
        "OperationNotPermitted",
        lambda: {"AttachmentId": of_load_balancer()["Attachment"]["AttachmentId"]},
        "You are not allowed to manage 'ela-attach' attachments",
    ),
    Probe(
        "ModifyNetworkInterfaceAttribute",
        "AuthFailure",
        lambda: {"NetworkInterfaceId": of_load_balancer()["NetworkInterfaceId"], "Description": {"Value": "x"}},
    ),
]
