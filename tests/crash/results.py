"""What was tried, and how it went."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """How a scenario stood its faults."""

    scenario: str
    points: int  # moments at which something went wrong, or orders
    faults: int  # and in how many ways, together
    runs: int  # of the command, until it had nothing to do
    tried: int  # times that it had to converge
    failures: tuple[str, ...]

    def __str__(self) -> str:
        failed = len(self.failures)
        counted = f"{self.points:6,} points, {self.faults:6,} faults, {self.runs:6,} runs"
        return f"{self.scenario:40} {counted}; {self.tried - failed:6,} of {self.tried:6,} converged"


def total(results: Iterable[Result]) -> Result:
    """All of them together."""
    found = tuple(results)
    counts = {name: sum(getattr(r, name) for r in found) for name in ("points", "faults", "runs", "tried")}
    return Result("all", **counts, failures=tuple(f for r in found for f in r.failures))
