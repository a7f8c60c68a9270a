"""About what a plan adds to a month's costs, for types that cost much even unused."""

from collections import Counter
from collections.abc import Iterator

from reconciler.model.plan import Change, Op, Plan
from reconciler.resources import KINDS
from reconciler.resources.prices import AS_OF, IN_REGION


def describe_costs(plan: Plan) -> Iterator[str]:
    """Yield a sentence about what the plan adds to a month's costs; nothing if it adds nothing."""
    added, kinds = 0.0, Counter[str]()
    for change in plan.changes:
        price = find_price(change)
        added += price
        if price > 0:
            kinds[change.address.kind] += 1
    if added > 0:
        made = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        yield (
            f"This adds about {added:.2f} USD a month in {IN_REGION} for {made}, beside the traffic "
            f"(list prices of {AS_OF})."
        )


def find_price(change: Change) -> float:
    """Return about how many USD a month a change adds; less than 0 for a deletion, 0 if no price is told."""
    price = KINDS[change.address.kind].monthly_price if change.address.kind in KINDS else None
    before = price(change.live.spec) if price and change.live else 0.0
    after = price(change.want) if price and change.want and change.op is not Op.AWAIT else 0.0
    return after - before if price and change.later is None else 0.0
