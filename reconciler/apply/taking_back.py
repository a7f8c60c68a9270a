"""Take back what was unprepared for a later part of a change that cannot be done now."""

from collections.abc import Iterator
from dataclasses import replace

from reconciler.model.plan import Change, Outcome, Plan
from reconciler.model.steps import Later


def taken_back(plan: Plan, outcome: Outcome) -> Iterator[Change]:
    """Yield the changes that take back the first part of each change whose later part was held or skipped.

    They have no desired spec: a call whose answer is lost is repeated, and nothing is planned anew.
    """
    planned, undone = {change.key for change in plan.changes}, outcome.skipped.keys() | outcome.held.keys()
    unprepared = planned - {*outcome.done}  # what is not among these is done, or was done by an earlier run
    for change in plan.changes:
        if (
            change.later
            and change.later.otherwise
            and change.key in undone
            and str(change.address) not in unprepared
        ):
            mark = Later("taken back", change.later.why)
            key, steps = f"{change.address} ({mark.what})", change.later.otherwise
            yield replace(change, key=key, steps=steps, want=None, later=mark)
