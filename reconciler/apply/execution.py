"""A change under way, as data."""

from dataclasses import dataclass, replace

from botocore.exceptions import ClientError

from reconciler.aws.blockers import UNKNOWN, Blocked
from reconciler.aws.errors import TAKEN, matches, message, throttled
from reconciler.errors import NotDone
from reconciler.model.plan import Change
from reconciler.model.references import walk
from reconciler.model.steps import NotYet, Outputs, Rollout, Step, Wait

BUSY = 900.0  # seconds in all that AWS may throttle one step, beside its patience: others share the account


@dataclass(frozen=True)
class Task:
    """A change under way: the steps left, and what AWS has answered so far."""

    change: Change
    steps: tuple[Step, ...]
    outputs: Outputs
    tries: int = 0  # of the next step, so far
    since: float = 0  # and when the first of them ended
    last: float = 0  # and the last
    throttled: float = 0  # seconds that went by as AWS did
    brief: float | None = None  # since when the answers have a patience of their own
    lost: bool = False  # the last answer never came
    missed: int = 0  # how often it was looked for since, and not found
    said: NotYet | None = None  # the last "not yet"
    blocked: Blocked = UNKNOWN  # when AWS was last asked
    asked: float | None = None  # and when that was
    warnings: tuple[str, ...] = ()  # what AWS said of the step before, which it has done

    @property
    def needed(self) -> bool:
        """Whether a step is left that dependents need."""
        return any(not step.settling for step in self.steps)

    @property
    def moot(self) -> bool:
        """Whether the next step waits for what no answer named: the thing was there already."""
        own = {r.attr for r in walk(self.steps[0].params) if not r.foreign and r.address == self.change.address}
        return isinstance(self.steps[0], Wait | Rollout) and not own <= self.outputs.keys()

    @property
    def looks(self) -> bool:
        """Whether what was perhaps done is to be looked for first; what is removed may be removed twice."""
        return self.lost and self.change.want is not None

    @property
    def taken(self) -> bool:
        """Whether AWS refused as something is there: what is refused may be tried as often as one likes."""
        return (
            self.said is not None and isinstance(self.said.why, ClientError) and matches(self.said.why, TAKEN)
        )

    @property
    def sends(self) -> Step | None:
        """The step that the next try asks AWS for, if it does: a look for a lost answer keeps to rates by itself."""
        return None if not self.steps or self.looks or self.moot else self.steps[0]

    @property
    def waits_for(self) -> str:
        """What there is to tell of its waiting."""
        why = self.said.why if self.said else None
        if self.blocked.by:
            return f"blocked by {', '.join(self.blocked.by)}"
        return message(why) if isinstance(why, BaseException) else why or ""

    def delayed(self, seconds: float) -> "Task":
        """It had to wait for its turn, which is no lack of patience."""
        brief = None if self.brief is None else self.brief + seconds
        return replace(self, since=self.since + seconds, last=self.last + seconds, brief=brief)

    def then(self, outputs: Outputs, warnings: tuple[str, ...] = ()) -> "Task":
        """The next step is done."""
        return Task(self.change, self.steps[1:], {**self.outputs, **outputs}, warnings=warnings)

    def later(self, said: NotYet, now: float, patience: float) -> "Task":
        """The next step is to be tried again. Raises `NotDone` where that has gone on for long enough, in seconds."""
        if self.tries and throttled(said.why):
            return self._slowed(said, now)
        since = self.since if self.tries else now
        brief = None
        if said.patience is not None:
            brief = now if self.brief is None else self.brief
            if now - brief >= said.patience:
                raise self._not_done(said, said.patience)
        if now - since >= patience:
            raise self._not_done(said, patience)
        return replace(
            self, tries=self.tries + 1, since=since, last=now, brief=brief, lost=said.lost, said=said
        )

    def _slowed(self, said: NotYet, now: float) -> "Task":
        """Throttled, which is no lack of patience either."""
        seconds = now - self.last
        throttled_for = self.throttled + seconds
        if throttled_for >= BUSY:
            raise self._not_done(said, BUSY)
        task = self.delayed(seconds)
        return replace(task, tries=self.tries + 1, throttled=throttled_for, lost=said.lost, said=said)

    def anew(self, steps: tuple[Step, ...], outputs: Outputs) -> "Task":
        """Planned once more from what there is; the waits that were still to come stay. Patience goes on."""
        waits = [s for s in self.steps if isinstance(s, Wait | Rollout) and s not in steps] if outputs else []
        before, beside = [s for s in waits if not s.settling], [s for s in waits if s.settling]
        left, named = (*before, *steps, *beside), {**self.outputs, **outputs}
        return replace(self, steps=left, outputs=named, lost=False, missed=0, said=None)

    def _not_done(self, said: NotYet, patience: float) -> NotDone:
        cause = said.why if isinstance(said.why, BaseException) else None
        told = [str(message(cause) if cause else said.why)]
        told += [f"blocked by {', '.join(self.blocked.by)}"] if self.blocked.by else []
        error = NotDone(f"not done after {patience:g} s: {'; '.join(told)}")
        error.__cause__ = cause
        return error
