"""The subnets of each tier, a route table for each of them, and the internet gateway."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desired_state.network import PUBLIC
from reconciler.blueprint.context import Context
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.route_table import RouteTable
from reconciler.resources.subnet import Subnet

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class PlacedTier:
    """A tier's subnets and route tables, by the number of their zone."""

    subnets: Mapping[int, Subnet]
    tables: Mapping[int, RouteTable]

    @property
    def specs(self) -> tuple[Spec, ...]:
        """The subnets, then the route tables."""
        return (*self.subnets.values(), *self.tables.values())


def place_tier(context: Context, tier: str, vpc: Ref, ways: Mapping[int, Mapping[str, Ref]]) -> PlacedTier:
    """Return a tier's subnets, one in each zone, and their route tables.

    `ways` are the routes' targets by destination, by the number of the zone.
    """
    subnets = dict(_subnets(context, tier, vpc))
    tables = {
        number: context.spec(
            RouteTable,
            context.names(f"rtb-{tier}-{number}"),
            vpc=vpc,
            routes=dict(ways.get(number, {})),
            subnets=frozenset({subnet.ref()}),
        )
        for number, subnet in subnets.items()
    }
    return PlacedTier(subnets, tables)


def _subnets(context: Context, tier: str, vpc: Ref) -> Iterator[tuple[int, Subnet]]:
    placed = context.facts.subnets
    blocks = context.platform.network.blocks(tier, max(number for number, _ in placed))
    for number, zone in placed:
        name, cidr, public = context.names.subnet(tier, number), str(blocks[number - 1]), tier == PUBLIC
        yield number, context.spec(Subnet, name, vpc=vpc, cidr=cidr, zone=zone, public_addresses=public)
