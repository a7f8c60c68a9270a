"""What EC2 tells in its answers and moto does not."""

from copy import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.managed_prefixes import ManagedPrefixList
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ec2.responses.vpcs import VPCs

from reconciler.sandbox.ec2.endpoint_checks import INTERFACE
from reconciler.sandbox.world import add, wrap

# Whose the public addresses are that AWS gives to the interfaces of its services (examples of the AWS CLI).
ADDRESS_OWNERS = {"amazon-elb": "amazon-elb"}
_told_association = NetworkInterface.association.fget


def install() -> None:
    add(RouteTable, "propagating_vgws", [])
    add(Subnet, "map_customer_owned_ip_on_launch", False)
    add(ManagedPrefixList, "cidrs", property(_list_cidrs))
    add(NetworkInterface, "association", property(_tell_association))
    wrap(SecurityGroups, "create_security_group", _answer_with_tags)
    wrap(ElasticNetworkInterfaces, "create_network_interface", _answer_pending_interface)
    wrap(VPCs, "create_vpc_endpoint", _answer_pending_endpoint)


def _list_cidrs(prefixes: Any) -> list[str]:
    """Return the blocks of a list, as DescribePrefixLists tells them."""
    return [entry["Cidr"] for entry in prefixes.entries.get(prefixes.version or 1, ())]


def _tell_association(eni: Any) -> dict[str, Any]:
    """Tell that AWS owns the public address of an interface, unless it is one that the account allocated."""
    told: dict[str, Any] = _told_association(eni)
    if told and "allocationId" not in told:
        told["ipOwnerId"] = ADDRESS_OWNERS.get(eni.requester_id, "amazon")
    return told


def _answer_with_tags(original: Any, response: Any) -> Any:
    """Answer with the tags of the new group (EC2 API reference, CreateSecurityGroup)."""
    answer = original(response)
    if isinstance(answer, ActionResult):
        tags = response._parse_tag_specification().get("security-group", {})
        answer.result["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return answer


def _answer_pending_interface(original: Any, response: Any) -> Any:
    """Answer with an interface that is pending, as in the AWS CLI's example; the next read tells more."""
    answer = original(response)
    eni = copy(answer.result["NetworkInterface"])
    eni.status = "pending"
    answer.result["NetworkInterface"] = eni
    return answer


def _answer_pending_endpoint(original: Any, response: Any) -> Any:
    """Answer with an interface endpoint that is pending, as the one of the AWS CLI's example."""
    answer = original(response)
    endpoint = copy(answer.result["VpcEndpoint"])
    if endpoint.vpc_endpoint_type == INTERFACE:
        endpoint.state = "pending"
    answer.result["VpcEndpoint"] = endpoint
    return answer
