"""The VPC, its subnets and routes, and the security groups."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desired_state.load_balancer import LoadBalancer
from desired_state.platform import Platform
from reconciler.blueprint.context import Context
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.internet_gateway import InternetGateway
from reconciler.resources.route_table import RouteTable
from reconciler.resources.security_group import Rule, SecurityGroupWithRules
from reconciler.resources.subnet import Subnet
from reconciler.resources.vpc import Vpc

ANYWHERE = "0.0.0.0/0"
ALL_TCP_PORTS = {"from_port": 0, "to_port": 65535}


@dataclass(frozen=True)
class Network:
    """The specs of the network, and the Refs that other parts need."""

    specs: tuple[Spec, ...]
    vpc: Ref
    subnets: frozenset[Ref]
    internet_access: frozenset[Ref]  # the resources without which nothing in the subnets reaches the internet
    balancer_group: Ref | None  # None without a load balancer
    task_group: Ref
    task_rules: Ref


def network(context: Context) -> Network:
    """Return a VPC with a public subnet in each zone, and without NAT."""
    names, settings = context.names, context.platform.network
    vpc = context.spec(Vpc, names("vpc"), cidr=settings.cidr)
    gateway = context.spec(InternetGateway, names("igw"), vpc=vpc.ref())
    subnets = list(_subnets(context, vpc))
    tables = list(_route_tables(context, vpc, gateway, subnets))
    balancer = _balancer_group(context, vpc, context.platform.load_balancer)
    tasks = _task_group(context, vpc, balancer)
    return Network(
        specs=(vpc, gateway, *subnets, *tables, *([balancer] if balancer else []), tasks),
        vpc=vpc.ref(),
        subnets=frozenset(subnet.ref() for subnet in subnets),
        internet_access=frozenset({gateway.ref(), *(table.ref() for table in tables)}),
        balancer_group=balancer.ref() if balancer else None,
        task_group=tasks.ref(),
        task_rules=Ref("security_group_rules", tasks.name),
    )


def _subnets(context: Context, vpc: Vpc) -> Iterator[Subnet]:
    placed = context.facts.subnets
    blocks = context.platform.network.public_blocks(max(number for number, _ in placed))
    for number, zone in placed:
        name, cidr = context.names.subnet("public", number), str(blocks[number - 1])
        yield context.spec(Subnet, name, vpc=vpc.ref(), cidr=cidr, zone=zone, public_addresses=True)


def _route_tables(context: Context, vpc: Vpc, gateway: Spec, subnets: Iterable[Subnet]) -> Iterator[RouteTable]:
    for (number, _), subnet in zip(context.facts.subnets, subnets, strict=True):
        name, routes = context.names(f"rtb-public-{number}"), {ANYWHERE: gateway.ref()}
        yield context.spec(RouteTable, name, vpc=vpc.ref(), routes=routes, subnets=frozenset({subnet.ref()}))


def _balancer_group(context: Context, vpc: Vpc, settings: LoadBalancer | None) -> SecurityGroupWithRules | None:
    """Return the load balancer's security group, which allows all outgoing traffic; None without one."""
    if settings is None:
        return None
    ports = {listener.port for listener in settings.listeners.values()}
    return context.spec(
        SecurityGroupWithRules,
        context.names.load_balancer,
        vpc=vpc.ref(),
        description="Security group for ALB",
        ingress=frozenset(
            Rule(from_port=p, to_port=p, cidr=cidr, description=settings.ingress_descriptions.get(cidr))
            for p in ports
            for cidr in settings.ingress
        ),
    )


def _task_group(context: Context, vpc: Vpc, balancer: SecurityGroupWithRules | None) -> SecurityGroupWithRules:
    """Return the tasks' security group, which allows all outgoing traffic."""
    tasks = Ref("security_group", context.names.task_group)
    return context.spec(
        SecurityGroupWithRules,
        context.names.task_group,
        vpc=vpc.ref(),
        description="Security group for ECS tasks",
        ingress=_task_ingress(context.platform, balancer, tasks),
    )


def _task_ingress(platform: Platform, balancer: SecurityGroupWithRules | None, tasks: Ref) -> frozenset[Rule]:
    """Return the rules that let tasks reach each other, and the load balancer reach services with routes."""
    routed = {service.port for service in platform.services.values() if service.routes and service.port}
    public = {Rule(from_port=p, to_port=p, group=balancer.ref()) for p in routed} if balancer else set()
    return frozenset({Rule(**ALL_TCP_PORTS, group=tasks), *public})
