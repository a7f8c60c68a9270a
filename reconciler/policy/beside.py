"""What a run needs beside its resource types: the lease, CloudTrail, and the channels that it notifies."""

from collections.abc import Iterator

from reconciler.aws.lease import RUN_ACTIONS
from reconciler.aws.lease.item import TABLE
from reconciler.policy.grant import Grant, grant
from reconciler.policy.place import Place
from reconciler.policy.row import Conditions
from reconciler.policy.use import Use

ITEM_READS = frozenset({"dynamodb:GetItem"})
ITEM_WRITES = frozenset({"dynamodb:UpdateItem"})
TRAIL_READS = (
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrailStatus",
    "cloudtrail:LookupEvents",
)
# Also true of a call without keys, as none of these two is; it must be while there is no table yet.
OWN_ITEM: Conditions = (("ForAllValues:StringEquals", "dynamodb:LeadingKeys", ("{stack}",)),)


def lease_grants(use: Use, place: Place) -> Iterator[Grant]:
    """Yield the rights on the lease: its own item of the table of all stacks, and to make that table."""
    table = (place.arn("dynamodb", f"table/{TABLE}"),)
    item = ITEM_READS if use is Use.PLAN else ITEM_READS | ITEM_WRITES
    yield grant(place, "LeaseItem", item, table, OWN_ITEM)
    if use.writes or use.deletes:
        yield grant(place, "LeaseTable", RUN_ACTIONS - ITEM_READS - ITEM_WRITES, table)


def trail_grants(use: Use, place: Place) -> Iterator[Grant]:
    """Yield the right to ask who changed something, for the uses that tell it."""
    if use in (Use.DRIFT, Use.CORRECT):
        reason = "CloudTrail's events are of the whole account: AWS takes no resource for LookupEvents"
        yield grant(place, "AnyTrail", TRAIL_READS, ("*",), reason=reason)
