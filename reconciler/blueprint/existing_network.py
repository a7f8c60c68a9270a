"""The network of a platform inside a VPC that exists: security groups, and endpoints that the file allows."""

from collections.abc import Iterable, Mapping

from desired_state.existing import ExistingNetwork
from desired_state.network import PRIVATE
from desired_state.placement import find_tier_of_balancer
from reconciler.blueprint.context import Context
from reconciler.blueprint.endpoints import Place, endpoints
from reconciler.blueprint.existing.network import RANGES, SUBNETS, VPC, one_in_each_zone
from reconciler.blueprint.network_parts import BalancerPlace, Network
from reconciler.blueprint.security_groups import balancer_groups, task_group
from reconciler.model.references import Ref
from reconciler.model.spec import Spec


def existing_network(context: Context, existing: ExistingNetwork) -> Network:
    """Return the VPC and the subnets that the file names, and security groups and endpoints in it."""
    vpc = context.existing("vpc", VPC)
    groups = balancer_groups(context, vpc)
    tasks = task_group(context, vpc, groups)
    tiers = {tier: _list_subnets(context, tier) for tier in context.platform.network.tiers}
    doors = endpoints(context, vpc, _place_endpoints(context, existing, tiers))
    return Network(
        specs=(*doors.specs, *groups.values(), tasks),
        vpc=vpc,
        subnets={tier: _refs(found) for tier, found in tiers.items()},
        ways_out=dict.fromkeys(tiers, doors.refs),
        balancers={key: _place_balancer(context, key, tiers, group) for key, group in groups.items()},
        task_group=tasks.ref(),
        task_rules=Ref("security_group_rules", tasks.name),
    )


def _place_balancer(
    context: Context, key: str, tiers: Mapping[str, Mapping[str, str]], group: Spec
) -> BalancerPlace:
    tier = find_tier_of_balancer(context.platform, context.platform.balancers[key])
    return BalancerPlace(_refs(one_in_each_zone(tiers.get(tier, {}))), way_in=frozenset(), group=group.ref())


def _place_endpoints(
    context: Context, existing: ExistingNetwork, tiers: Mapping[str, Mapping[str, str]]
) -> Place:
    """Return the route tables that the file allows, and one subnet in each zone, private ones if there are."""
    tier = tiers[PRIVATE] if PRIVATE in tiers else next(iter(tiers.values()))
    known = (context.facts.existing or {}).get(VPC, {})
    return Place(
        tables=frozenset(Ref("route_table", own_id, by_id=True) for own_id in existing.allow.route_tables),
        subnets=[(Ref("subnet", own_id, by_id=True), tier[own_id]) for own_id in one_in_each_zone(tier)],
        ranges=frozenset(known.get(RANGES, "").split()),
    )


def _list_subnets(context: Context, tier: str) -> dict[str, str]:
    """Return the zones of a tier's subnets, by id; where AWS was not asked, of those that the file names."""
    if context.facts.existing is not None:
        return dict(context.facts.existing[(*SUBNETS, tier)])
    chosen = context.platform.network.existing
    return dict.fromkeys(chosen.subnets[tier].ids if chosen else (), "")


def _refs(subnets: Iterable[str]) -> frozenset[Ref]:
    return frozenset(Ref("subnet", own_id, by_id=True) for own_id in subnets)
