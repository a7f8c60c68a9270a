"""What other parts of the platform need of its network, whether it is the stack's own or exists already."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.references import Ref
from reconciler.model.spec import Spec


@dataclass(frozen=True)
class BalancerPlace:
    """Where a load balancer of the stack's own is."""

    subnets: frozenset[Ref]  # one in each zone
    way_in: frozenset[Ref]  # the resources that lead from outside to it: no way out is needed
    group: Ref


@dataclass(frozen=True)
class Network:
    """The specs of the network, and the Refs that other parts need."""

    specs: tuple[Spec, ...]
    vpc: Ref
    subnets: Mapping[str, frozenset[Ref]]  # by tier
    ways_out: Mapping[str, frozenset[Ref]]  # tier -> the resources without which nothing in it reaches AWS
    balancers: Mapping[str, BalancerPlace]  # by key, of those that are made
    task_group: Ref
    task_rules: Ref
