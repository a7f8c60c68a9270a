"""The results of the crash test."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """The result of a scenario and its faults."""

    scenario: str
    points: int  # requests or moments with a fault, or orders
    faults: int  # number of faults at these points
    runs: int  # runs of commands until there was nothing to do
    tried: int  # times that the account had to converge
    failures: tuple[str, ...]

    def __str__(self) -> str:
        failed = len(self.failures)
        counted = f"{self.points:6,} points, {self.faults:6,} faults, {self.runs:6,} runs"
        return f"{self.scenario:40} {counted}; {self.tried - failed:6,} of {self.tried:6,} converged"


def add_up(results: Iterable[Result]) -> Result:
    """Add the results up."""
    found = tuple(results)
    counts = {name: sum(getattr(r, name) for r in found) for name in ("points", "faults", "runs", "tried")}
    return Result("all", **counts, failures=tuple(f for r in found for f in r.failures))
