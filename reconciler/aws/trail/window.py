"""When a change can have been made, and when CloudTrail is asked for it again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reconciler.model.drift import Attribution, Known

KEPT = timedelta(days=90)  # by CloudTrail (CloudTrail user guide, "event history")
CLOCKS_DIFFER = timedelta(minutes=5)  # at most, as AWS refuses signatures of other times
# After its detection a change is asked for at these times, as events take minutes and sometimes an hour.
ASKED_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 90))
SETTLED = ASKED_AGAIN[-1]


@dataclass(frozen=True)
class Window:
    """The time between the last moment at which all was as it should be, and the detection of a change."""

    until: datetime
    since: datetime | None = None  # None: it is not known

    @property
    def begin(self) -> datetime:
        """The earliest time of an event, by AWS's clock."""
        return max(self.since - CLOCKS_DIFFER, self.until - KEPT) if self.since else self.until - KEPT

    @property
    def end(self) -> datetime:
        """The latest time of an event, by AWS's clock."""
        return self.until + CLOCKS_DIFFER


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def is_settled(window: Window, at: datetime) -> bool:
    """Tell whether CloudTrail has told all of the window that it will, as far as that is known."""
    return at - window.until >= SETTLED


def judge_nothing(window: Window, at: datetime) -> Attribution:
    """Return the answer where CloudTrail shows no event at this time."""
    if not is_settled(window, at):
        return Attribution(Known.NOT_YET)
    is_old = window.since is None or at - window.since > KEPT
    return Attribution(Known.TOO_OLD if is_old else Known.NOT_FOUND)


def ask_again(answer: Attribution | None, detected: datetime, asked: datetime) -> datetime | None:
    """Return when to ask again for a change that was detected and asked for at these times; None: never.

    An event that only touched the resource may be followed by the one that was meant. What was not asked is
    asked in the next round.
    """
    if answer is None or answer.known is Known.NOT_ASKED:
        return asked
    if answer.known is Known.NOT_YET or (answer.known is Known.FOUND and not answer.exact):
        return next((detected + after for after in ASKED_AGAIN if detected + after > asked), None)
    return None
