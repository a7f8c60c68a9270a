"""A security group in a VPC of others."""

from collections.abc import Mapping
from typing import Any

from moto.ec2 import ec2_backends
from moto.ec2.models import security_groups as group_models

from reconciler.sandbox.planted.network import find_vpc, next_id


def plant_security_group(part: Mapping[str, Any], account: str, region: str) -> None:
    """Make the group in the VPC that the file names, if that is there."""
    ec2 = ec2_backends[account][region]
    vpc = find_vpc(ec2, part["vpc"])
    there = {own_id for groups in ec2.groups.values() for own_id in groups}
    if vpc and part["id"] not in there:
        with next_id(group_models, "random_security_group_id", part["id"]):
            ec2.create_security_group(f"group-{part['id']}", "Named by a platform file", vpc)
