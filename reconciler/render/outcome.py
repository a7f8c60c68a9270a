"""The result of an apply: the common part of its text and its JSON document."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from botocore import xform_name
from botocore.exceptions import ClientError

from desired_state.secrecy import hide_known
from reconciler.errors import RolloutFailed
from reconciler.model.plan import Change, Op, Outcome, Plan
from reconciler.model.steps import Call, Held
from reconciler.render.explain_error import Explanation, explain_error
from reconciler.render.log_command import log_command
from reconciler.render.plan_summary import NOT_THERE
from reconciler.render.redaction import known_secrets


@dataclass(frozen=True)
class TimedOutcome:
    """The outcome of an apply with its duration."""

    outcome: Outcome
    seconds: float = 0
    change_seconds: Mapping[str, float] = field(default_factory=dict)  # of the changes that were begun, by key


def summarize(outcome: Outcome) -> str:
    """Return the worst result, as the exit code does: `stopped`, `failed`, `held` or `done`."""
    if outcome.stopped:
        return "stopped"
    return "failed" if outcome.failed else "held" if outcome.held else "done"


def group_by_result(outcome: Outcome) -> dict[str, Collection[str]]:
    """Return the keys of the changes, by result."""
    return {
        "done": outcome.done,
        "held": outcome.held,
        "failed": outcome.failed,
        "interrupted": outcome.interrupted,
        "skipped": outcome.skipped,
        "left": outcome.left,
    }


def count_results(outcome: Outcome) -> dict[str, int]:
    """Return the number of changes, by result."""
    return {result: len(keys) for result, keys in group_by_result(outcome).items()}


def describe_left(plan: Plan, outcome: Outcome) -> Iterator[str]:
    """Yield a sentence about each clean-up that this run has left to the next one."""
    for change in plan.changes:
        if left := outcome.left.get(change.key):
            number, unit = left
            verb, unit = ("is", unit.removesuffix("s")) if number == 1 else ("are", unit)
            yield f"{number:,} {unit} of {change.address.name} {verb} left; the next deployment goes on"


def find_held(plan: Plan, outcome: Outcome) -> dict[str, Held]:
    """Return the held changes by key. For what others make, `NOT_THERE` replaces AWS's message."""
    awaited = {change.key for change in plan.changes if change.op is Op.AWAIT}
    secrets = known_secrets(plan) if outcome.held else frozenset[str]()
    return {
        k: replace(h, why=NOT_THERE if k in awaited else hide_known(h.why, secrets))
        for k, h in outcome.held.items()
    }


def explain_failures(plan: Plan, outcome: Outcome) -> dict[str, Explanation]:
    """Return the explanation of each failure, by the key of its change."""
    by_key = {change.key: change for change in plan.changes}
    secrets = known_secrets(plan) if outcome.failed else frozenset[str]()
    return {key: _explain_failure(plan, by_key[key], error, secrets) for key, error in outcome.failed.items()}


def _explain_failure(plan: Plan, change: Change, error: BaseException, secrets: Collection[str]) -> Explanation:
    found = explain_error(error, _failed_service(change, error), secrets)
    if not isinstance(error, RolloutFailed):
        return found
    return replace(found, logs=log_command(plan, change))


def _failed_service(change: Change, error: BaseException) -> str:
    """Return boto3's name of the service whose call failed; empty if no call of the change did."""
    root = error.__cause__ if isinstance(error.__cause__, ClientError) else error
    operation = xform_name(root.operation_name) if isinstance(root, ClientError) else ""
    return next((s.service for s in change.steps if isinstance(s, Call) and s.operation == operation), "")
