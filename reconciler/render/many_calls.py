"""Changes of hundreds of calls, such as one for each old revision: shown in short, and how long they take."""

from collections.abc import Iterator, Sequence

from reconciler.aws.rates import Buckets
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.steps import Amount, Call, Step
from reconciler.render.values import format_step

SHOWN_WHOLE = 20  # calls of a change with an amount; of more, the first and the last are shown
TOLD_FROM = 60.0  # seconds


def find_amount(change: Change) -> Amount | None:
    """Return the number of the things that a change is for, such as 500 old revisions; None if it has none."""
    amounts = [step.amount for step in change.steps if isinstance(step, Call) and step.amount]
    return Amount(sum(amount.number for amount in amounts), amounts[0].unit) if amounts else None


def format_steps(steps: Sequence[Step], *, show_values: bool = False) -> Iterator[str]:
    """Yield a line for each step; of many calls for the first, the last, and the number between them."""
    is_many = any(isinstance(step, Call) and step.amount for step in steps) and len(steps) > SHOWN_WHOLE
    if not is_many:
        yield from (format_step(step, show_values=show_values) for step in steps)
        return
    yield format_step(steps[0], show_values=show_values)
    yield f"… {len(steps) - 2:,} more calls like these"
    yield format_step(steps[-1], show_values=show_values)


def describe_duration(plan: Plan) -> Iterator[str]:
    """Yield how long the deletions of many things take at AWS's rates, if it is more than a minute."""
    deletions = [change for change in plan.changes if change.op is Op.DELETE]
    amounts = [amount for change in deletions if (amount := find_amount(change))]
    buckets = Buckets()
    seconds = max((_take_turns(buckets, change) for change in deletions if find_amount(change)), default=0.0)
    if seconds > TOLD_FROM:
        number = sum(amount.number for amount in amounts)
        last = "; all else is deleted first" if any(change.lingers for change in deletions) else ""
        yield f"{number:,} {amounts[0].unit} take about {round(seconds / 60)} min at AWS's rates{last}."


def _take_turns(buckets: Buckets, change: Change) -> float:
    """Return the seconds until the last of the change's calls may be made, if all others ask now too."""
    calls = [step for step in change.steps if isinstance(step, Call)]
    return max(buckets.take_turn(call.service, call.operation, 0) for call in calls)
