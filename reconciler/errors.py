"""What can go wrong, in words for people.

ReconcilerError
├── NotRead         AWS did not answer a question completely: nothing may be concluded
├── RunRefused      what was asked for cannot be done as it is
│   └── PlanRefused a plan has conflicts, or would do what nobody consented to
├── Invalid         a planned call is none that AWS takes: a bug of this engine
├── Unfinished      not all that a script asked for is done
├── WaitFailed      what was waited for can no longer come about
├── RolloutFailed   a deployment ended in failure or was rolled back
├── NotDone         a step was tried for as long as it makes sense
└── Stopped         somebody said to stop: no further call is made
"""

from collections.abc import Sequence

from reconciler.model.plan import Conflict, Outcome


class ReconcilerError(Exception):
    """Anything that this engine itself has to say went wrong."""


class ReadFailed(ReconcilerError):
    """A question to AWS was not answered, or not completely. `service`, as boto3 calls it, was asked."""

    def __init__(self, message: str, service: str = "") -> None:
        super().__init__(message)
        self.service = service


class RunRefused(ReconcilerError):
    """What was asked for cannot be done as it is; the message says what to do."""


class PlanRefused(RunRefused):
    """A plan has conflicts, or would do what nobody consented to.

    `conflicts` are the plan's; each of the `objections` says what may not be done, and its remedy in lines of its own.
    """

    def __init__(
        self, message: str, conflicts: Sequence[Conflict] = (), objections: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.conflicts = tuple(conflicts)
        self.objections = tuple(objections)


class Invalid(ReconcilerError):
    """A planned call is none that AWS takes: a bug of this engine."""


class Unfinished(ReconcilerError):
    """Some of it failed, is held or was not started; what is done stays."""

    def __init__(self, message: str, outcome: Outcome) -> None:
        super().__init__(message)
        self.outcome = outcome


class WaitFailed(ReconcilerError):
    """What was waited for can no longer come about."""


class RolloutFailed(ReconcilerError):
    """A deployment failed or was rolled back."""


class StepTimedOut(ReconcilerError):
    """AWS said "not yet" for longer than a person should wait."""


class Stopped(ReconcilerError):
    """A call that would have been made after somebody said to stop."""
