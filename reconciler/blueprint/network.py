"""The VPC, its tiers of subnets with their ways out, and the security groups."""

from collections.abc import Mapping

from desired_state.network import PRIVATE, PUBLIC
from desired_state.placement import find_tier_of_balancer
from reconciler.blueprint.context import Context
from reconciler.blueprint.dual_stack import egress_gateway
from reconciler.blueprint.endpoints import Place, endpoints
from reconciler.blueprint.existing_network import existing_network
from reconciler.blueprint.flow_logs import flow_logs
from reconciler.blueprint.nat import nat
from reconciler.blueprint.network_parts import BalancerPlace, Network
from reconciler.blueprint.security_groups import balancer_groups, task_group
from reconciler.blueprint.subnets import ANYWHERE, ANYWHERE_V6, PlacedTier, place_tier
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.egress_only_internet_gateway import EgressOnlyInternetGateway
from reconciler.resources.internet_gateway import InternetGateway
from reconciler.resources.vpc import Vpc


def network(context: Context) -> Network:
    """Return a VPC with a subnet of each tier in each zone, or the one that exists."""
    wanted = context.platform.network
    if wanted.existing:
        return existing_network(context, wanted.existing)
    vpc = context.spec(Vpc, context.names("vpc"), cidr=wanted.cidr, ipv6=wanted.ipv6)
    gateway = context.spec(InternetGateway, context.names("igw"), vpc=vpc.ref())
    egress = egress_gateway(context, vpc.ref())
    tiers, nats = _place_tiers(context, vpc.ref(), gateway.ref(), egress)
    way_in = _find_way_in(tiers, gateway.ref())
    groups = balancer_groups(context, vpc.ref())
    tasks = task_group(context, vpc.ref(), groups)
    doors = endpoints(context, vpc.ref(), _place_endpoints(wanted.cidr, tiers))
    placed = (spec for tier in tiers.values() for spec in tier.specs)
    return Network(
        specs=(
            vpc,
            *([gateway] if PUBLIC in tiers else []),
            *([egress] if egress else []),
            *placed,
            *nats,
            *doors.specs,
            *flow_logs(context, vpc.ref()),
            *groups.values(),
            tasks,
        ),
        vpc=vpc.ref(),
        subnets={name: frozenset(s.ref() for s in tier.subnets.values()) for name, tier in tiers.items()},
        ways_out=_find_ways_out(tiers, way_in | doors.refs),
        balancers={key: _place_balancer(context, key, tiers, way_in, group) for key, group in groups.items()},
        task_group=tasks.ref(),
        task_rules=Ref("security_group_rules", tasks.name),
    )


def _place_tiers(
    context: Context, vpc: Ref, gateway: Ref, egress: EgressOnlyInternetGateway | None
) -> tuple[Mapping[str, PlacedTier], tuple[Spec, ...]]:
    """Return the tiers by name, and the specs of the NAT gateways between them."""
    tiers, numbers = {}, [number for number, _ in context.facts.subnets]
    wanted = context.platform.network.subnets
    if PUBLIC in wanted:
        to_internet = {ANYWHERE: gateway, **({ANYWHERE_V6: gateway} if context.platform.network.ipv6 else {})}
        tiers[PUBLIC] = place_tier(context, PUBLIC, vpc, dict.fromkeys(numbers, to_internet))
    nats = nat(context, tiers.get(PUBLIC), gateway)
    if PRIVATE in wanted:
        over_ipv6 = {ANYWHERE_V6: egress.ref()} if egress else {}
        over_ipv4 = {number: {ANYWHERE: target} for number, target in nats.by_zone.items()}
        ways = {number: {**over_ipv4.get(number, {}), **over_ipv6} for number in numbers}
        tiers[PRIVATE] = place_tier(context, PRIVATE, vpc, ways)
    return tiers, nats.specs


def _place_balancer(
    context: Context, key: str, tiers: Mapping[str, PlacedTier], way_in: frozenset[Ref], group: Spec
) -> BalancerPlace:
    tier = find_tier_of_balancer(context.platform, context.platform.balancers[key])
    subnets = tiers[tier].subnets.values() if tier in tiers else ()
    return BalancerPlace(
        subnets=frozenset(subnet.ref() for subnet in subnets),
        way_in=way_in if tier == PUBLIC else frozenset(),
        group=group.ref(),
    )


def _place_endpoints(cidr: str, tiers: Mapping[str, PlacedTier]) -> Place:
    """Return all route tables, and the private subnets; where there are none, the public ones."""
    tier = tiers[PRIVATE] if PRIVATE in tiers else next(iter(tiers.values()))
    return Place(
        tables=frozenset(table.ref() for tier in tiers.values() for table in tier.tables.values()),
        subnets=[(subnet.ref(), subnet.zone) for subnet in tier.subnets.values()],
        ranges=frozenset({cidr}),
    )


def _find_ways_out(tiers: Mapping[str, PlacedTier], shared: frozenset[Ref]) -> Mapping[str, frozenset[Ref]]:
    """Return the resources without which nothing in a tier gets out, by tier. All of them need the `shared`."""
    return {name: shared | {table.ref() for table in tier.tables.values()} for name, tier in tiers.items()}


def _find_way_in(tiers: Mapping[str, PlacedTier], gateway: Ref) -> frozenset[Ref]:
    """Return the resources that lead from the internet to the public subnets, if there are some."""
    if PUBLIC not in tiers:
        return frozenset()
    return frozenset({gateway, *(table.ref() for table in tiers[PUBLIC].tables.values())})
