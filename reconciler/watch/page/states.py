"""The state of a stack on the page, in a word that is its class in the style, and in words for people."""

from datetime import datetime, timedelta

from reconciler.render.drift_words import headline
from reconciler.render.html.verdict import state_of
from reconciler.render.html.when import parse
from reconciler.watch.status import RoundOutcome, StackStatus, WatchStatus

WORST_FIRST = (
    "security",
    "failed",
    "availability",
    "configuration",
    "partial",
    "pending",
    "tags",
    "unread",
    "clean",
)
WORDS = {
    "failed": "not read",
    "partial": "not all compared",
    "pending": "not applied yet",
    "unread": "first round",
    "clean": "as the file says",
}
ROUNDS_MISSED = 3  # without a good one, after which what is shown of a stack is old


def stack_state(status: StackStatus) -> str:
    """Return the state of a stack: `failed` if its last round failed, else that of its report."""
    if status.last is None:
        return "unread"
    if status.last.outcome is RoundOutcome.FAILED:
        return "failed"
    return state_of(status.report) if status.report else "unread"


def say_state(state: str) -> str:
    """Return the words of a state; those of a severity are `security drift` and so on."""
    return WORDS.get(state, f"{state} drift")


def is_stale(status: StackStatus, now: datetime) -> bool:
    """Tell whether what is known of a stack is older than `ROUNDS_MISSED` rounds."""
    good = parse(status.last_good)
    return good is not None and now - good > timedelta(seconds=ROUNDS_MISSED * status.every)


def order_stacks(stacks: tuple[StackStatus, ...]) -> list[StackStatus]:
    """Return the stacks, the worst first."""
    return sorted(stacks, key=lambda status: (WORST_FIRST.index(stack_state(status)), status.stack))


def say_stack(status: StackStatus) -> str:
    """Return the sentence about a stack."""
    if status.last and status.last.outcome is RoundOutcome.FAILED:
        rounds = "The last round" if status.failures <= 1 else f"The last {status.failures:,} rounds"
        return f"{rounds} failed. {'Shown is the last good one.' if status.report else ''}".strip()
    return headline(status.report) if status.report else "The first round is under way."


def say_all(status: WatchStatus) -> tuple[str, str]:
    """Return the state of all stacks together, which is the worst, and a sentence."""
    states = [stack_state(stack) for stack in status.stacks]
    if not states:
        return "unread", "No stack is watched."
    drifting = sum(bool(stack.report and stack.report.drift) for stack in status.stacks)
    parts = [f"{drifting:,} of {len(states):,} {'stack drifts' if len(states) == 1 else 'stacks drift'}"]
    for state, words in (
        ("failed", "could not be read"),
        ("partial", "not compared in full"),
        ("unread", "in the first round"),
    ):
        parts += [f"{number:,} {words}"] if (number := states.count(state)) else []
    if {*states} == {"clean"}:
        parts = ["All stacks are as their files say" if len(states) > 1 else "The stack is as its file says"]
    return min(states, key=WORST_FIRST.index), "; ".join(parts)


def first_since(status: StackStatus) -> str:
    """Return when the oldest drift of a stack was first seen; empty if there is none, or it is not known."""
    keys = [d.key for d in status.report.drift] if status.report else []
    return min((status.since[key] for key in keys if key in status.since), default="")
