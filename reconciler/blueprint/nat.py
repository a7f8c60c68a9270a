"""The NAT gateways, each with an address, by which private subnets reach the internet."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.blueprint.context import Context
from reconciler.blueprint.subnets import PlacedTier
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.elastic_ip import ElasticIp
from reconciler.resources.nat_gateway import NatGateway


@dataclass(frozen=True)
class Nat:
    """The NAT gateways, and which of them serves a zone."""

    specs: tuple[Spec, ...]
    by_zone: Mapping[int, Ref]  # by the number of the zone


def nat(context: Context, public: PlacedTier | None, internet: Ref) -> Nat:
    """Return no gateway, one for all zones in the first public subnet, or one for each zone, as the file says.

    Public ones need the VPC's internet gateway, `internet`.
    """
    asked = context.platform.network.nat
    if asked == "none" or public is None:
        return Nat((), {})
    numbers = sorted(public.subnets)
    placed = numbers if asked == "per_zone" else numbers[:1]
    specs, gateways = [], {}
    for number in placed:
        name = context.names.nat(number)
        address = context.spec(ElasticIp, name)
        gateway = context.spec(
            NatGateway,
            name,
            subnet=public.subnets[number].ref(),
            elastic_ip=address.ref(),
            after=frozenset({internet}),
        )
        specs += [address, gateway]
        gateways[number] = gateway.ref()
    return Nat(tuple(specs), {number: gateways.get(number, gateways[placed[0]]) for number in numbers})
