"""What can go wrong, in words for people.

ReconcilerError
├── NotRead         AWS did not answer a question completely: nothing may be concluded
├── Refused         the plan may not be run
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


class NotRead(ReconcilerError):
    """A question to AWS was not answered, or not completely. `service`, as boto3 calls it, was asked."""

    def __init__(self, message: str, service: str = "") -> None:
        super().__init__(message)
        self.service = service


class Refused(ReconcilerError):
    """What was asked for would do what nobody consented to, or cannot be done as it is."""

    def __init__(self, message: str, conflicts: Sequence[Conflict] = (), refusals: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.conflicts = tuple(conflicts)  # of a plan
        self.refusals = tuple(refusals)  # and what of it may not be done; the remedy in lines of its own


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


class NotDone(ReconcilerError):
    """AWS said "not yet" for longer than a person should wait."""


class Stopped(ReconcilerError):
    """A call that would have been made after somebody said to stop."""
