"""The result of an apply as a JSON document for programs."""

from collections.abc import Iterator, Mapping

from reconciler.model.plan import Plan
from reconciler.render.explain_error import Explanation
from reconciler.render.outcome import (
    TimedOutcome,
    count_results,
    explain_failures,
    find_held,
    group_by_result,
    summarize,
)
from reconciler.render.plan_json import (
    Document,
    calls_document,
    fields_document,
    scope_document,
    warnings_document,
)
from reconciler.render.plan_summary import unchanged_ids


def outcome_document(
    plan: Plan,
    ended: TimedOutcome,
    outputs: Mapping[str, str],
    *,
    calls: bool = False,
    show_values: bool = False,
) -> Document:
    """Return every change with its result, and the details of those that are not done.

    `outputs` are the platform's, by name. `calls` adds the AWS calls of each change, `show_values`
    shows secrets in values.
    """
    outcome = ended.outcome
    return scope_document(plan) | {
        "outcome": summarize(outcome),
        "seconds": round(ended.seconds, 1),
        "counts": count_results(outcome),
        "changes": list(_changes(plan, ended, calls=calls, show_values=show_values)),
        "done": list(outcome.done),
        "held": [{"key": k, "why": h.why, "remedy": h.remedy} for k, h in find_held(plan, outcome).items()],
        "failed": [_failure(key, e) for key, e in explain_failures(plan, outcome).items()],
        "skipped": [{"key": k, "because_of": cause or None} for k, cause in outcome.skipped.items()],
        "interrupted": list(outcome.interrupted),
        "left": [{"key": k, "number": left.number, "unit": left.unit} for k, left in outcome.left.items()],
        "warnings": warnings_document(plan.warnings),
        "outputs": dict(outputs),
    }


def _changes(plan: Plan, ended: TimedOutcome, *, calls: bool, show_values: bool) -> Iterator[Document]:
    ids = unchanged_ids(plan)
    results = {key: result for result, keys in group_by_result(ended.outcome).items() for key in keys}
    for change in plan.changes:
        seconds = ended.change_seconds.get(change.key)
        yield {
            "key": change.key,
            "op": str(change.op),
            "address": str(change.address),
            "fields": fields_document(change, ids, show_values=show_values),
            "outcome": results.get(change.key),
            "seconds": None if seconds is None else round(seconds, 1),
        } | ({"calls": calls_document(change, show_values=show_values)} if calls else {})


def _failure(key: str, known: Explanation) -> dict[str, str | None]:
    return {
        "key": key,
        "code": known.code,
        "message": known.message,
        "request_id": known.request_id,
        "cause": known.cause or None,
        "remedy": known.remedy or None,
        "logs": known.logs or None,
    }
