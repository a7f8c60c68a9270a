"""Pages of EC2's describes: only when MaxResults is sent, and not together with ids."""

from functools import partial
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.ec2.responses.internet_gateways import InternetGateways
from moto.ec2.responses.route_tables import RouteTables
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ec2.responses.subnets import Subnets
from moto.ec2.responses.vpcs import VPCs

from reconciler.sandbox.world import wrap

LEAST_RESULTS, MOST_RESULTS = 5, 1000  # values of MaxResults

# moto's response class, the action, the member of the answer that is cut into pages, the parameter with ids.
DESCRIBE_ACTIONS: tuple[tuple[Any, str, str, str], ...] = (
    (VPCs, "describe_vpcs", "Vpcs", "VpcIds"),
    (Subnets, "describe_subnets", "Subnets", "SubnetIds"),
    (InternetGateways, "describe_internet_gateways", "InternetGateways", "InternetGatewayIds"),
    (RouteTables, "describe_route_tables", "RouteTables", "RouteTableIds"),
    (SecurityGroups, "describe_security_groups", "SecurityGroups", "GroupIds"),
    (SecurityGroups, "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleIds"),
    (ElasticNetworkInterfaces, "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceIds"),
)


def install() -> None:
    for owner, action, around in _WRAPPERS:
        wrap(owner, action, around)


def _page(member: str, ids: str, original: Any, response: Any) -> Any:
    size, begin = response._get_param("MaxResults"), str(response._get_param("NextToken") or 0)
    answer = original(response)
    if size is None and begin == "0":
        return answer
    if response._get_param(ids):
        message = f"The parameter {ids} cannot be used with the parameter maxResults"
        raise EC2ClientError("InvalidParameterCombination", message)
    size = int(size or MOST_RESULTS)
    if not LEAST_RESULTS <= size <= MOST_RESULTS:
        message = f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between {LEAST_RESULTS} and {MOST_RESULTS}."
        raise EC2ClientError("InvalidParameterValue", message)
    if not begin.isdecimal():
        raise EC2ClientError("InvalidNextToken", f"The token '{begin}' is invalid")
    items, start = list(answer.result[member]), int(begin)
    answer.result[member] = items[start : start + size]
    answer.result["NextToken"] = str(start + size) if start + size < len(items) else None
    return answer


_WRAPPERS = tuple(
    (owner, action, partial(_page, member, ids)) for owner, action, member, ids in DESCRIBE_ACTIONS
)
