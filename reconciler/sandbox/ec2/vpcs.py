"""VPCs as in AWS: their blocks and attributes."""

from copy import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2.exceptions import EC2ClientError, InvalidVPCIdError, InvalidVPCRangeError
from moto.ec2.models import EC2Backend
from moto.ec2.responses.vpcs import VPCs

from reconciler.sandbox.ec2.cidrs import parse_v4
from reconciler.sandbox.ec2.ids import PEERING, VPC
from reconciler.sandbox.world import wrap

LARGEST, SMALLEST = 16, 28  # prefix lengths of VPCs and of subnets (EC2 API reference)
TENANCIES = ("default", "dedicated")
ATTRIBUTES = ("enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics")


def install() -> None:
    wrap(EC2Backend, "create_vpc", _create_vpc)
    wrap(EC2Backend, "get_vpc", _get_vpc)
    wrap(EC2Backend, "get_vpc_peering_connection", _get_peering)
    wrap(VPCs, "create_vpc", _answer_pending)
    wrap(VPCs, "modify_vpc_attribute", _modify_vpc_attribute)
    wrap(VPCs, "describe_vpc_attribute", _describe_vpc_attribute)


def _create_vpc(
    original: Any, ec2: Any, cidr_block: str | None, instance_tenancy: str = "default", **rest: Any
) -> Any:
    if not cidr_block:
        raise EC2ClientError("MissingParameter", "The request must contain the parameter cidrBlock")
    block = parse_v4(cidr_block, "cidrBlock")
    if not LARGEST <= block.prefixlen <= SMALLEST:
        raise InvalidVPCRangeError(cidr_block)
    if instance_tenancy not in TENANCIES:
        message = f"Value ({instance_tenancy}) for parameter instanceTenancy is invalid."
        raise EC2ClientError("InvalidParameterValue", message)
    return original(ec2, str(block), instance_tenancy, **rest)


def _answer_pending(original: Any, response: Any) -> Any:
    """Create a VPC, which the answer always tells as `pending` (AWS CLI reference)."""
    shown = copy(original(response).result["Vpc"])
    shown.state = "pending"
    return ActionResult({"Vpc": shown})


def _get_vpc(original: Any, ec2: Any, vpc_id: str) -> Any:
    """Return the VPC, or refuse in AWS's words, by moto's own error, which its other services catch."""
    try:
        return original(ec2, vpc_id)
    except InvalidVPCIdError as refused:
        refused.message = VPC.refuse(vpc_id).message
        raise


def _get_peering(original: Any, ec2: Any, peering_id: str) -> Any:
    if peering_id not in ec2.vpc_pcxs:
        raise PEERING.refuse(peering_id)
    return original(ec2, peering_id)


def _modify_vpc_attribute(original: Any, response: Any) -> Any:
    """Change an attribute. Hostnames are enabled only where DNS support is (EC2 API reference).

    The code is of general knowledge.
    """
    vpc = response.ec2_backend.get_vpc(response._get_param("VpcId"))
    if response._get_param("EnableDnsHostnames.Value") and not vpc.enable_dns_support:
        message = "DNS hostnames can be enabled only if DNS support is enabled."
        raise EC2ClientError("InvalidParameterValue", message)
    return original(response)


def _describe_vpc_attribute(_original: Any, response: Any) -> Any:
    """Describe an attribute by the name of the answer's member. moto uses the request's spelling."""
    ec2, vpc_id = response.ec2_backend, response._get_param("VpcId")
    vpc = ec2.get_vpc(vpc_id)
    asked = response._get_param("Attribute")
    if asked not in ATTRIBUTES:
        message = f"Value ({asked}) for parameter attribute is invalid. Unknown attribute."
        raise EC2ClientError("InvalidParameterValue", message)
    member = f"{asked[0].upper()}{asked[1:]}"
    value = ec2.describe_vpc_attribute(vpc_id, camelcase_to_underscores(member))
    return ActionResult({"VpcId": vpc.id, member: {"Value": value}})
