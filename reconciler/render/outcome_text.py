"""The result of an apply as text for people."""

from reconciler.model.plan import Outcome, Plan
from reconciler.model.steps import Held
from reconciler.render.explain_error import Explanation
from reconciler.render.outcome import TimedOutcome, count_results, describe_left, explain_failures, find_held
from reconciler.render.values import format_duration, indent_continuation

RESULT_WORDS = {"interrupted": "started, not finished", "skipped": "not started"}  # the others as they are


def outcome_text(plan: Plan, ended: TimedOutcome) -> str:
    """Return a block with a remedy for each failed or held change, and a line that counts all results."""
    outcome = ended.outcome
    blocks = [
        *(_format_failure(key, e, outcome) for key, e in explain_failures(plan, outcome).items()),
        *(
            _format_held(key, held, outcome)
            for key, held in find_held(plan, outcome).items()
            if _root_cause(key, outcome) == key
        ),
        *(f"‖ {key}: started, not finished" for key in outcome.interrupted),
    ]
    if left := [key for key, cause in outcome.skipped.items() if not cause]:
        blocks.append("not started:\n" + "\n".join(f"    {_address(key)}" for key in left))
    blocks += describe_left(plan, outcome)
    return "\n".join([*blocks, f"{_format_results(outcome)} in {format_duration(ended.seconds)}."]) + "\n"


def _format_failure(key: str, known: Explanation, outcome: Outcome) -> str:
    request = f" (request {known.request_id})" if known.request_id else ""
    lines = [f"✗ {key}", f"    {known.code}: {indent_continuation(known.message)}{request}"]
    lines += [f"    likely: {known.cause}"] if known.cause else []
    lines += [f"    do: {known.remedy}"] if known.remedy else []
    lines += [f"    logs: {known.logs}"] if known.logs else []
    if after := [k for k, cause in outcome.skipped.items() if cause == key]:
        lines.append(f"    not started because of it: {', '.join(map(_address, after))}")
    return "\n".join(lines)


def _format_held(key: str, held: Held, outcome: Outcome) -> str:
    lines = [f"‖ {key}: held: {indent_continuation(held.why)}"]
    lines += [f"    {indent_continuation(held.remedy)}"] if held.remedy else []
    if after := [k for k in outcome.held if k != key and _root_cause(k, outcome) == key]:
        lines.append(f"    held because of it: {', '.join(map(_address, after))}")
    return "\n".join(lines)


def _root_cause(key: str, outcome: Outcome) -> str:
    """Return the key of the held change that `key` waits for, directly or through other held changes."""
    cause = outcome.held[key].cause
    return _root_cause(cause, outcome) if cause in outcome.held else key


def _address(key: str) -> str:
    """Return the key without the AWS id that a deletion's key ends in."""
    return key.partition("#")[0]


def _format_results(outcome: Outcome) -> str:
    results = count_results(outcome).items()
    counts = ", ".join(
        f"{n} {RESULT_WORDS.get(result, result)}"
        for result, n in results
        if result == "done" or (n and result != "left")  # which has sentences of its own
    )
    return f"Stopped: {counts}" if outcome.stopped else counts[0].upper() + counts[1:]
