"""When each change of an apply began and ended, what it waited for, and which of them the end waited for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.model.plan import Change
from reconciler.render.values import step_words

ENDS = (EventKind.DONE, EventKind.FAILED, EventKind.HELD)


@dataclass(frozen=True)
class Span:
    """One change, in seconds since the apply began."""

    change: Change
    begin: float
    freed: float  # when what comes after it could begin: what settles goes on
    end: float
    how: EventKind | None  # None: it did not end
    after: str | None  # key of the change whose end it waited for
    waits: tuple[tuple[str, float], ...]  # what AWS said, and seconds: the longest first


@dataclass(frozen=True)
class Leg:
    """One change's part of the critical path."""

    span: Span
    until: float


@dataclass
class Track:
    """What was told of one change so far."""

    change: Change
    begin: float
    steps: int = 0
    freed: float | None = None
    end: float | None = None
    how: EventKind | None = None
    waits: dict[str, float] = field(default_factory=dict)
    said: tuple[str, float] | None = None  # and when

    def hear(self, event: ProgressEvent, now: float) -> None:
        """Book the time since it last said what it waits for."""
        if self.said:
            text, since = self.said
            self.waits[text] = self.waits.get(text, 0) + now - since
        self.said = (self._words(event), now) if event.what is EventKind.WAITING else None
        if event.what is EventKind.STEP:
            self.steps += 1
            if self.freed is None and all(step.settling for step in self.change.steps[self.steps :]):
                self.freed = now
        if event.what in ENDS:
            self.end, self.how = now, event.what

    def _words(self, event: ProgressEvent) -> str:
        """What AWS said, or where it said nothing, what is being done."""
        steps = self.change.steps[self.steps :]
        return event.text or (step_words(steps[0]) if steps else "")


@dataclass
class Recorder:
    """Writes down when what is told."""

    now: Callable[[], float]
    tracks: dict[str, Track] = field(default_factory=dict)

    def __call__(self, event: ProgressEvent) -> None:
        now = self.now()
        # What a run that died has left nothing to do for ends without having begun.
        self.tracks.setdefault(event.change.key, Track(event.change, now)).hear(event, now)

    def spans(self, begun: float) -> tuple[Span, ...]:
        """All that was begun, in that order; `begun`: the apply itself."""
        found: dict[str, Span] = {}
        for track in self.tracks.values():  # a change begins after what it comes after
            found[track.change.key] = _span(track, found, begun, self.now())
        return tuple(found.values())


def _span(track: Track, before: Mapping[str, Span], begun: float, now: float) -> Span:
    end = now if track.end is None else track.end
    freed = end if track.freed is None else track.freed
    waits = sorted(((t, s) for t, s in track.waits.items() if s), key=lambda wait: -wait[1])
    after = _last((before[key] for key in track.change.after if key in before), lambda span: span.freed)
    key = after.change.key if after else None
    return Span(track.change, track.begin - begun, freed - begun, end - begun, track.how, key, tuple(waits))


def critical_path(spans: Iterable[Span]) -> tuple[Leg, ...]:
    """The changes for which the end had to wait, one after the other."""
    by_key = {span.change.key: span for span in spans}
    at = _last(by_key.values(), lambda span: span.end)
    legs = [Leg(at, at.end)] if at else []
    while at and at.after:
        at = by_key[at.after]
        legs.append(Leg(at, at.freed))
    return tuple(reversed(legs))


def _last(spans: Iterable[Span], when: Callable[[Span], float]) -> Span | None:
    return max(spans, key=lambda span: (when(span), span.change.key), default=None)
