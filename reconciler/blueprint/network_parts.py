"""What other parts of the platform need of its network, whether it is the stack's own or exists already."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.references import Ref
from reconciler.model.spec import Spec


@dataclass(frozen=True)
class Network:
    """The specs of the network, and the Refs that other parts need."""

    specs: tuple[Spec, ...]
    vpc: Ref
    subnets: Mapping[str, frozenset[Ref]]  # by tier
    balancer_subnets: frozenset[Ref]  # one in each zone
    ways_out: Mapping[str, frozenset[Ref]]  # tier -> the resources without which nothing in it reaches AWS
    way_in: frozenset[Ref]  # the resources that lead from outside to the load balancer: no way out is needed
    balancer_group: Ref | None  # None without a load balancer
    task_group: Ref
    task_rules: Ref
