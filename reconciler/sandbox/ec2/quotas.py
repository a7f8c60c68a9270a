"""EC2's quotas that a caller may meet: the defaults of a new account (Amazon VPC user guide, quotas)."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend

from reconciler.sandbox.ec2.nat_gateways import LIVING
from reconciler.sandbox.ec2.present import list_groups, list_subnets
from reconciler.sandbox.world import current, wrap


class Quota(NamedTuple):
    """The most that there may be of one type, of the region or of what the call names first."""

    most: int
    code: str
    what: str  # in the words of AWS's message
    counted: Callable[[Any, Any], int]  # of the backend and of the first argument of moto's method


def _count_gateways(ec2: Any, subnet_id: Any) -> int:
    """Count the NAT gateways in the zone of the subnet."""
    zones = {subnet.id: subnet.availability_zone for subnet in list_subnets(ec2)}
    living = [gateway for gateway in ec2.nat_gateways.values() if gateway.state in LIVING]
    return sum(zones.get(gateway.subnet_id) == zones.get(subnet_id) for gateway in living)


QUOTAS: Mapping[str, Quota] = {  # by moto's method
    "create_vpc": Quota(5, "VpcLimitExceeded", "VPCs", lambda ec2, _: len(ec2.vpcs)),
    "create_subnet": Quota(
        200,
        "SubnetLimitExceeded",
        "subnets",
        lambda ec2, vpc_id: sum(subnet.vpc_id == vpc_id for subnet in list_subnets(ec2)),
    ),
    "create_internet_gateway": Quota(
        5, "InternetGatewayLimitExceeded", "internet gateways", lambda ec2, _: len(ec2.internet_gateways)
    ),
    "create_route_table": Quota(
        200,
        "RouteTableLimitExceeded",
        "route tables",
        lambda ec2, vpc_id: sum(table.vpc_id == vpc_id for table in ec2.route_tables.values()),
    ),
    "create_security_group": Quota(
        2500, "SecurityGroupLimitExceeded", "security groups", lambda ec2, _: len(list_groups(ec2))
    ),
    "allocate_address": Quota(
        5,
        "AddressLimitExceeded",
        "addresses",
        lambda ec2, _: sum(not getattr(address, "by_service", False) for address in ec2.addresses),
    ),
    "create_nat_gateway": Quota(5, "NatGatewayLimitExceeded", "NAT Gateways", _count_gateways),
}


def install() -> None:
    for method, around in _WRAPPERS:
        wrap(EC2Backend, method, around)


def _create(quota: Quota, original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    first = args[0] if args else next(iter(kwargs.values()), None)
    if current().profile.quotas and quota.counted(ec2, first) >= quota.most:
        raise EC2ClientError(quota.code, f"The maximum number of {quota.what} has been reached.")
    return original(ec2, *args, **kwargs)


_WRAPPERS = tuple((method, partial(_create, quota)) for method, quota in QUOTAS.items())
