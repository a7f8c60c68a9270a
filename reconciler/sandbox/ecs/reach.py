"""Which way traffic finds: from a task to the registries, from a load balancer to a task."""

from ipaddress import ip_address, ip_network
from typing import Any

from moto.ec2 import ec2_backends
from moto.elbv2 import elbv2_backends

from reconciler.sandbox.ecs.checks import forwarded_to
from reconciler.sandbox.ecs.model import Task


def reaches_out(task: Task) -> bool:
    """By a gateway and an address of its own, by NAT, or by endpoints; and its groups let it."""
    ec2, eni = _interface(task)
    if eni is None:
        return False
    if any(endpoint.vpc_id == eni.vpc_id for endpoint in ec2.vpc_end_points.values()):
        return True
    routes = [route for route in _table(ec2, eni).routes if route.destination_cidr_block == "0.0.0.0/0"]
    by_gateway = any(route.gateway is not None for route in routes) and eni.public_ip is not None
    by_nat = any(route.nat_gateway is not None for route in routes)
    return (by_gateway or by_nat) and any(group.egress_rules for group in eni.group_set)


def is_reached(task: Task, target_group: str, port: int) -> bool:
    """The groups of the task let the load balancers of its target group in at this port."""
    _, eni = _interface(task)
    region, account = task.task_arn.split(":")[3:5]
    rules = [rule for group in eni.group_set for rule in group.ingress_rules] if eni else []
    balancers = elbv2_backends[account][region].load_balancers.values()
    using = [balancer for balancer in balancers if target_group in forwarded_to([balancer])]
    return all(any(_lets_in(rule, balancer, port) for rule in rules) for balancer in using)


def _lets_in(rule: Any, balancer: Any, port: int) -> bool:
    if rule.ip_protocol not in ("-1", "tcp"):
        return False
    if rule.from_port is not None and rule.from_port != -1 and not rule.from_port <= port <= rule.to_port:
        return False
    if rule.source_group.get("GroupId") in balancer.security_groups:
        return True
    cidr = rule.ip_range.get("CidrIp")
    addresses = [eni.private_ip_address for eni in balancer.interfaces.values()]
    return bool(cidr) and all(ip_address(address) in ip_network(cidr) for address in addresses)


def _interface(task: Task) -> tuple[Any, Any]:
    region, account = task.task_arn.split(":")[3:5]
    ec2 = ec2_backends[account][region]
    return ec2, ec2.enis.get(task.network.get("networkInterfaceId"))


def _table(ec2: Any, eni: Any) -> Any:
    """The route table of the interface's subnet: its own or the main one."""
    tables = [table for table in ec2.route_tables.values() if table.vpc_id == eni.vpc_id]
    own = [table for table in tables if eni.subnet_id in table._associations.values()]
    return (own or [table for table in tables if table.main_association_id])[0]
