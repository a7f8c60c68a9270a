"""The queued executions: until they are due, then for a token of their bucket, the most urgent first."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from reconciler.apply.execution import Execution
from reconciler.apply.urgency import changes_something, write_bucket
from reconciler.aws.buckets import Bucket, Buckets
from reconciler.aws.turns import Turns

Due = tuple[float, int, float, Execution]  # its urgency, negative; a number; since when it is due


@dataclass
class Line:
    """Executions that wait. Times are in seconds of the ledger, and must not decrease."""

    urgency: Mapping[str, float]  # of each change, by its key
    buckets: Buckets
    reads: Turns
    _later: list[tuple[float, int, Execution, float | None]] = field(default_factory=list)
    _due: dict[Bucket | None, list[Due]] = field(default_factory=lambda: defaultdict(list))
    _number: Iterator[int] = field(default_factory=count)

    def put(self, execution: Execution, at: float) -> None:
        """Add an execution that is due at this time."""
        heappush(self._later, (at, next(self._number), execution, None))

    @property
    def waiting(self) -> Iterator[Execution]:
        """The executions that are queued, in no particular order."""
        yield from (execution for _, _, execution, _ in self._later)
        yield from (execution for line in self._due.values() for *_, execution in line)

    def admit(self, now: float) -> Iterator[tuple[Execution, str, float]]:
        """Let those that are due wait for their turn. Yield each, its operation, and the seconds it will wait.

        A read has its turn reserved, as the reads of a plan have: first come, first served.
        """
        while self._later and self._later[0][0] <= now:
            at, _, execution, since = heappop(self._later)
            if since is None and (turn := self._turn_of_read(execution)):
                heappush(self._later, (now + turn[0], next(self._number), execution, at))
                yield execution, turn[1], turn[0]
            else:
                yield self._admit(execution, at if since is None else since, now)

    def _admit(self, execution: Execution, since: float, now: float) -> tuple[Execution, str, float]:
        step = execution.next_request
        bucket = write_bucket(step, self.buckets) if step else None
        urgency = self.urgency.get(execution.change.key, 0.0) if execution.needed else 0.0
        due = (-urgency, next(self._number), since, execution)
        insort(self._due[bucket], due)
        if not step or not bucket:
            return execution, "", 0.0
        ahead = bisect_left(self._due[bucket], due)
        return execution, step.asks[0][1], self.buckets.until_token(bucket, now, ahead)

    def take(self, now: float) -> Execution | None:
        """Return the most urgent of those whose turn has come; None if there is none."""
        lines = [
            (line[0], bucket) for bucket, line in self._due.items() if line and not self._until(bucket, now)
        ]
        if not lines:
            return None
        (_, _, since, execution), bucket = min(lines, key=lambda found: found[0][:2])
        del self._due[bucket][0]
        if bucket:
            self.buckets.take_token(bucket, now)
        return execution.postponed(now - since)

    def until_turn(self, now: float) -> float | None:
        """Return the seconds until one is due, or its turn comes; None if there is none."""
        turns = [self._until(bucket, now) for bucket, line in self._due.items() if line]
        if self._later:
            turns.append(max(0.0, self._later[0][0] - now))
        return min(turns, default=None)

    def _until(self, bucket: Bucket | None, now: float) -> float:
        return self.buckets.until_token(bucket, now) if bucket else 0.0

    def _turn_of_read(self, execution: Execution) -> tuple[float, str] | None:
        """Reserve the turn of a step that reads; None if it may begin at once, or changes something."""
        step = execution.next_request
        if step is None or changes_something(step):
            return None
        turn = max(((self.reads.take_turn(*request), request[1]) for request in step.asks), default=(0.0, ""))
        return turn if turn[0] else None
