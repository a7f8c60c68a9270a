"""IPv6 as in AWS: blocks that come and go, addresses of tasks, one egress-only gateway for a VPC."""

from copy import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPC
from moto.ec2.responses.vpcs import VPCs
from moto.ec2.utils import random_private_ip

from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(VPC, "associate_vpc_cidr_block", _keep_those_given_up)
    wrap(VPCs, "associate_vpc_cidr_block", _answer_without_block)
    wrap(EC2Backend, "create_egress_only_internet_gateway", _create_gateway)


def list_blocks(vpc: Any) -> list[Any]:
    """Return the IPv6 blocks that a VPC has, without those that it gave up."""
    blocks = vpc.get_cidr_block_association_set(ipv6=True)
    return [block for block in blocks if block["cidr_block_state"]["state"] == "associated"]


def give_address(eni: Any) -> None:
    """Give an interface an address of its subnet's /64, as Fargate does (ECS developer guide)."""
    for block in eni.subnet.ipv6_cidr_block_association_set:
        eni.ipv6_addresses = [random_private_ip(block["ipv6CidrBlock"], ipv6=True)]


def _keep_those_given_up(original: Any, vpc: Any, *args: Any, **kwargs: Any) -> Any:
    """Give a VPC another block. Those that it gave up stay listed before it (hashicorp/terraform#12895)."""
    before = vpc._cidr_block_association_set
    gone = {
        own_id: one for own_id, one in before.items() if one["cidr_block_state"]["state"] == "disassociated"
    }
    made = original(vpc, *args, **kwargs)
    vpc._cidr_block_association_set = gone | vpc._cidr_block_association_set
    return made


def _answer_without_block(original: Any, response: Any) -> Any:
    """Answer that the block is on its way. Which one it is comes later (EC2 API reference, examples)."""
    answer = original(response).result
    if association := answer.get("Ipv6CidrBlockAssociation"):
        shown = copy(association)
        shown.pop("Ipv6CidrBlock", None)
        return ActionResult({**answer, "Ipv6CidrBlockAssociation": shown})
    return ActionResult(answer)


def _create_gateway(original: Any, ec2: Any, vpc_id: str, *args: Any, **kwargs: Any) -> Any:
    """Make the one egress-only gateway of a VPC (Amazon VPC quotas). The code is of general knowledge."""
    if any(gateway.vpc_id == vpc_id for gateway in ec2.egress_only_internet_gateways.values()):
        message = f"Network {vpc_id} already has an egress only internet gateway attached"
        raise EC2ClientError("Resource.AlreadyAssociated", message)
    return original(ec2, vpc_id, *args, **kwargs)
