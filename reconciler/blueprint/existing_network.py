"""The network of a platform inside a VPC that exists: this stack adds security groups to it, no more."""

from collections.abc import Iterable

from desired_state.placement import find_tier_of_balancer
from reconciler.blueprint.context import Context
from reconciler.blueprint.existing.network import SUBNETS, VPC, one_in_each_zone
from reconciler.blueprint.network_parts import Network
from reconciler.blueprint.security_groups import balancer_group, task_group
from reconciler.model.references import Ref


def existing_network(context: Context) -> Network:
    """Return the VPC and the subnets that the file names, and security groups in it."""
    vpc = context.existing("vpc", VPC)
    balancer = balancer_group(context, vpc, context.platform.load_balancer)
    tasks = task_group(context, vpc, balancer)
    tiers = {tier: _list_subnets(context, tier) for tier in context.platform.network.tiers}
    return Network(
        specs=(*([balancer] if balancer else []), tasks),
        vpc=vpc,
        subnets={tier: _refs(found) for tier, found in tiers.items()},
        balancer_subnets=_refs(one_in_each_zone(tiers.get(find_tier_of_balancer(context.platform), {}))),
        ways_out=dict.fromkeys(tiers, frozenset()),
        way_in=frozenset(),
        balancer_group=balancer.ref() if balancer else None,
        task_group=tasks.ref(),
        task_rules=Ref("security_group_rules", tasks.name),
    )


def _list_subnets(context: Context, tier: str) -> dict[str, str]:
    """Return the zones of a tier's subnets, by id; where AWS was not asked, of those that the file names."""
    if context.facts.existing is not None:
        return dict(context.facts.existing[(*SUBNETS, tier)])
    chosen = context.platform.network.existing
    return dict.fromkeys(chosen.subnets[tier].ids if chosen else (), "")


def _refs(subnets: Iterable[str]) -> frozenset[Ref]:
    return frozenset(Ref("subnet", own_id, by_id=True) for own_id in subnets)
