"""The tries of an apply that AWS has not answered. After some minutes without any answer the apply ends."""

from dataclasses import dataclass

from reconciler.apply.execution import Execution
from reconciler.aws.errors import has_no_answer
from reconciler.aws.silence import ANSWERS_WITHIN
from reconciler.errors import StepTimedOut


@dataclass
class Unanswered:
    """The unanswered tries since the last answer, of all changes together."""

    since: float | None = None
    """Seconds of the ledger when the first of them ended; None: the last try was answered."""

    def note(self, execution: Execution, now: float) -> StepTimedOut | None:
        """Note how a try ended. Return the error that ends its change if AWS has answered none for too long."""
        why = execution.last_not_yet.why if execution.last_not_yet else None
        if not has_no_answer(why):
            self.since = None
            return None
        self.since = now if self.since is None else self.since
        if now - self.since < ANSWERS_WITHIN:
            return None
        error = StepTimedOut(f"AWS has answered nothing for {ANSWERS_WITHIN:g} s: {execution.waits_for}")
        error.__cause__ = why if isinstance(why, BaseException) else None
        return error
