"""The VPC, its subnets and routes, and the security groups."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

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
    balancer_group: Ref
    task_group: Ref
    task_rules: Ref


def network(context: Context) -> Network:
    """Return a VPC with a public subnet in each zone, and without NAT."""
    names, settings = context.names, context.platform.network
    vpc = context.spec(Vpc, names("vpc"), cidr=settings.cidr)
    gateway = context.spec(InternetGateway, names("igw"), vpc=vpc.ref())
    subnets = list(_subnets(context, vpc))
    tables = list(_route_tables(context, vpc, gateway, subnets))
    balancer, tasks = _security_groups(context, vpc)
    return Network(
        specs=(vpc, gateway, *subnets, *tables, balancer, tasks),
        vpc=vpc.ref(),
        subnets=frozenset(subnet.ref() for subnet in subnets),
        internet_access=frozenset({gateway.ref(), *(table.ref() for table in tables)}),
        balancer_group=balancer.ref(),
        task_group=tasks.ref(),
        task_rules=Ref("security_group_rules", tasks.name),
    )


def _subnets(context: Context, vpc: Vpc) -> Iterator[Subnet]:
    blocks = context.platform.network.public_blocks()
    for number, (zone, block) in enumerate(zip(context.facts.zones, blocks, strict=True), 1):
        name = context.names.subnet("public", number)
        yield context.spec(Subnet, name, vpc=vpc.ref(), cidr=str(block), zone=zone, public_addresses=True)


def _route_tables(context: Context, vpc: Vpc, gateway: Spec, subnets: Iterable[Subnet]) -> Iterator[RouteTable]:
    for number, subnet in enumerate(subnets, 1):
        name, routes = context.names(f"rtb-public-{number}"), {ANYWHERE: gateway.ref()}
        yield context.spec(RouteTable, name, vpc=vpc.ref(), routes=routes, subnets=frozenset({subnet.ref()}))


def _security_groups(context: Context, vpc: Vpc) -> tuple[SecurityGroupWithRules, SecurityGroupWithRules]:
    """Return the security groups of the load balancer and of the tasks. Both allow all outgoing traffic."""
    group, names = partial(context.spec, SecurityGroupWithRules, vpc=vpc.ref()), context.names
    balancer = group(
        name=names.load_balancer,
        description="Security group for ALB",
        ingress=_balancer_ingress(context.platform),
    )
    tasks = group(
        name=names.task_group,
        description="Security group for ECS tasks",
        ingress=_task_ingress(context.platform, balancer.ref(), Ref("security_group", names.task_group)),
    )
    return balancer, tasks


def _balancer_ingress(platform: Platform) -> frozenset[Rule]:
    balancer = platform.load_balancer
    ports = {listener.port for listener in balancer.listeners.values()}
    return frozenset(Rule(from_port=p, to_port=p, cidr=cidr) for p in ports for cidr in balancer.ingress)


def _task_ingress(platform: Platform, balancer: Ref, tasks: Ref) -> frozenset[Rule]:
    """Return the rules that let tasks reach each other, and the load balancer reach services with routes."""
    public = {service.port for service in platform.services.values() if service.routes}
    return frozenset(
        {Rule(**ALL_TCP_PORTS, group=tasks), *(Rule(from_port=p, to_port=p, group=balancer) for p in public)}
    )
