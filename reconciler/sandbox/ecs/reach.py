"""Network paths: from a task to the registries, and from load balancers to a task."""

from ipaddress import ip_address, ip_network
from typing import Any

from moto.ec2 import ec2_backends
from moto.elbv2 import elbv2_backends

from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.elbv2.target_groups import used_groups


def has_route_out(task: Task) -> bool:
    """Tell whether the task has a gateway and a public address, NAT, or VPC endpoints to reach registries."""
    ec2, eni = _interface(task)
    if eni is None:
        return False
    if any(endpoint.vpc_id == eni.vpc_id for endpoint in ec2.vpc_end_points.values()):
        return True
    routes = [route for route in _route_table(ec2, eni).routes if route.destination_cidr_block == "0.0.0.0/0"]
    by_gateway = any(route.gateway is not None for route in routes) and eni.public_ip is not None
    by_nat = any(route.nat_gateway is not None for route in routes)
    return (by_gateway or by_nat) and any(group.egress_rules for group in eni.group_set)


def is_reachable(task: Task, target_group: str, port: int) -> bool:
    """Tell whether the task's groups allow the load balancers of this target group at this port."""
    _, eni = _interface(task)
    region, account = task.task_arn.split(":")[3:5]
    rules = [rule for group in eni.group_set for rule in group.ingress_rules] if eni else []
    balancers = elbv2_backends[account][region].load_balancers.values()
    using = [balancer for balancer in balancers if target_group in used_groups(balancer)]
    return all(any(_allows(rule, balancer, port) for rule in rules) for balancer in using)


def _allows(rule: Any, balancer: Any, port: int) -> bool:
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


def _route_table(ec2: Any, eni: Any) -> Any:
    """Return the route table of the interface's subnet: the associated one, or the main one of the VPC."""
    tables = [table for table in ec2.route_tables.values() if table.vpc_id == eni.vpc_id]
    own = [table for table in tables if eni.subnet_id in table._associations.values()]
    return (own or [table for table in tables if table.main_association_id])[0]
