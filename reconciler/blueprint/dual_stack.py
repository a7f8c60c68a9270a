"""What a network needs for IPv6 beside IPv4: the gateway of private subnets, and egress of security groups."""

from desired_state.network import PRIVATE
from reconciler.blueprint.context import Context
from reconciler.blueprint.existing.network import IPV6, VPC
from reconciler.model.references import Ref
from reconciler.resources.egress_only_internet_gateway import EgressOnlyInternetGateway
from reconciler.resources.security_group_rules import ALL_TRAFFIC, ALL_TRAFFIC_V6, Rule


def egress_gateway(context: Context, vpc: Ref) -> EgressOnlyInternetGateway | None:
    """Return the way of private subnets to the internet over IPv6; None without IPv6 or private subnets."""
    wanted = context.platform.network
    if not wanted.ipv6 or PRIVATE not in wanted.subnets:
        return None
    return context.spec(EgressOnlyInternetGateway, context.names("eigw"), vpc=vpc)


def all_egress(context: Context) -> frozenset[Rule]:
    """Return the rules that let everything out, as EC2 gives them to each new group of such a VPC."""
    return frozenset({ALL_TRAFFIC, ALL_TRAFFIC_V6} if _has_ipv6(context) else {ALL_TRAFFIC})


def _has_ipv6(context: Context) -> bool:
    network, known = context.platform.network, context.facts.existing
    return bool(known and known[VPC][IPV6]) if network.existing else network.ipv6
