"""What can go wrong, in words for people.

ReconcilerError
├── ReadFailed       AWS did not answer a question completely: nothing may be concluded
├── RunRefused       what was asked for cannot be done as it is
│   └── PlanRefused  a plan has conflicts, or would do what nobody consented to
├── Invalid          a planned call is none that AWS takes: a bug of this engine
├── Unfinished       not all that a script asked for is done
├── WaitFailed       what was waited for can no longer come about
├── RolloutFailed    a deployment ended in failure or was rolled back
├── StepTimedOut     a step was tried for as long as its patience allows
└── Stopped          somebody asked to stop: no further call is made

What AWS itself refuses stays botocore's: `ClientError` and `BotoCoreError`.
"""

from collections.abc import Sequence

from reconciler.model.plan import Conflict, Outcome


class ReconcilerError(Exception):
    """The base of all that this engine itself raises. Its text is written for people."""


class ReadFailed(ReconcilerError):
    """Raised where AWS did not answer a question, or not completely. Nothing was changed; the run may be repeated.

    `service`, as boto3 calls it, was asked; the cause is botocore's error, if it was one.
    """

    def __init__(self, message: str, service: str = "") -> None:
        super().__init__(message)
        self.service = service


class RunRefused(ReconcilerError):
    """Raised before any write, where what was asked for cannot be done as it is. The text says what to do."""


class PlanRefused(RunRefused):
    """Raised before any write, where a plan has conflicts or would do what nobody consented to.

    `conflicts` are the plan's. Each of the `objections` says what may not be done, and its remedy in further lines:
    solve them, or consent, and plan again.
    """

    def __init__(
        self, message: str, conflicts: Sequence[Conflict] = (), objections: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.conflicts = tuple(conflicts)
        self.objections = tuple(objections)


class Invalid(ReconcilerError):
    """Raised before any write, where botocore's models refuse a planned call. A bug of this engine: report it."""


class Unfinished(ReconcilerError):
    """Raised by `ensure` where a change failed, is held or was not started.

    What is done stays, as `outcome` says; the same call again goes on from there.
    """

    def __init__(self, message: str, outcome: Outcome) -> None:
        super().__init__(message)
        self.outcome = outcome


class WaitFailed(ReconcilerError):
    """Raised by a poll where the state that is waited for can no longer come about. No further poll helps."""


class RolloutFailed(ReconcilerError):
    """Raised by a poll where a deployment failed, was rolled back or was superseded. The text says why its tasks ended."""


class StepTimedOut(ReconcilerError):
    """Raised where AWS said "not yet" for longer than the step's patience. The next apply tries it again."""


class Stopped(ReconcilerError):
    """Raised in place of sending a call, after somebody asked to stop. Caught by whoever makes the call."""
