"""Subnets as in AWS: within their VPC, in a zone of the region, with AWS's defaults."""

from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidSubnetRangeError
from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses.subnets import Subnets

from reconciler.sandbox.ec2.cidrs import parse_v4
from reconciler.sandbox.ec2.vpcs import LARGEST, SMALLEST
from reconciler.sandbox.world import add, wrap

# Names of ModifySubnetAttribute that moto does not know: moto's member of its options at launch.
OPTIONS = {
    "EnableResourceNameDnsARecordOnLaunch": "EnableResourceNameDnsARecord",
    "EnableResourceNameDnsAAAARecordOnLaunch": "EnableResourceNameDnsAAAARecord",
}
HOST_NAMES = ("ip-name", "resource-name")


def install() -> None:
    wrap(Subnets, "create_subnet", _create_subnet)
    wrap(EC2Backend, "create_subnet", _create_in_zone)
    wrap(Subnets, "modify_subnet_attribute", _modify_subnet_attribute)
    add(Subnet, "ipv6_cidr_block_association_set", property(_list_v6_blocks))  # moto's state is no text
    add(Subnet, "enable_dns64", False)
    add(Subnet, "block_public_access_states", {"InternetGatewayBlockMode": "off"})  # recorded


def _list_v6_blocks(subnet: Any) -> list[Any]:
    blocks = subnet.ipv6_cidr_block_associations.values()
    return [block for block in blocks if block["ipv6CidrBlockState"]["State"] == "associated"]


def _create_subnet(original: Any, response: Any) -> Any:
    """Create a subnet from /16 to /28 without its host bits (EC2 API reference)."""
    params, cidr = response.params, response._get_param("CidrBlock")
    if not cidr and not any(params.get(name) for name in ("Ipv6CidrBlock", "Ipv4IpamPoolId", "Ipv6IpamPoolId")):
        message = "Either 'cidrBlock' or 'ipv6CidrBlock' should be provided."
        raise EC2ClientError("MissingParameter", message)
    if cidr:
        response.ec2_backend.get_vpc(params.get("VpcId"))
        block = parse_v4(cidr, "cidrBlock")
        if not LARGEST <= block.prefixlen <= SMALLEST:
            raise InvalidSubnetRangeError(cidr)
        response.params = {**params, "CidrBlock": str(block)}
    return original(response)


def _create_in_zone(
    original: Any,
    ec2: Any,
    vpc_id: str,
    cidr_block: str,
    ipv6_cidr_block: str | None = None,
    availability_zone: str | None = None,
    availability_zone_id: str | None = None,
    **rest: Any,
) -> Any:
    """Create a subnet in a zone of the region. It is a zone's default only in the default VPC."""
    zones = ec2.describe_availability_zones()
    if availability_zone_id and availability_zone_id not in {zone.zone_id for zone in zones}:
        raise _refuse_zone(availability_zone_id, "availabilityZoneId", [zone.zone_id for zone in zones])
    if availability_zone and availability_zone not in {zone.name for zone in zones}:
        raise _refuse_zone(availability_zone, "availabilityZone", [zone.name for zone in zones])
    named = next((zone.name for zone in zones if zone.zone_id == availability_zone_id), availability_zone)
    subnet = original(ec2, vpc_id, cidr_block, ipv6_cidr_block, named, None, **rest)
    if not ec2.vpcs[vpc_id].is_default:
        subnet.default_for_az = subnet.map_public_ip_on_launch = False
    return subnet


def _refuse_zone(asked: str, parameter: str, known: list[str]) -> EC2ClientError:
    message = (
        f"Value ({asked}) for parameter {parameter} is invalid. "
        f"Subnets can currently only be created in the following availability zones: {', '.join(known)}."
    )
    return EC2ClientError("InvalidParameterValue", message)


def _modify_subnet_attribute(original: Any, response: Any) -> Any:
    """Change an attribute of a subnet, also those that moto ignores."""
    subnet = response.ec2_backend.get_subnet(response._get_param("SubnetId"))
    if response._get_param("AssignIpv6AddressOnCreation.Value") and not subnet.ipv6_cidr_block_association_set:
        message = "Invalid value 'true' for assignIpv6AddressOnCreation: the subnet has no IPv6 CIDR block."
        raise EC2ClientError("InvalidParameterValue", message)
    name_type = response._get_param("PrivateDnsHostnameTypeOnLaunch")
    if name_type is not None:
        if name_type not in HOST_NAMES:
            message = f"Value ({name_type}) for parameter privateDnsHostnameTypeOnLaunch is invalid."
            raise EC2ClientError("InvalidParameterValue", message)
        subnet.private_dns_name_options_on_launch["HostnameType"] = name_type
    for parameter, member in OPTIONS.items():
        if response._get_param(f"{parameter}.Value") is not None:
            subnet.private_dns_name_options_on_launch[member] = response._get_param(f"{parameter}.Value")
    if response._get_param("EnableDns64.Value") is not None:
        subnet.enable_dns64 = response._get_param("EnableDns64.Value")
    return original(response)
