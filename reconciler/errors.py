"""The exceptions that the engine raises, with messages for people.

ReconcilerError
├── ReadFailed       AWS did not answer a question completely: nothing may be concluded
├── RunRefused       what was asked for cannot be done as it is
│   ├── PlanRefused  a plan has conflicts, or would do what nobody consented to
│   └── LeaseHeld    another run writes to the stack
├── LeaseLost        this run may no longer write to the stack
├── Invalid          AWS would not accept a planned call: a bug of this engine
├── Unfinished       not all that a script asked for is done
├── WaitFailed       the state that was waited for can no longer be reached
├── RolloutFailed    a deployment ended in failure or was rolled back
├── AlreadyInUse     AWS answered a creation with what the same plan would delete
├── OtherRun         another run made what this one was about to make
├── SecretUnusable   a secret does not hold what a call needs of it
├── StepTimedOut     a step was tried for as long as its patience allows
└── Stopped          a call is not made, as somebody asked to stop

AWS's own errors remain botocore's: `ClientError` and `BotoCoreError`.
"""

from collections.abc import Sequence

from reconciler.model.lease import Record
from reconciler.model.plan import Conflict, Outcome


class ReconcilerError(Exception):
    """The base of all exceptions that this engine raises. Its text is written for people."""


class ReadFailed(ReconcilerError):
    """Raised if AWS did not answer a read, or not completely. Nothing was changed; the run may be repeated.

    `service` is boto3's name of the service that was asked. The cause is botocore's error, if there was one.
    """

    def __init__(self, message: str, service: str = "") -> None:
        super().__init__(message)
        self.service = service


class RunRefused(ReconcilerError):
    """Raised before any write if the run cannot be done as asked. The text says what to do."""


class PlanRefused(RunRefused):
    """Raised before any write if a plan has conflicts, or needs a consent that was not given.

    `conflicts` are the plan's. Each of the `objections` says what may not be done, and the remedy on further
    lines. Solve the conflicts, or consent, and plan again.
    """

    def __init__(
        self, message: str, conflicts: Sequence[Conflict] = (), objections: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.conflicts = tuple(conflicts)
        self.objections = tuple(objections)


class LeaseHeld(RunRefused):
    """Raised before any write if another run holds the stack's lease and lives. `record` says which one."""

    def __init__(self, message: str, record: Record) -> None:
        super().__init__(message)
        self.record = record


class LeaseLost(ReconcilerError):
    """Raised instead of sending a write, once the stack's lease was broken, taken over or not renewed in time.

    What was written before remains; the next run goes on from there.
    """


class Invalid(ReconcilerError):
    """Raised before any write if botocore's models refuse a planned call. It is a bug of this engine."""


class Unfinished(ReconcilerError):
    """Raised by `ensure` if a change failed, is held or was not started.

    Changes that `outcome` lists as done remain in AWS; calling `ensure` again continues from there.
    """

    def __init__(self, message: str, outcome: Outcome) -> None:
        super().__init__(message)
        self.outcome = outcome


class WaitFailed(ReconcilerError):
    """Raised by a poll if the state can no longer be reached, so that no further poll helps."""


class RolloutFailed(ReconcilerError):
    """Raised by a poll if a deployment failed, was rolled back or superseded.

    The text says why tasks stopped.
    """


class AlreadyInUse(ReconcilerError):
    """Raised if AWS answered a creation with a resource that the same plan would delete, and that is kept."""


class OtherRun(ReconcilerError):
    """Raised if another run made a resource of this stack that has the name, such as one in another VPC."""


class SecretUnusable(ReconcilerError):
    """Raised instead of sending a call, if a secret has no text, or nothing at the key that the file names."""


class StepTimedOut(ReconcilerError):
    """Raised if AWS answered "not yet" for longer than the step's patience. The next apply tries it again."""


class Stopped(ReconcilerError):
    """Raised instead of sending a call: the run was asked to stop, or its lease has to be renewed before.

    The module that makes the call catches it.
    """
