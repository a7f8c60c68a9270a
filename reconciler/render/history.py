"""What has been shown of an apply, and which line is to be shown next."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from time import monotonic

from desired_state.secrecy import hide_known
from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.model.plan import Change, Op
from reconciler.render.plan_summary import NOT_THERE
from reconciler.render.under_way import Progress
from reconciler.render.values import indent_continuation

SHOWN_AFTER = 5.0  # seconds; of a change that ends sooner, as most do, only the end is shown
WAIT_REPEATED_AFTER = 30.0  # seconds between two lines about one change that waits
SUMMARIZED_EVERY = 30.0  # seconds, while so many changes are under way that each has no line of its own
MANY = 20  # changes under way
QUIET = 60.0  # seconds without any line, after which a summary shows that it goes on
END_MARKS = {EventKind.DONE: "✓", EventKind.FAILED: "✗", EventKind.HELD: "‖"}


@dataclass
class History:
    """The record of what has been shown, so that nothing is shown twice. Its keys are those of changes."""

    now: Callable[[], float] = monotonic
    secrets: Collection[str] = ()  # that AWS may repeat, and nobody is shown
    progress: Progress = field(default_factory=Progress)
    begun: dict[str, float] = field(default_factory=dict)  # when
    unshown: dict[str, Change] = field(default_factory=dict)  # under way, with no line about them yet
    notes: set[tuple[str, str]] = field(default_factory=set)
    waiting: dict[str, tuple[float, str]] = field(default_factory=dict)  # when a wait was shown, and its text
    written: float = 0  # when the last line was
    summarized: float = 0  # when the last summary was

    def __post_init__(self) -> None:
        self.written = self.summarized = self.now()

    def say(self, event: ProgressEvent) -> str:
        """Return AWS's words about an event, without secrets."""
        return hide_known(event.text, self.secrets)

    def add(self, event: ProgressEvent) -> str | None:
        """Record an event, and return the line to show for it; None for most events."""
        change, now = event.change, self.now()
        self.progress.record(event, self.say(event), now)
        match event.what:
            case EventKind.BEGUN:
                self.begun[change.key] = now
                self.unshown[change.key] = change
            case EventKind.NOTE if (change.key, event.note) not in self.notes:
                self.notes.add((change.key, event.note))
                return f"  {change.address.name}: {indent_continuation(self.say(event))}"
            case EventKind.DONE | EventKind.FAILED | EventKind.HELD:
                self.unshown.pop(change.key, None)
                seconds = now - self.begun.get(change.key, now)
                absent = event.what is EventKind.HELD and change.op is Op.AWAIT
                text = NOT_THERE if absent else self.say(event)
                why = f": {indent_continuation(text)}" if text else ""
                return f"{END_MARKS[event.what]} {change.op} {change.label} ({seconds:.1f} s){why}"
        return None

    def pop_slow(self) -> list[Change]:
        """Return the changes that have been under way for `SHOWN_AFTER` seconds, each one only once.

        There is no timer: it is called at each event, and the ledger reports waiting changes all the time. What
        only waits for AWS's rates has not begun with anything.
        """
        waits = self.progress.under_way
        slow = [c for key, c in self.unshown.items() if self._is_slow(key) and not waits[key].rate]
        for change in slow:
            del self.unshown[change.key]
        return slow

    def _is_slow(self, key: str) -> bool:
        return self.now() - self.begun[key] >= SHOWN_AFTER

    def add_wait(self, event: ProgressEvent) -> bool:
        """Tell whether to show what a change waits for: if it is new, at most once in `WAIT_REPEATED_AFTER`."""
        shown, text = self.waiting.get(event.change.key, (self.begun.get(event.change.key, 0.0), ""))
        if not event.text or event.text == text or self.now() - shown < WAIT_REPEATED_AFTER:
            return False
        self.waiting[event.change.key] = self.now(), event.text
        return True

    @property
    def is_many(self) -> bool:
        """Tell whether too many changes are under way for a line about each."""
        return len(self.progress.under_way) > MANY

    def is_summary_due(self) -> bool:
        """Tell whether to show a summary, and record that it is shown."""
        now = self.now()
        due = (self.is_many and now - self.summarized >= SUMMARIZED_EVERY) or now - self.written >= QUIET
        if due:
            self.summarized = now
        return due
