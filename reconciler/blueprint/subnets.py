"""The subnets of each tier, a route table for each of them, and the internet gateway."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desired_state.network import PUBLIC
from reconciler.blueprint.context import Context
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.route_table import RouteTable
from reconciler.resources.subnet import Subnet

ANYWHERE, ANYWHERE_V6 = "0.0.0.0/0", "::/0"
FIRST_PRIVATE_V6 = 0x80  # of the 256 /64s of a VPC, the private ones are in the second half, as in IPv4


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
        yield (
            number,
            context.spec(
                Subnet,
                context.names.subnet(tier, number),
                vpc=vpc,
                cidr=str(blocks[number - 1]),
                zone=zone,
                public_addresses=tier == PUBLIC,
                **_dual_stack(context, tier, number),
            ),
        )


def _dual_stack(context: Context, tier: str, number: int) -> dict[str, Any]:
    if not context.platform.network.ipv6:
        return {}
    first = 0 if tier == PUBLIC else FIRST_PRIVATE_V6
    return {"ipv6": f"{first + number - 1:02x}", "ipv6_addresses": True}
