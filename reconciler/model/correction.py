"""What becomes of drift, as data: what was put right, and what waits, for what."""

import enum
from dataclasses import dataclass

from reconciler.model.drift import DriftReport, Severity


class Ended(enum.StrEnum):
    """Says how the correction of a difference ended."""

    DONE = "corrected"
    FAILED = "failed"
    STOPPED = "stopped"  # begun, and it is not known how it ended


@dataclass(frozen=True)
class Correction:
    """A difference that was put right, or that should have been."""

    key: str  # of the difference, see `Difference.key`
    severity: Severity
    at: str  # when it ended, as in 2026-11-27T22:14:03+00:00
    ended: Ended
    words: str = ""  # what was done, or why it failed


class Reason(enum.StrEnum):
    """Says for what a correction waits. There are few, as each one is a label of a metric."""

    WINDOW = "window"  # `drift.windows`
    CONSENT = "consent"  # --allow-delete, --allow-replace or --allow-restart
    ROLLOUT = "rollout"  # a deployment is under way, or the last one failed
    LEASE = "lease"  # another run holds the lease
    CONTESTED = "contested"  # it was changed again after each correction
    APPLY = "apply"  # the file is not the one last applied
    OTHER = "other"


@dataclass(frozen=True)
class Waiting:
    """A difference whose correction waits."""

    key: str  # of the difference, see `Difference.key`
    severity: Severity
    reason: Reason
    words: str  # what it waits for, for people
    until: str = ""  # when it goes on, if that is known


@dataclass(frozen=True)
class Corrected:
    """What became of the drift that a report told of."""

    report: DriftReport  # of what is there afterwards
    corrections: tuple[Correction, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    stopped: bool = False  # somebody asked to stop

    @property
    def failed(self) -> bool:
        """Tell whether a correction failed."""
        return any(c.ended is Ended.FAILED for c in self.corrections)
