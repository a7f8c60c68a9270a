"""Network paths between a task, the services of AWS, the internet and load balancers."""

from ipaddress import ip_address, ip_network
from typing import Any

from moto.ec2 import ec2_backends
from moto.elbv2 import elbv2_backends

from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.elbv2.target_groups import used_groups

HTTPS = 443
ANYWHERE = "0.0.0.0/0"


def has_way(task: Task, service: str = "", region: str = "") -> bool:
    """Tell whether the task reaches this service, such as `ecr.api`, or, without one, the internet.

    Private DNS sends the whole VPC to an interface endpoint of the task's own region, which must let the task
    in; S3's gateway endpoints act by the route table. All others are reached over the internet (VPC guide).
    Without DNS support in its VPC the task finds none of them.
    """
    own, account = task.task_arn.split(":")[3:5]
    ec2 = ec2_backends[account][own]
    eni = ec2.enis.get(task.network.get("networkInterfaceId"))
    if eni is None or not ec2.get_vpc(eni.vpc_id).enable_dns_support:
        return False
    for endpoint in _endpoints(ec2, eni, service) if region in ("", own) else ():
        if endpoint.vpc_endpoint_type == "Interface":
            return _reaches_endpoint(ec2, eni, endpoint)
        if _route_table(ec2, eni.subnet).id in (endpoint.route_table_ids or ()):
            return any(_covers(rule, HTTPS) for rule in _rules(eni, "egress_rules"))
    return _reaches_internet(ec2, eni)


def _endpoints(ec2: Any, eni: Any, service: str) -> list[Any]:
    """Return the VPC's endpoints of this service that act without being named: gateways, and private DNS."""
    found = [
        endpoint
        for endpoint in ec2.vpc_end_points.values()
        if endpoint.vpc_id == eni.vpc_id and endpoint.state == "available"
        if service and endpoint.service_name.endswith(f".{service}")
    ]
    return [e for e in found if e.vpc_endpoint_type != "Interface" or e.private_dns_enabled is not False]


def _reaches_endpoint(ec2: Any, eni: Any, endpoint: Any) -> bool:
    own = {group.id for group in eni.group_set}
    groups = set(endpoint.security_group_ids)
    others = [ec2.enis[i].private_ip_address for i in endpoint.network_interface_ids if i in ec2.enis]
    out = any(_allows(rule, HTTPS, others, groups) for rule in _rules(eni, "egress_rules"))
    present = [ec2.get_security_group_from_id(group) for group in groups]
    inward = [rule for group in present if group is not None for rule in group.ingress_rules]
    return out and (not groups or any(_allows(rule, HTTPS, [eni.private_ip_address], own) for rule in inward))


def _reaches_internet(ec2: Any, eni: Any) -> bool:
    if not any(_allows_anywhere(rule) for rule in _rules(eni, "egress_rules")):
        return False
    routes = _default_routes(ec2, eni.subnet)
    if eni.public_ip is not None and any(_is_attached(route.gateway) for route in routes):
        return True
    if any(route.transit_gateway or route.instance or route.interface for route in routes):
        return True  # whatever is behind it
    return any(_passes_on(ec2, route.nat_gateway) for route in routes)


def _passes_on(ec2: Any, nat: Any) -> bool:
    """Tell whether this NAT gateway, if any, is there, public, and in a subnet with a route to a gateway."""
    if nat is None or nat.state != "available" or nat.id not in ec2.nat_gateways:
        return False
    routes = _default_routes(ec2, ec2.get_subnet(nat.subnet_id))
    return nat.connectivity_type != "private" and any(_is_attached(route.gateway) for route in routes)


def _is_attached(gateway: Any) -> bool:
    return gateway is not None and getattr(gateway, "attachment_state", "available") == "available"


def _default_routes(ec2: Any, subnet: Any) -> list[Any]:
    routes = _route_table(ec2, subnet).routes
    return [route for route in routes if route.destination_cidr_block == ANYWHERE]


def _route_table(ec2: Any, subnet: Any) -> Any:
    """Return the subnet's route table: the associated one, or the main one of the VPC."""
    tables = [table for table in ec2.route_tables.values() if table.vpc_id == subnet.vpc_id]
    own = [table for table in tables if subnet.id in table._associations.values()]
    return (own or [table for table in tables if table.main_association_id])[0]


def is_reachable(task: Task, target_group: str, port: int) -> bool:
    """Tell whether the load balancers of this target group reach the task where they check it."""
    region, account = task.task_arn.split(":")[3:5]
    eni = ec2_backends[account][region].enis.get(task.network.get("networkInterfaceId"))
    group = elbv2_backends[account][region].target_groups.get(target_group)
    return eni is not None and all(
        lets_balancers_in(eni, target_group, each) for each in checked_ports(group, port)
    )


def checked_ports(group: Any, port: int) -> set[int]:
    """Return the TCP ports that must answer for a target at this port to be healthy.

    The check of a group of UDP is one over TCP or HTTP, so that its port may be another (ELBv2 API reference).
    """
    checked = str(group.health_check_port) if group else ""
    own = int(checked) if checked.isdecimal() else port
    return {own} if group and group.protocol in ("UDP", "TCP_UDP") else {own, port}


def lets_balancers_in(eni: Any, target_group: str, port: int) -> bool:
    """Tell whether groups let the load balancers of this target group through to this interface and port."""
    _, _, _, region, account, _ = target_group.split(":", 5)
    balancers = elbv2_backends[account][region].load_balancers.values()
    using = [balancer for balancer in balancers if target_group in used_groups(balancer)]
    return all(_lets_in(eni, balancer, port) and _lets_out(eni, balancer, port) for balancer in using)


def _lets_in(eni: Any, balancer: Any, port: int) -> bool:
    addresses = [own.private_ip_address for own in balancer.interfaces.values()]
    groups = set(balancer.security_groups or ())
    return any(_allows(rule, port, addresses, groups) for rule in _rules(eni, "ingress_rules"))


def _lets_out(eni: Any, balancer: Any, port: int) -> bool:
    """Tell whether the groups of the load balancer, if it has any, let it call the interface."""
    rules = [rule for own in balancer.interfaces.values() for rule in _rules(own, "egress_rules")]
    groups = {group.id for group in eni.group_set}
    return not balancer.security_groups or any(
        _allows(rule, port, [eni.private_ip_address], groups) for rule in rules
    )


def _rules(eni: Any, direction: str) -> list[Any]:
    return [rule for group in eni.group_set for rule in getattr(group, direction)]


def _allows(rule: Any, port: int, addresses: list[str], groups: set[str]) -> bool:
    """Tell whether a rule covers TCP at this port for one of these groups, or for all of these addresses."""
    if not _covers(rule, port):
        return False
    if rule.source_group.get("GroupId") in groups:
        return True
    cidr = rule.ip_range.get("CidrIp")
    return bool(cidr and addresses) and all(ip_address(each) in ip_network(cidr) for each in addresses)


def _allows_anywhere(rule: Any) -> bool:
    return _covers(rule, HTTPS) and rule.ip_range.get("CidrIp") == ANYWHERE


def _covers(rule: Any, port: int) -> bool:
    if str(rule.ip_protocol) not in ("-1", "tcp", "6"):
        return False
    return rule.ip_protocol == "-1" or rule.from_port in (None, -1) or rule.from_port <= port <= rule.to_port
