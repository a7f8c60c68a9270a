"""What Prometheus is told. Labels are stack, severity and words of short lists, never resources or people.

Times are told, not ages: `time() - reconciler_last_good_round_timestamp_seconds` is the age when it is asked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from reconciler.model.correction import Correction, Ended, Reason
from reconciler.model.drift import Severity
from reconciler.render.html.when import parse
from reconciler.watch.board import Board
from reconciler.watch.status import Round, RoundOutcome, StackStatus

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640)  # of rounds


@dataclass(frozen=True)
class Metrics:
    """The counters of a watch, and the registry that also has what its board shows."""

    registry: CollectorRegistry
    rounds: Counter
    round_seconds: Histogram
    corrections: Counter
    calls: Counter
    throttles: Counter
    events: Counter
    notifications: Counter


def make_metrics(board: Board) -> Metrics:
    """Return counters at 0. Those of a stack begin with `begin_counting`."""
    # A second series for each counter, with the time when the process began.
    disable_created_metrics()  # type: ignore[no-untyped-call]  # the library gives it no type
    registry = CollectorRegistry()

    def counter(name: str, words: str, *labels: str) -> Counter:
        return Counter(f"reconciler_{name}", words, labels, registry=registry)

    info = Gauge("reconciler_build_info", "The version of the program.", ["version"], registry=registry)
    info.labels(board.status.version).set(1)
    registry.register(Shown(board))
    return Metrics(
        registry,
        counter("rounds", "Rounds that have ended.", "stack", "outcome"),
        Histogram("reconciler_round_duration_seconds", "Time of a round.", buckets=SECONDS, registry=registry),
        counter("corrections", "Differences that were corrected.", "stack", "severity", "outcome"),
        counter("aws_calls", "Requests that AWS answered.", "service", "operation", "outcome"),
        counter("aws_throttles", "Requests that AWS refused as too many.", "service"),
        counter("events_received", "Messages about changes.", "outcome"),
        counter("notifications", "Messages to people.", "channel", "outcome"),
    )


def begin_counting(metrics: Metrics, stack: str) -> None:
    """Show the counters of a stack at 0, so that the first one of each is seen as an increase."""
    for outcome in RoundOutcome:
        metrics.rounds.labels(stack, outcome)
    for severity, ended in product(Severity, Ended):
        metrics.corrections.labels(stack, severity, ended)


def stop_counting(metrics: Metrics, stack: str) -> None:
    """Remove the counters of a stack that is watched no more."""
    for outcome in RoundOutcome:
        metrics.rounds.remove(stack, outcome)
    for severity, ended in product(Severity, Ended):
        metrics.corrections.remove(stack, severity, ended)


def count_round(metrics: Metrics, stack: str, ended: Round, corrections: Iterable[Correction] = ()) -> None:
    """Count a round that has ended, and the corrections that it made."""
    metrics.rounds.labels(stack, ended.outcome).inc()
    metrics.round_seconds.observe(ended.seconds)
    for correction in corrections:
        metrics.corrections.labels(stack, correction.severity, correction.ended).inc()


def format_metrics(metrics: Metrics) -> str:
    """Return all metrics in Prometheus's text format."""
    return generate_latest(metrics.registry).decode()


@dataclass(frozen=True, eq=False)
class Shown(Collector):
    """What the board shows at the moment of asking: stacks that are gone have no series."""

    board: Board

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges of all stacks."""
        stacks = self.board.status.stacks
        drift = _gauge("drift_fields", "Differences that are drift.", "severity")
        waiting = _gauge("corrections_waiting", "Differences whose correction waits.", "reason")
        for status in stacks:
            for severity, number in status.counts().items():
                drift.add_metric([status.stack, severity], number)
            reasons = [w.reason for w in status.waiting]
            for reason in Reason:
                waiting.add_metric([status.stack, reason], reasons.count(reason))
        yield from (drift, waiting)
        for name, words, value in SIMPLE:
            gauge = _gauge(name, words)
            for status in stacks:
                gauge.add_metric([status.stack], value(status))
            yield gauge


def _gauge(name: str, words: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"reconciler_{name}", words, labels=["stack", *labels])


def _last_good(status: StackStatus) -> float:
    when = parse(status.last_good)
    return when.timestamp() if when else 0.0


SIMPLE = (  # gauges with no label but the stack
    (
        "last_good_round_timestamp_seconds",
        "When the last round began that did not fail; 0: none yet.",
        _last_good,
    ),
    ("contested_fields", "Differences that come back after each correction.", lambda s: len(s.contested)),
    ("not_compared", "What could not be compared.", lambda s: len(s.report.not_compared) if s.report else 0),
    ("paused", "1: nothing is corrected for now, though it was asked for.", lambda s: bool(s.paused)),
    (
        "file_broken",
        "1: the file is not used as it is now, but as it was when it was right.",
        lambda s: bool(s.file_error),
    ),
)
