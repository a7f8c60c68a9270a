"""The result of an apply as text for people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from reconciler.model.plan import Outcome, Plan
from reconciler.model.steps import Held
from reconciler.render.alike_results import group_alike
from reconciler.render.explain_error import Explanation
from reconciler.render.outcome import TimedOutcome, count_results, describe_left, explain_failures, find_held
from reconciler.render.values import format_duration, indent_continuation

NAMED = 50  # changes at most in one line
RESULT_WORDS = {"interrupted": "started, not finished", "skipped": "not started"}  # the others as they are


def outcome_text(plan: Plan, ended: TimedOutcome) -> str:
    """Return a block with a remedy for each failed or held change, and a line that counts all results."""
    outcome = ended.outcome
    skipped, behind, failures = _by_cause(outcome.skipped), _behind(outcome), explain_failures(plan, outcome)
    held = {key: held for key, held in find_held(plan, outcome).items() if key in behind}
    blocks = [
        *(_format_failures(alike, skipped) for alike in group_alike(plan, failures, _failure_texts)),
        *(_format_held(alike, behind) for alike in group_alike(plan, held, lambda h: (h.why, h.remedy))),
        *(f"‖ {key}: started, not finished" for key in outcome.interrupted),
    ]
    if left := skipped.get(""):
        blocks.append("not started:\n" + "\n".join(f"    {_address(key)}" for key in left))
    blocks += describe_left(plan, outcome)
    return "\n".join([*blocks, f"{_format_results(outcome)} in {format_duration(ended.seconds)}."]) + "\n"


def _failure_texts(known: Explanation) -> tuple[str, ...]:
    return known.code, known.message, known.cause, known.remedy, known.logs


def _format_failures(alike: Mapping[str, Explanation], skipped: Mapping[str, Sequence[str]]) -> str:
    """Format failures that are alike as one block, with the words of the first one."""
    (key, known), *others = alike.items()
    request = f" (request {known.request_id})" if known.request_id else ""
    more = f", and {len(others):,} more for the same reason" if others else ""
    lines = [f"✗ {key}{more}", f"    {known.code}: {indent_continuation(known.message)}{request}"]
    lines += [f"    likely: {known.cause}"] if known.cause else []
    lines += [f"    do: {known.remedy}"] if known.remedy else []
    lines += [f"    logs: {known.logs}"] if known.logs else []
    lines += [f"    the others: {_name([key for key, _ in others])}"] if others else []
    if after := [k for failed in alike for k in skipped.get(failed, ())]:
        lines.append(f"    not started because of {'them' if others else 'it'}: {_name(after)}")
    return "\n".join(lines)


def _format_held(alike: Mapping[str, Held], behind: Mapping[str, Sequence[str]]) -> str:
    """Format held changes that are alike as one block, with the words of the first one."""
    (key, held), *others = alike.items()
    more = f", and {len(others):,} more" if others else ""
    lines = [f"‖ {key}{more}: held: {indent_continuation(held.why)}"]
    lines += [f"    {indent_continuation(held.remedy)}"] if held.remedy else []
    lines += [f"    and so for the others: {_name([key for key, _ in others])}"] if others else []
    if after := [k for root in alike for k in behind[root]]:
        lines.append(f"    held because of {'them' if others else 'it'}: {_name(after)}")
    return "\n".join(lines)


def _by_cause(skipped: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the keys of the changes that were not started, by the key of the failure; "" for a stop."""
    found = defaultdict[str, list[str]](list)
    for key, cause in skipped.items():
        found[cause].append(key)
    return found


def _behind(outcome: Outcome) -> dict[str, list[str]]:
    """Return the held changes that nothing held holds back, each with those that wait for it."""
    found = defaultdict[str, list[str]](list)
    for key in outcome.held:
        root = _root_cause(key, outcome)
        found[root] += [key] if key != root else []
    return found


def _root_cause(key: str, outcome: Outcome) -> str:
    """Return the key of the held change that `key` waits for, directly or through other held changes."""
    cause = outcome.held[key].cause
    return _root_cause(cause, outcome) if cause in outcome.held else key


def _name(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - NAMED:,} more" if len(keys) > NAMED else ""
    return ", ".join(map(_address, keys[:NAMED])) + more


def _address(key: str) -> str:
    """Return the key without the AWS id that a deletion's key ends in."""
    return key.partition("#")[0]


def _format_results(outcome: Outcome) -> str:
    results = count_results(outcome).items()
    counts = ", ".join(
        f"{n:,} {RESULT_WORDS.get(result, result)}"
        for result, n in results
        if result == "done" or (n and result != "left")  # which has sentences of its own
    )
    return f"Stopped: {counts}" if outcome.stopped else counts[0].upper() + counts[1:]
