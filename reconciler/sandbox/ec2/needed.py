"""Parameters of EC2's calls that depend on each other: what is missing, and what excludes what."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from moto.core.utils import get_service_model
from moto.ec2.exceptions import EC2ClientError

DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "InstanceId",
    "NetworkInterfaceId",
    "VpcPeeringConnectionId",
    "EgressOnlyInternetGatewayId",
    "TransitGatewayId",
    "CarrierGatewayId",
    "VpcEndpointId",
    "LocalTarget",
    "LocalGatewayId",
    "CoreNetworkArn",
)


class Choice(NamedTuple):
    """Parameters of which a call has one, or has one at most."""

    names: tuple[str, ...]
    needed: bool = True


DESTINATION, TARGET = Choice(DESTINATIONS), Choice(TARGETS)
CHOICES = {
    "AssociateAddress": (Choice(("InstanceId", "NetworkInterfaceId")), Choice(("AllocationId", "PublicIp"))),
    "AssociateRouteTable": (Choice(("SubnetId", "GatewayId", "PublicIpv4Pool")),),
    "CreateRoute": (DESTINATION, TARGET),
    "CreateSubnet": (Choice(("AvailabilityZone", "AvailabilityZoneId"), needed=False),),
    "CreateTags": (Choice(("Tags",)),),
    "DeleteRoute": (DESTINATION,),
    "DeleteSecurityGroup": (Choice(("GroupId", "GroupName")),),
    "DisassociateAddress": (Choice(("AssociationId", "PublicIp")),),
    "ModifySubnetAttribute": (
        Choice(
            (
                "MapPublicIpOnLaunch",
                "AssignIpv6AddressOnCreation",
                "EnableDns64",
                "PrivateDnsHostnameTypeOnLaunch",
                "EnableResourceNameDnsARecordOnLaunch",
                "EnableResourceNameDnsAAAARecordOnLaunch",
                "EnableLniAtDeviceIndex",
                "DisableLniAtDeviceIndex",
                "CustomerOwnedIpv4Pool",
                "MapCustomerOwnedIpOnLaunch",
            )
        ),
    ),
    "ModifyVpcAttribute": (
        Choice(("EnableDnsSupport", "EnableDnsHostnames", "EnableNetworkAddressUsageMetrics")),
    ),
    "ReleaseAddress": (Choice(("AllocationId", "PublicIp")),),
    "ReplaceRoute": (DESTINATION, TARGET),
}
ATTRIBUTES = ("ModifySubnetAttribute", "ModifyVpcAttribute")


def check_needed(operation: str, params: Mapping[str, Any]) -> None:
    """Refuse a call without what it needs, or with parameters that exclude each other (EC2 API reference)."""
    for name in _required(operation):
        if params.get(name) in (None, "", []):
            message = f"The request must contain the parameter {_wire_name(name)}"
            raise EC2ClientError("MissingParameter", message)
    for choice in CHOICES.get(operation, ()):
        sent = [name for name in choice.names if params.get(name) not in (None, [])]
        if choice.needed and not sent:
            names = " or ".join(_wire_name(name) for name in choice.names[:3])
            raise EC2ClientError("MissingParameter", f"The request must contain the parameter {names}")
        if len(sent) > 1:
            raise EC2ClientError("InvalidParameterCombination", _explain(operation, sent))


@cache
def _required(operation: str) -> tuple[str, ...]:
    model = get_service_model("ec2")
    shape = model.operation_model(operation).input_shape if operation in model.operation_names else None
    return tuple(shape.required_members) if shape else ()


def _explain(operation: str, sent: list[str]) -> str:
    names = [_wire_name(name) for name in sent]
    if operation in ATTRIBUTES:  # the words of kubernetes-sigs/cluster-api-provider-aws#783
        return f"Fields for multiple attribute types specified: {', '.join(names)}"
    return f"The parameter {names[0]} cannot be used with the parameter {names[1]}"


def _wire_name(name: str) -> str:
    return name[0].lower() + name[1:]
