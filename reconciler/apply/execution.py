"""A change under way, as data."""

from dataclasses import dataclass, replace

from botocore.exceptions import ClientError

from reconciler.aws.blockers import UNKNOWN, Blocked
from reconciler.aws.errors import ALREADY_EXISTS, matches, message, throttled
from reconciler.errors import StepTimedOut
from reconciler.model.plan import Change
from reconciler.model.references import walk
from reconciler.model.steps import NotYet, Outputs, Rollout, Step, Wait

BUSY = 900.0  # seconds in all that AWS may throttle one step, beside its patience: others share the account


@dataclass(frozen=True)
class Execution:
    """A change under way: the steps left, and what AWS has answered so far."""

    change: Change
    steps: tuple[Step, ...]
    outputs: Outputs
    tries: int = 0  # of the next step, so far
    first_try_ended: float = 0  # and when the first of them ended
    last_try_ended: float = 0  # and the last
    throttled: float = 0  # seconds that went by as AWS did
    short_patience_since: float | None = None  # since when the answers have a patience of their own
    answer_lost: bool = False  # the last answer never came
    times_not_found: int = 0  # how often it was looked for since, and not found
    last_not_yet: NotYet | None = None  # the last "not yet"
    blocked: Blocked = UNKNOWN  # when AWS was last asked
    blockers_asked_at: float | None = None  # and when that was
    warnings: tuple[str, ...] = ()  # what AWS said of the step before, which it has done

    @property
    def needed(self) -> bool:
        """Whether a step is left that dependents need."""
        return any(not step.settling for step in self.steps)

    @property
    def wait_is_void(self) -> bool:
        """Whether the next step waits for what no answer named: the thing was there already."""
        own = {r.attr for r in walk(self.steps[0].params) if not r.foreign and r.address == self.change.address}
        return isinstance(self.steps[0], Wait | Rollout) and not own <= self.outputs.keys()

    @property
    def must_recover(self) -> bool:
        """Whether what was perhaps done is to be looked for first; what is removed may be removed twice."""
        return self.answer_lost and self.change.want is not None

    @property
    def name_taken(self) -> bool:
        """Whether AWS refused as something is there: what is refused may be tried as often as one likes."""
        return (
            self.last_not_yet is not None
            and isinstance(self.last_not_yet.why, ClientError)
            and matches(self.last_not_yet.why, ALREADY_EXISTS)
        )

    @property
    def next_request(self) -> Step | None:
        """The step that the next try asks AWS for, if it does: a look for a lost answer keeps to rates by itself."""
        return None if not self.steps or self.must_recover or self.wait_is_void else self.steps[0]

    @property
    def waits_for(self) -> str:
        """What there is to tell of its waiting."""
        why = self.last_not_yet.why if self.last_not_yet else None
        if self.blocked.by:
            return f"blocked by {', '.join(self.blocked.by)}"
        return message(why) if isinstance(why, BaseException) else why or ""

    def postponed(self, seconds: float) -> "Execution":
        """It had to wait for its turn, which is no lack of patience."""
        short_patience_since = (
            None if self.short_patience_since is None else self.short_patience_since + seconds
        )
        return replace(
            self,
            first_try_ended=self.first_try_ended + seconds,
            last_try_ended=self.last_try_ended + seconds,
            short_patience_since=short_patience_since,
        )

    def advanced(self, outputs: Outputs, warnings: tuple[str, ...] = ()) -> "Execution":
        """The next step is done."""
        return Execution(self.change, self.steps[1:], {**self.outputs, **outputs}, warnings=warnings)

    def retried(self, last_not_yet: NotYet, now: float, patience: float) -> "Execution":
        """The next step is to be tried again. Raises `StepTimedOut` where that has gone on for long enough, in seconds."""
        if self.tries and throttled(last_not_yet.why):
            return self._slowed(last_not_yet, now)
        first_try_ended = self.first_try_ended if self.tries else now
        short_patience_since = None
        if last_not_yet.patience is not None:
            short_patience_since = now if self.short_patience_since is None else self.short_patience_since
            if now - short_patience_since >= last_not_yet.patience:
                raise self._not_done(last_not_yet, last_not_yet.patience)
        if now - first_try_ended >= patience:
            raise self._not_done(last_not_yet, patience)
        return replace(
            self,
            tries=self.tries + 1,
            first_try_ended=first_try_ended,
            last_try_ended=now,
            short_patience_since=short_patience_since,
            answer_lost=last_not_yet.answer_lost,
            last_not_yet=last_not_yet,
        )

    def _slowed(self, last_not_yet: NotYet, now: float) -> "Execution":
        """Throttled, which is no lack of patience either."""
        seconds = now - self.last_try_ended
        throttled_for = self.throttled + seconds
        if throttled_for >= BUSY:
            raise self._not_done(last_not_yet, BUSY)
        execution = self.postponed(seconds)
        return replace(
            execution,
            tries=self.tries + 1,
            throttled=throttled_for,
            answer_lost=last_not_yet.answer_lost,
            last_not_yet=last_not_yet,
        )

    def replanned(self, steps: tuple[Step, ...], outputs: Outputs) -> "Execution":
        """Planned once more from what there is; the waits that were still to come stay. Patience goes on."""
        waits = [s for s in self.steps if isinstance(s, Wait | Rollout) and s not in steps] if outputs else []
        before, beside = [s for s in waits if not s.settling], [s for s in waits if s.settling]
        left, named = (*before, *steps, *beside), {**self.outputs, **outputs}
        return replace(self, steps=left, outputs=named, answer_lost=False, times_not_found=0, last_not_yet=None)

    def _not_done(self, last_not_yet: NotYet, patience: float) -> StepTimedOut:
        cause = last_not_yet.why if isinstance(last_not_yet.why, BaseException) else None
        told = [str(message(cause) if cause else last_not_yet.why)]
        told += [f"blocked by {', '.join(self.blocked.by)}"] if self.blocked.by else []
        error = StepTimedOut(f"not done after {patience:g} s: {'; '.join(told)}")
        error.__cause__ = cause
        return error
