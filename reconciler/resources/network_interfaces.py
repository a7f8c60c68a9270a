"""Network interfaces of others in our subnets and groups: AWS deletes neither while these are there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.cli_command import cli_command
from reconciler.aws.reads import Reads
from reconciler.model.spec import Blocker
from reconciler.model.steps import Call
from reconciler.model.tags import filters
from reconciler.resources.elb import list_foreign_load_balancers

Raw = Mapping[str, Any]  # an interface in DescribeNetworkInterfaces' answer

MAX_FILTER_VALUES = 200  # of one filter (EC2 user guide, "List and filter your resources")
ECS_ATTACHMENT = ":attachment/"  # in the description of a task's interface: the ARN of its attachment
# Seconds until AWS deletes the interface of a task or a load balancer that is gone, at most. 5 to 20 minutes
# were seen; five minutes of patience left the gateway and the VPC behind (alchemy#1125).
GONE_WITHIN = 1800.0
HOLDERS = {  # type of an interface -> the list of what such interfaces belong to
    "nat_gateway": ("describe_nat_gateways", "NatGateways[].NatGatewayId"),
    "vpc_endpoint": ("describe_vpc_endpoints", "VpcEndpoints[].VpcEndpointId"),
}
ELB_PREFIX = "ELB "  # before the end of the load balancer's ARN, in the description of its interfaces


def find_in_subnets(reads: Reads, subnets: Iterable[str]) -> dict[str, list[Blocker]]:
    """Return the interfaces of others in these subnets of ours, by subnet.

    AWS is asked only before a destroy, and for a drift report. Interfaces of tasks and of load balancers that
    are gone disappear by themselves. What others run in our clusters is found there; tasks in other clusters
    show only when AWS refuses the delete.
    """
    found = defaultdict[str, list[Blocker]](list)
    for interface, blocker in _list_foreign(reads, "subnet-id", subnets):
        found[interface["SubnetId"]].append(blocker)
    return found


def find_in_groups(reads: Reads, groups: Iterable[str]) -> dict[str, list[Blocker]]:
    """Return the interfaces of others with these groups of ours, by group, except those in subnets of ours."""
    has_our_tag = filters(reads.stack.name)
    our_subnets = {*reads.pages("ec2", "describe_subnets", "Subnets[].SubnetId", Filters=has_our_tag)}
    found = defaultdict[str, list[Blocker]](list)
    for interface, blocker in _list_foreign(reads, "group-id", groups):
        for group in interface["Groups"] if interface["SubnetId"] not in our_subnets else ():
            found[group["GroupId"]].append(blocker)
    return found


def find_task_addresses(reads: Reads, groups: Iterable[str]) -> frozenset[str]:
    """Return the private addresses of the tasks of ECS with one of these security groups."""
    interfaces = _list_interfaces(reads, "group-id", groups)
    return frozenset(i["PrivateIpAddress"] for i in interfaces if ECS_ATTACHMENT in i.get("Description", ""))


def find_with_ipv6(reads: Reads, subnets: Iterable[str]) -> dict[str, list[str]]:
    """Return the ids of the interfaces with an IPv6 address in these subnets, by subnet."""
    found = defaultdict[str, list[str]](list)
    for interface in _list_interfaces(reads, "subnet-id", subnets):
        if interface.get("Ipv6Addresses"):
            found[interface["SubnetId"]].append(interface["NetworkInterfaceId"])
    return found


def _list_interfaces(reads: Reads, filter_name: str, ids: Iterable[str]) -> list[Raw]:
    def list_batch(batch: list[str]) -> list[Raw]:
        where = [{"Name": filter_name, "Values": batch}]
        return reads.pages("ec2", "describe_network_interfaces", "NetworkInterfaces[]", Filters=where)

    return reads.in_batches(list_batch, sorted(ids), MAX_FILTER_VALUES)


def _list_foreign(reads: Reads, filter_name: str, ids: Iterable[str]) -> Iterator[tuple[Raw, Blocker]]:
    if not (reads.destroying or reads.seeks_foreign):
        return
    interfaces = [i for i in _list_interfaces(reads, filter_name, ids) if not _is_of_our_gateway(reads, i)]
    balancers = list_foreign_load_balancers(reads) if interfaces else {}
    by_description = {ELB_PREFIX + arn.partition(":loadbalancer/")[2]: b for arn, b in balancers.items()}
    for interface in interfaces:
        description = interface.get("Description", "")
        if description in by_description:
            yield interface, by_description[description]
        elif ECS_ATTACHMENT not in description and not description.startswith(ELB_PREFIX):
            yield interface, _to_blocker(interface, reads.aws.region)


def _is_of_our_gateway(reads: Reads, interface: Raw) -> bool:
    """Tell whether it belongs to a NAT gateway or an endpoint of ours, with which it goes."""
    if interface.get("InterfaceType") not in HOLDERS:
        return False
    operation, path = HOLDERS[interface["InterfaceType"]]
    ours = reads.pages("ec2", operation, path, Filters=filters(reads.stack.name))
    return any(own_id in interface.get("Description", "") for own_id in ours)


def _to_blocker(interface: Raw, region: str) -> Blocker:
    description = interface.get("Description")
    what = f"network interface {interface['NetworkInterfaceId']}"
    return Blocker(f"{what} ({description})" if description else what, _find_remedy(interface, region))


def _find_remedy(interface: Raw, region: str) -> str:
    attachment = interface.get("Attachment") or {}
    if instance := attachment.get("InstanceId"):
        return cli_command(Call("ec2", "terminate_instances", {"InstanceIds": [instance]}), region)
    if attachment or interface.get("RequesterManaged"):
        return f"remove what it belongs to ({interface.get('InterfaceType', 'interface')})"
    params = {"NetworkInterfaceId": interface["NetworkInterfaceId"]}
    return cli_command(Call("ec2", "delete_network_interface", params), region)
