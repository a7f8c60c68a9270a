"""The security groups of the load balancers and of the tasks."""

from collections.abc import Mapping

from desired_state.groups import list_all_groups
from desired_state.load_balancer import NETWORK, LoadBalancer
from desired_state.network_doors import TRANSPORTS, list_ways
from reconciler.blueprint.context import Context
from reconciler.blueprint.dual_stack import all_egress
from reconciler.blueprint.existing.load_balancer import list_existing_groups
from reconciler.model.references import Ref
from reconciler.resources.security_group import Rule, SecurityGroupWithRules

ALL_TCP_PORTS = {"from_port": 0, "to_port": 65535}


Groups = Mapping[str, SecurityGroupWithRules]  # by the key of the load balancer


def balancer_groups(context: Context, vpc: Ref) -> Groups:
    """Return the security groups of our load balancers, which allow all outgoing traffic."""
    balancers = context.platform.balancers.items()
    return {key: _balancer_group(context, vpc, key, one) for key, one in balancers if not one.existing}


def _balancer_group(context: Context, vpc: Ref, key: str, settings: LoadBalancer) -> SecurityGroupWithRules:
    doors = {door: one for door, one in context.platform.doors.items() if door.balancer == key}
    ways = {
        (transport, listener.port)
        for listener in doors.values()
        for transport in TRANSPORTS.get(listener.protocol, ("tcp",))
    }
    return context.spec(
        SecurityGroupWithRules,
        context.names.load_balancer(key),
        vpc=vpc,
        description=f"Security group for {'NLB' if settings.type == NETWORK else 'ALB'}",
        egress=all_egress(context),
        ingress=frozenset(
            Rule(
                protocol=transport,
                from_port=port,
                to_port=port,
                cidr=cidr,
                description=settings.ingress_descriptions.get(cidr),
            )
            for transport, port in ways
            for cidr in settings.ingress
        ),
    )


def task_group(context: Context, vpc: Ref, balancers: Groups) -> SecurityGroupWithRules:
    """Return the tasks' security group, which allows all outgoing traffic."""
    tasks = Ref("security_group", context.names.task_group)
    return context.spec(
        SecurityGroupWithRules,
        context.names.task_group,
        vpc=vpc,
        description="Security group for ECS tasks",
        ingress=_task_ingress(context, balancers, tasks),
        egress=all_egress(context),
    )


def _task_ingress(context: Context, balancers: Groups, tasks: Ref) -> frozenset[Rule]:
    """Return the rules that let tasks reach each other, and the load balancers reach services with routes."""
    services = context.platform.services
    routed = {
        (group.balancer, transport, port)
        for group in list_all_groups(context.platform)
        for transport, port in list_ways(context.platform, group)
    }
    public = {
        Rule(protocol=transport, from_port=port, to_port=port, group=source)
        for key, transport, port in routed
        for source in _list_sources(context, balancers, key)
    }
    listened = (port for service in services.values() for port in service.listens.values())
    udp = {port.port for port in listened if port.transport == "udp"}
    among = {Rule(protocol="udp", from_port=p, to_port=p, group=tasks) for p in udp}
    return frozenset({Rule(**ALL_TCP_PORTS, group=tasks), *among, *public})


def _list_sources(context: Context, balancers: Groups, key: str) -> frozenset[Ref]:
    """Return the security groups of a load balancer, of ours or of one that exists."""
    own = balancers.get(key)
    return frozenset({own.ref()}) if own else list_existing_groups(context.facts.existing, key)
