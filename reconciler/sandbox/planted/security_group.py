"""A security group in a VPC that a file names, with the rules that AWS gives to each."""

from collections.abc import Mapping
from typing import Any

from moto.ec2 import ec2_backends
from moto.ec2.models import security_groups as group_models

from reconciler.sandbox.planted.network import find_vpc, next_id


def plant_security_group(part: Mapping[str, Any], account: str, region: str) -> None:
    ec2 = ec2_backends[account][region]
    vpc = find_vpc(ec2, part["vpc"])
    if vpc and ec2.get_security_group_from_id(part["id"]) is None:
        with next_id(group_models, "random_security_group_id", part["id"]):
            ec2.create_security_group(part["id"].replace("sg-", "group-"), "of its owner", vpc)
