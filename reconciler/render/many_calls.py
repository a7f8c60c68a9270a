"""Changes of hundreds of calls, such as one for each old revision: shown in short, and how long they take."""

from collections.abc import Iterator, Sequence

from reconciler.aws.buckets import Buckets
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.steps import Call, Step, sum_amounts
from reconciler.render.values import format_step

SHOWN_WHOLE = 20  # calls of a change with an amount; of more, the first and the last are shown
TOLD_FROM = 60.0  # seconds


def format_steps(steps: Sequence[Step], *, show_values: bool = False) -> Iterator[str]:
    """Yield a line for each step; of many calls for the first, the last, and the number between them."""
    if len(steps) <= SHOWN_WHOLE or not sum_amounts(steps):
        yield from (format_step(step, show_values=show_values) for step in steps)
        return
    yield format_step(steps[0], show_values=show_values)
    yield f"… {len(steps) - 2:,} more calls like these"
    yield format_step(steps[-1], show_values=show_values)


def describe_duration(plan: Plan) -> Iterator[str]:
    """Yield how long the deletions of many things take at AWS's rates, if it is more than a minute."""
    deletions = [change for change in plan.changes if change.op is Op.DELETE and sum_amounts(change.steps)]
    buckets = Buckets()
    seconds = max((_take_turns(buckets, change) for change in deletions), default=0.0)
    amount = sum_amounts(step for change in deletions for step in change.steps)
    if amount and seconds > TOLD_FROM:
        last = "; all else is deleted first" if any(change.lingers for change in deletions) else ""
        yield f"{amount.number:,} {amount.unit} take about {round(seconds / 60)} min at AWS's rates{last}."


def _take_turns(buckets: Buckets, change: Change) -> float:
    """Return the seconds until the last of the change's calls may be made, if all others ask now too."""
    calls = [step for step in change.steps if isinstance(step, Call)]
    return max(buckets.take_turn(call.service, call.operation, 0) for call in calls)
