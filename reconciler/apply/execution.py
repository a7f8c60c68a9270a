"""A change under way, as data."""

from dataclasses import dataclass, replace

from botocore.exceptions import ClientError

from reconciler.aws.blockers import NOT_ASKED, Blocked
from reconciler.aws.errors import ALREADY_EXISTS, has_no_answer, is_throttled, matches, message
from reconciler.errors import ReadFailed, StepTimedOut
from reconciler.model.plan import Change
from reconciler.model.references import walk
from reconciler.model.steps import NotYet, Outputs, Rollout, Step, Wait

THROTTLING_PATIENCE = 900.0  # seconds in all that AWS may throttle one step: others share the account


@dataclass(frozen=True)
class Execution:
    """A change under way: the steps left, and AWS's answers to the next one.

    Times are seconds of the ledger.
    """

    change: Change
    steps: tuple[Step, ...]
    outputs: Outputs
    tries: int = 0  # of the next step, so far
    first_try_ended: float = 0  # shifted by time that patience does not count: throttling, waiting for a turn
    last_try_ended: float = 0
    throttled: float = 0  # seconds that AWS has throttled the next step
    short_patience_since: float | None = None  # the first of the answers that have a shorter patience
    answer_lost: bool = False  # AWS may have done the last try all the same
    half_done: bool = False  # an earlier try of the change may have done a part, which no read has shown yet
    times_not_found: int = 0  # reads after a lost answer that did not find the resource
    last_not_yet: NotYet | None = None
    last_error: BaseException | None = None  # the last "not yet" of these steps that was an error
    blocked: Blocked = NOT_ASKED
    blockers_asked_at: float | None = None
    warnings: tuple[str, ...] = ()  # AWS's, about the step that was done last

    @property
    def needed(self) -> bool:
        """Tell whether a step is left that dependents wait for."""
        return any(not step.settling for step in self.steps)

    @property
    def wait_is_void(self) -> bool:
        """Tell whether the next step waits for an id that no answer gave, as the resource existed already.

        Or it waits for outputs only, and the answers so far have given them.
        """
        step = self.steps[0]
        if isinstance(step, Wait) and step.for_outputs and step.outputs.keys() <= self.outputs.keys():
            return True
        own = {r.attr for r in walk(step.params) if not r.by_id and r.address == self.change.address}
        return isinstance(step, Wait | Rollout) and not own <= self.outputs.keys()

    @property
    def must_recover(self) -> bool:
        """Tell whether AWS must be read before the next try. Deletes and clean-up can be repeated instead."""
        return self.answer_lost and self.change.want is not None and not self.change.is_clean_up

    @property
    def already_exists(self) -> bool:
        """Tell whether AWS refused the last try because the resource exists. Such a call is safe to repeat."""
        why = self.last_not_yet.why if self.last_not_yet else None
        return isinstance(why, ClientError) and matches(why, ALREADY_EXISTS)

    @property
    def next_request(self) -> Step | None:
        """The step whose requests the next try makes; None if it makes none, or only a recovery's reads."""
        return None if not self.steps or self.must_recover or self.wait_is_void else self.steps[0]

    @property
    def polls_rollout(self) -> bool:
        """Tell whether the next try polls a rollout, and does not recover."""
        return isinstance(self.next_request, Rollout)

    @property
    def waits_for(self) -> str:
        """The reason why the next step waits, in words; empty if AWS gives none."""
        why = self.last_not_yet.why if self.last_not_yet else None
        if self.blocked.by:
            return f"blocked by {', '.join(self.blocked.by)}"
        if isinstance(why, BaseException):
            silent = has_no_answer(why) and not isinstance(why, ReadFailed)  # which says what was asked
            return f"AWS does not answer {self.steps[0].title}: {message(why)}" if silent else message(why)
        return why or ""

    def postponed(self, seconds: float) -> "Execution":
        """Return the execution after a delay that its patience does not count."""
        since = self.short_patience_since
        return replace(
            self,
            first_try_ended=self.first_try_ended + seconds,
            last_try_ended=self.last_try_ended + seconds,
            short_patience_since=None if since is None else since + seconds,
        )

    def advanced(self, outputs: Outputs, warnings: tuple[str, ...] = ()) -> "Execution":
        """Return the execution after its next step is done."""
        return Execution(self.change, self.steps[1:], {**self.outputs, **outputs}, warnings=warnings)

    def retried(self, answer: NotYet, now: float, patience: float) -> "Execution":
        """Return the execution after a "not yet". Raises `StepTimedOut` after `patience` seconds of them."""
        if self.tries and is_throttled(answer.why):
            return self._after_throttling(answer, now)
        first_try_ended, since = self.first_try_ended if self.tries else now, None
        if answer.patience is not None:
            since = now if self.short_patience_since is None else self.short_patience_since
            if now - since >= answer.patience:
                raise self._timed_out(answer, answer.patience)
        if now - first_try_ended >= patience:
            raise self._timed_out(answer, patience)
        delayed = replace(self, first_try_ended=first_try_ended, last_try_ended=now, short_patience_since=since)
        return _tried(delayed, answer)

    def _after_throttling(self, answer: NotYet, now: float) -> "Execution":
        """Return the execution after a try that AWS throttled, which its patience does not count."""
        seconds = now - self.last_try_ended
        throttled = self.throttled + seconds
        if throttled >= THROTTLING_PATIENCE:
            raise self._timed_out(answer, THROTTLING_PATIENCE)
        return _tried(replace(self.postponed(seconds), throttled=throttled), answer)

    def replanned(self, steps: tuple[Step, ...], outputs: Outputs) -> "Execution":
        """Return the execution with steps planned from what AWS has now. The waits still to come are kept.

        What they are to give is taken from no list: it may not be told there yet as it will be.
        """
        waits = [s for s in self.steps if isinstance(s, Wait | Rollout) and s not in steps] if outputs else []
        before, beside = [s for s in waits if not s.settling], [s for s in waits if s.settling]
        asked = {name for s in waits if isinstance(s, Wait) and s.for_outputs for name in s.outputs}
        known = {name: value for name, value in {**self.outputs, **outputs}.items() if name not in asked}
        left = (*before, *steps, *beside)
        half_done = self.half_done and not outputs
        if left and isinstance(left[0], Wait | Rollout):  # its patience begins with it, as after any answer
            return Execution(self.change, left, known, half_done=half_done)
        return replace(
            self,
            steps=left,
            outputs=known,
            answer_lost=False,
            half_done=half_done,
            times_not_found=0,
            last_not_yet=None,
        )

    def _timed_out(self, answer: NotYet, patience: float) -> StepTimedOut:
        cause, reasons = self.last_error, [str(answer.why)]
        if isinstance(answer.why, BaseException):
            cause, reasons = answer.why, []
        reasons += [str(message(cause))] if cause else []
        reasons += [f"blocked by {', '.join(self.blocked.by)}"] if self.blocked.by else []
        error = StepTimedOut(f"not done after {patience:g} s: {'; '.join(reasons)}")
        error.__cause__ = cause
        return error


def _tried(execution: Execution, answer: NotYet) -> Execution:
    half_done = execution.half_done or answer.half_done
    tried = replace(execution, tries=execution.tries + 1, answer_lost=answer.answer_lost, half_done=half_done)
    error = execution.last_error
    if isinstance(answer.why, BaseException) and not is_throttled(answer.why):
        error = answer.why
    return replace(tried, last_not_yet=answer, last_error=error)
