"""How an apply ended, as text and as a JSON document."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from reconciler.errors import RolloutFailed
from reconciler.model.plan import Change, Op, Outcome, Plan
from reconciler.model.steps import Call, Held
from reconciler.render.as_json import calls_document, fields_document
from reconciler.render.explain import Explanation, explain
from reconciler.render.log_command import log_command
from reconciler.render.summary import NOT_THERE, staying
from reconciler.render.values import format_duration, indented

Explained = Mapping[str, Explanation]

# Of a rollout to another target group that failed: the rule has moved before it (docs/decisions/0003).
CUT_OFF = (
    "requests are answered 503: the rule already sends them to the new target group, where no task is healthy"
)
REJOIN = "put the port back in the file and apply, or mend what failed and apply"


@dataclass(frozen=True)
class Ended:
    """How an apply ended, and how long it took: as a whole, and each change that was begun, by key; in seconds."""

    outcome: Outcome
    seconds: float = 0
    each: Mapping[str, float] = field(default_factory=dict)


def explained(plan: Plan, outcome: Outcome) -> dict[str, Explanation]:
    """What is known of each failure."""
    by_key = {change.key: change for change in plan.changes}
    return {key: _explained(plan, by_key[key], error) for key, error in outcome.failed.items()}


def _explained(plan: Plan, change: Change, error: BaseException) -> Explanation:
    found = explain(error, _service(change.steps, error))
    if not isinstance(error, RolloutFailed):
        return found
    found = replace(found, logs=log_command(plan, change))
    if change.live and any(field.field == "targets" for field in change.fields):
        cause, remedy = (
            "; ".join(filter(None, (found.cause, CUT_OFF))),
            "; ".join(filter(None, (REJOIN, found.remedy))),
        )
        return replace(found, cause=cause, remedy=remedy)
    return found


def _service(steps: Any, error: BaseException) -> str:
    """The service, as boto3 calls it, of the call that failed."""
    root = error.__cause__ if isinstance(error.__cause__, ClientError) else error
    operation = xform_name(root.operation_name) if isinstance(root, ClientError) else ""
    return next((s.service for s in steps if isinstance(s, Call) and s.operation == operation), "")


def outcome_text(plan: Plan, ended: Ended) -> str:
    """What is done, and for the rest: why not, and what to do about it."""
    outcome = ended.outcome
    blocks = [
        *(_failure(key, e, outcome) for key, e in explained(plan, outcome).items()),
        *(
            _held(key, held, outcome)
            for key, held in _held_for(plan, outcome).items()
            if _root(key, outcome) == key
        ),
        *(f"‖ {key}: started, not finished" for key in outcome.interrupted),
    ]
    if outcome.stopped and (left := [key for key, cause in outcome.skipped.items() if not cause]):
        blocks.append("not started:\n" + "\n".join(f"    {_address(key)}" for key in left))
    return "\n".join([*blocks, f"{_counted(outcome)} in {format_duration(ended.seconds)}."]) + "\n"


def _failure(key: str, e: Explanation, outcome: Outcome) -> str:
    request = f" (request {e.request_id})" if e.request_id else ""
    lines = [f"✗ {key}", f"    {e.code}: {indented(e.message)}{request}"]
    lines += [f"    likely: {e.cause}"] if e.cause else []
    lines += [f"    do: {e.remedy}"] if e.remedy else []
    lines += [f"    logs: {e.logs}"] if e.logs else []
    if after := [k for k, cause in outcome.skipped.items() if cause == key]:
        lines.append(f"    not started because of it: {', '.join(map(_address, after))}")
    return "\n".join(lines)


def _held(key: str, held: Held, outcome: Outcome) -> str:
    lines = [f"‖ {key}: held: {indented(held.why)}"]
    lines += [f"    {indented(held.remedy)}"] if held.remedy else []
    if after := [k for k in outcome.held if k != key and _root(k, outcome) == key]:
        lines.append(f"    held because of it: {', '.join(map(_address, after))}")
    return "\n".join(lines)


def _held_for(plan: Plan, outcome: Outcome) -> dict[str, Held]:
    """What is held; of what is not ours to make AWS says in many words that it is not there."""
    awaited = {change.key for change in plan.changes if change.op is Op.AWAIT}
    return {k: replace(h, why=NOT_THERE) if k in awaited else h for k, h in outcome.held.items()}


def _root(key: str, outcome: Outcome) -> str:
    """What it is that waits for a person, of all that waits one for the other."""
    cause = outcome.held[key].cause
    return _root(cause, outcome) if cause in outcome.held else key


def _address(key: str) -> str:
    """A key without the AWS id that those of deletions end in."""
    return key.partition("#")[0]


def _counted(outcome: Outcome) -> str:
    words = {"interrupted": "started, not finished", "skipped": "not started"}
    found = _counts(outcome).items()
    counts = ", ".join(f"{n} {words.get(how, how)}" for how, n in found if n or how == "done")
    return f"Stopped: {counts}" if outcome.stopped else counts[0].upper() + counts[1:]


def _counts(outcome: Outcome) -> dict[str, int]:
    return {how: len(keys) for how, keys in _by_how(outcome).items()}


def _by_how(outcome: Outcome) -> dict[str, Collection[str]]:
    """Keys of the changes, by how they ended."""
    return {
        "done": outcome.done,
        "held": outcome.held,
        "failed": outcome.failed,
        "interrupted": outcome.interrupted,
        "skipped": outcome.skipped,
    }


def outcome_document(
    plan: Plan, ended: Ended, outputs: Mapping[str, str], *, calls: bool = False
) -> dict[str, Any]:
    """The same for programs; `outcome` sums it up as the exit code does."""
    outcome = ended.outcome
    return {
        "outcome": summed_up(outcome),
        "seconds": round(ended.seconds, 1),
        "counts": _counts(outcome),
        "changes": list(_changes(plan, ended, calls)),
        "done": list(outcome.done),
        "held": [{"key": k, "why": h.why, "remedy": h.remedy} for k, h in _held_for(plan, outcome).items()],
        "failed": list(_failed(explained(plan, outcome))),
        "skipped": [{"key": k, "because_of": cause or None} for k, cause in outcome.skipped.items()],
        "interrupted": list(outcome.interrupted),
        "outputs": dict(outputs),
    }


def _changes(plan: Plan, ended: Ended, calls: bool) -> Iterator[dict[str, Any]]:
    ids, how = staying(plan), {key: how for how, keys in _by_how(ended.outcome).items() for key in keys}
    for change in plan.changes:
        seconds = ended.each.get(change.key)
        yield {
            "key": change.key,
            "op": str(change.op),
            "address": str(change.address),
            "fields": fields_document(change, ids),
            "outcome": how.get(change.key),
            "seconds": None if seconds is None else round(seconds, 1),
        } | ({"calls": calls_document(change)} if calls else {})


def summed_up(outcome: Outcome) -> str:
    """`stopped`, `failed`, `held` or `done`."""
    if outcome.stopped:
        return "stopped"
    return "failed" if outcome.failed else "held" if outcome.held else "done"


def _failed(found: Explained) -> Iterator[dict[str, str | None]]:
    for key, e in found.items():
        yield {
            "key": key,
            "code": e.code,
            "message": e.message,
            "request_id": e.request_id,
            "cause": e.cause or None,
            "remedy": e.remedy or None,
            "logs": e.logs or None,
        }
