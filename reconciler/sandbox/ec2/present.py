"""The resources of an EC2 backend by their ids."""

from collections.abc import Callable, Mapping
from typing import Any

FINDERS: Mapping[str, Callable[[Any, str], Any]] = {  # by the prefix of the id
    "vpc": lambda ec2, own_id: ec2.vpcs.get(own_id),
    "subnet": lambda ec2, own_id: next((zone[own_id] for zone in ec2.subnets.values() if own_id in zone), None),
    "igw": lambda ec2, own_id: ec2.internet_gateways.get(own_id),
    "eigw": lambda ec2, own_id: ec2.egress_only_internet_gateways.get(own_id),
    "rtb": lambda ec2, own_id: ec2.route_tables.get(own_id),
    "sg": lambda ec2, own_id: next((vpc[own_id] for vpc in ec2.groups.values() if own_id in vpc), None),
    "sgr": lambda ec2, own_id: next((rule for rule in list_rules(ec2) if rule.id == own_id), None),
    "eni": lambda ec2, own_id: ec2.enis.get(own_id),
    "nat": lambda ec2, own_id: ec2.nat_gateways.get(own_id),
    "vpce": lambda ec2, own_id: ec2.vpc_end_points.get(own_id),
    "pcx": lambda ec2, own_id: ec2.vpc_pcxs.get(own_id),
    "acl": lambda ec2, own_id: ec2.network_acls.get(own_id),
    "pl": lambda ec2, own_id: ec2.managed_prefix_lists.get(own_id),
    "eipalloc": lambda ec2, own_id: next((a for a in ec2.addresses if a.allocation_id == own_id), None),
}


def find(ec2: Any, own_id: str) -> Any:
    """Return moto's object for the id, or None."""
    finder = FINDERS.get(own_id.rpartition("-")[0])
    return finder(ec2, own_id) if finder else None


def list_groups(ec2: Any) -> list[Any]:
    return [group for groups in ec2.groups.values() for group in groups.values()]


def list_rules(ec2: Any) -> list[Any]:
    return [rule for group in list_groups(ec2) for rule in (*group.ingress_rules, *group.egress_rules)]


def list_subnets(ec2: Any) -> list[Any]:
    return [subnet for subnets in ec2.subnets.values() for subnet in subnets.values()]
