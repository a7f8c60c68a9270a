"""About what a plan adds to a month's costs, for types that cost much even unused."""

from collections import Counter
from collections.abc import Iterator

from reconciler.model.plan import Change, Op, Plan
from reconciler.resources import KINDS
from reconciler.resources.prices import AS_OF, IN_REGION, NAT_GATEWAY, PUBLIC_ADDRESS
from reconciler.resources.vpc_endpoint import VpcEndpoint

ONE_NAT = NAT_GATEWAY + PUBLIC_ADDRESS  # USD a month


def describe_costs(plan: Plan) -> Iterator[str]:
    """Yield a sentence about what the plan adds to a month's costs; nothing if it adds nothing."""
    prices = [(change.address.kind, find_price(change)) for change in plan.changes]
    added = sum(price for _, price in prices)
    if added > 0:
        made = Counter(kind for kind, price in prices if price > 0)
        told = ", ".join(f"{number} {kind}" for kind, number in sorted(made.items()))
        of_endpoints = sum(price for kind, price in prices if kind == "vpc_endpoint")
        dear = of_endpoints > ONE_NAT and "nat_gateway" not in made and not _are_in_existing(plan)
        yield (
            f"This adds about {added:.2f} USD a month in {IN_REGION} for {told}, beside the traffic "
            f"(list prices of {AS_OF})" + f"; one NAT gateway instead would be {ONE_NAT:.2f}" * dear + "."
        )


def _are_in_existing(plan: Plan) -> bool:
    """Tell whether the endpoints are in a VPC that exists, in which a file can have no NAT gateway."""
    wanted = (change.want for change in plan.changes)
    return any(want.vpc.by_id for want in wanted if isinstance(want, VpcEndpoint))


def find_price(change: Change) -> float:
    """Return about how many USD a month a change adds; less than 0 for a deletion, 0 if no price is told."""
    price = KINDS[change.address.kind].monthly_price if change.address.kind in KINDS else None
    before = price(change.live.spec) if price and change.live else 0.0
    after = price(change.want) if price and change.want and change.op is not Op.AWAIT else 0.0
    return after - before if price and change.later is None else 0.0
