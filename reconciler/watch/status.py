"""What a watch knows, as data: the page, the metrics and the health checks show it and nothing else."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from reconciler.model.correction import Correction, Waiting
from reconciler.model.drift import DriftReport, Severity

ROUNDS_KEPT = 20  # of each stack, the newest ones
CORRECTIONS_KEPT = 50


class RoundOutcome(enum.StrEnum):
    """Says what a round found. There are few, as each one is a label of a metric."""

    CLEAN = "clean"
    DRIFT = "drift"
    PARTIAL = "partial"  # no drift, but something could not be compared
    NOT_APPLIED = "not applied"  # no drift, but the file was changed since the last apply
    FAILED = "failed"  # AWS could not be read, or a correction failed


@dataclass(frozen=True)
class Round:
    """One round of a stack that has ended."""

    at: str  # when it began, as in 2026-11-27T22:14:03+00:00
    seconds: float
    outcome: RoundOutcome
    drift: Mapping[Severity, int] = field(default_factory=dict)  # differences that it found
    corrected: int = 0  # differences that it put right
    error: str = ""  # why it failed
    woken_by: str = ""  # the event that it did not wait for, such as `UpdateService by alice`; empty: its time


@dataclass(frozen=True)
class Contested:
    """A difference that comes back each time it was corrected."""

    key: str  # of the difference, see `Difference.key`
    severity: Severity
    times: int  # how often it was corrected and came back
    by: str = ""  # who changes it, as far as AWS tells
    next_at: str = ""  # before this it is not corrected again


@dataclass(frozen=True)
class StackStatus:
    """A stack, as far as the rounds so far tell. All times are as in 2026-11-27T22:14:03+00:00."""

    stack: str  # <platform>/<environment>/<region>
    every: float  # seconds between two rounds
    file: str = ""
    corrects: str = "none"  # what it may put right: none, safe or security
    paused: str = ""  # why nothing is corrected for now, though it was asked for; empty: it is not paused
    next_at: str = ""  # when the next round begins; empty: one is under way
    rounds: tuple[Round, ...] = ()  # the newest first, at most `ROUNDS_KEPT`
    last_good: str = ""  # when the last round began that did not fail; empty: there was none
    failures: int = 0  # how many rounds in a row have failed
    file_error: str = ""  # why the file as it is now is not used, but the last good one is
    report: DriftReport | None = None  # of the last round that did not fail
    since: Mapping[str, str] = field(default_factory=dict)  # by `Difference.key`: when it was first seen
    corrections: tuple[Correction, ...] = ()  # the newest first, at most `CORRECTIONS_KEPT`
    contested: tuple[Contested, ...] = ()
    waiting: tuple[Waiting, ...] = ()

    @property
    def last(self) -> Round | None:
        """The last round that has ended."""
        return self.rounds[0] if self.rounds else None

    def counts(self) -> dict[Severity, int]:
        """Return the number of differences that are drift, of each severity, the worst first."""
        found = [d.severity for d in self.report.drift] if self.report else []
        return {severity: found.count(severity) for severity in Severity}


@dataclass(frozen=True)
class WatchStatus:
    """All that a watch knows at one moment."""

    version: str  # of this program
    started: str  # as in 2026-11-27T22:14:03+00:00
    turned: float  # when its loop last turned, by the clock of `reconciler.watch.board`
    stacks: tuple[StackStatus, ...] = ()
    events: str = ""  # how it hears of changes between rounds, such as `no trail: polling only`

    @property
    def ready(self) -> bool:
        """Tell whether the first round of each stack has ended, well or not."""
        return all(status.rounds for status in self.stacks)


def outcome_of(report: DriftReport) -> RoundOutcome:
    """Return the outcome of a round that made this report."""
    if report.drift:
        return RoundOutcome.DRIFT
    if report.not_compared:
        return RoundOutcome.PARTIAL
    return RoundOutcome.NOT_APPLIED if report.not_applied else RoundOutcome.CLEAN


def find_new_corrections(before: StackStatus, after: StackStatus) -> list[Correction]:
    """Return the corrections that were made since the status before, the newest first."""
    return [*takewhile(lambda c: not before.corrections or c is not before.corrections[0], after.corrections)]
