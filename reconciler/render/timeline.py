"""The timeline of an apply: when each change began and ended, what it waited for, and the critical path."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from desired_state.secrecy import hide_known
from reconciler.apply.events import ENDS, EventKind, ProgressEvent
from reconciler.model.plan import Change
from reconciler.render.values import format_step


@dataclass(frozen=True)
class Span:
    """The time of one change, in seconds since the apply began."""

    change: Change
    begin: float
    freed: float  # when its dependents could begin; steps that settle go on beside them
    end: float
    how: EventKind | None  # None: it did not end
    after: str | None  # key of the change whose end it waited for
    waits: tuple[tuple[str, float], ...]  # what AWS said, and for how many seconds: the longest first


@dataclass(frozen=True)
class Leg:
    """One change's part of the critical path."""

    span: Span
    until: float  # seconds since the apply began


@dataclass
class Track:
    """The events of one change so far; times are those of the recorder's clock."""

    change: Change
    begin: float
    steps_done: int = 0
    freed: float | None = None
    end: float | None = None
    how: EventKind | None = None
    waits: dict[str, float] = field(default_factory=dict)  # what AWS said -> seconds
    waiting: tuple[str, float] | None = None  # what AWS said last, and when

    def record(self, event: ProgressEvent, now: float) -> None:
        """Add the time since the last event to what the change waited for, and store its present state."""
        if self.waiting:
            reason, since = self.waiting
            self.waits[reason] = self.waits.get(reason, 0) + now - since
        self.waiting = (self._reason(event), now) if event.what is EventKind.WAITING else None
        if event.what is EventKind.STEP:
            self.steps_done += 1
            if self.freed is None and all(step.settling for step in self.change.steps[self.steps_done :]):
                self.freed = now
        if event.what in ENDS:
            self.end, self.how = now, event.what

    def _reason(self, event: ProgressEvent) -> str:
        """Return AWS's message or, without one, the step under way."""
        steps = self.change.steps[self.steps_done :]
        return event.text or (format_step(steps[0]) if steps else "")


@dataclass
class Recorder:
    """A listener that records when each progress event arrives."""

    now: Callable[[], float]
    secrets: Collection[str] = ()  # that AWS may repeat, and nobody is shown
    tracks: dict[str, Track] = field(default_factory=dict)  # by key of the change

    def __call__(self, event: ProgressEvent) -> None:
        now = self.now()
        event = replace(event, text=hide_known(event.text, self.secrets))
        # A change that an earlier run has already carried out ends without having begun.
        self.tracks.setdefault(event.change.key, Track(event.change, now)).record(event, now)

    def spans(self, begun: float) -> tuple[Span, ...]:
        """Return the spans of all changes that began, in order; `begun` is the time when the apply began."""
        spans: dict[str, Span] = {}
        for track in self.tracks.values():  # a change begins after what it comes after
            spans[track.change.key] = _make_span(track, spans, begun, self.now())
        return tuple(spans.values())


def _make_span(track: Track, earlier: Mapping[str, Span], begun: float, now: float) -> Span:
    end = now if track.end is None else track.end
    freed = end if track.freed is None else track.freed
    waits = sorted(((t, s) for t, s in track.waits.items() if s), key=lambda wait: -wait[1])
    after = _latest((earlier[key] for key in track.change.after if key in earlier), lambda span: span.freed)
    key = after.change.key if after else None
    return Span(track.change, track.begin - begun, freed - begun, end - begun, track.how, key, tuple(waits))


def find_critical_path(spans: Iterable[Span]) -> tuple[Leg, ...]:
    """Return the chain of changes that the end of the apply waited for, in order: it waits for no clean-up."""
    by_key = {span.change.key: span for span in spans if not span.change.is_clean_up}
    at = _latest(by_key.values(), lambda span: span.end)
    legs = [Leg(at, at.end)] if at else []
    while at and at.after:
        at = by_key[at.after]
        legs.append(Leg(at, at.freed))
    return tuple(reversed(legs))


def _latest(spans: Iterable[Span], time_of: Callable[[Span], float]) -> Span | None:
    return max(spans, key=lambda span: (time_of(span), span.change.key), default=None)
