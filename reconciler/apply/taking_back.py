"""Take back what was done in preparation for a later part of a change that cannot be done now."""

from collections.abc import Mapping
from dataclasses import replace

from reconciler.model.plan import Change, Outcome, Plan
from reconciler.model.steps import Later


def taken_back(plan: Plan, outcome: Outcome) -> dict[str, Change]:
    """Return the changes that take back the first part of each change whose later part was held or skipped.

    They go by the key of that later part. They have no desired spec: a call whose answer is lost is repeated,
    and nothing is planned anew.
    """
    planned, undone = {change.key for change in plan.changes}, outcome.skipped.keys() | outcome.held.keys()
    not_prepared = planned - {*outcome.done}  # what is not among these is done, or was done by an earlier run
    return {
        change.key: _take_back(change, change.later)
        for change in plan.changes
        if change.later and change.later.otherwise and change.key in undone
        if str(change.address) not in not_prepared
    }


def _take_back(change: Change, later: Later) -> Change:
    mark = Later("taken back", later.why)
    key = f"{change.address} ({mark.what})"
    return replace(change, key=key, steps=later.otherwise, want=None, later=mark)


def note_ends(outcome: Outcome, back: Mapping[str, Change], ended: Outcome) -> None:
    """Note in the outcome of an apply how the changes of `taken_back` ended: one that failed is a failure."""
    outcome.stopped = outcome.stopped or ended.stopped
    for key, change in back.items():
        if error := ended.failed.get(change.key):
            outcome.failed[key] = error
            outcome.skipped.pop(key, None)
            outcome.held.pop(key, None)
