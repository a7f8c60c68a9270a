"""A private DNS namespace of a VPC of others."""

from collections.abc import Mapping
from typing import Any

from moto.ec2 import ec2_backends
from moto.servicediscovery import servicediscovery_backends

from reconciler.sandbox.cloud_map.namespaces import make_namespace
from reconciler.sandbox.planted.network import find_vpc

DOMAIN = "existing.local"  # no file says what its name is


def plant_namespace(part: Mapping[str, Any], account: str, region: str) -> None:
    """Make the namespace in the VPC that the file names, if that is there."""
    discovery = servicediscovery_backends[account][region]
    vpc = find_vpc(ec2_backends[account][region], part["vpc"])
    if vpc and part["id"] not in discovery.namespaces:
        make_namespace(discovery, DOMAIN, vpc, part["id"])
