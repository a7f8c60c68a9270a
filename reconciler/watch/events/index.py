"""Which stack an event touches, by the ids, names and ARNs of the stacks' resources."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock

from reconciler.aws.trail.ours import Ours, is_ours
from reconciler.model.drift import DriftReport
from reconciler.watch.events.heard import Heard

LEAST = 5  # characters of a name: shorter ones, such as `main`, are names of much else


@dataclass(frozen=True)
class Known:
    """What tells that an event touches a stack."""

    values: frozenset[str]
    ours: Ours  # who makes the calls of the stack's own runs


@dataclass
class Index:
    """What is known of each stack, by the name under which it is woken. Threads share it."""

    stacks: dict[str, Known] = field(default_factory=dict)
    _of: dict[str, frozenset[str]] = field(default_factory=dict)  # value -> stacks
    _lock: Lock = field(default_factory=Lock)

    def put(self, stack: str, known: Known) -> None:
        """Say what a stack has now, in the place of what it had."""
        with self._lock:
            before = self.stacks.get(stack)
            self.stacks[stack] = known
            for value in (before.values if before else frozenset()) - known.values:
                self._of[value] -= {stack}
                if not self._of[value]:
                    del self._of[value]
            for value in known.values:
                self._of[value] = self._of.get(value, frozenset()) | {stack}

    def find(self, heard: Heard) -> Mapping[str, bool]:
        """Return the stacks that an event touches, each with whether a run of its own made the call."""
        with self._lock:
            touched = {stack for value in heard.values for stack in self._of.get(value, ())}
            return {s: is_ours(self.stacks[s].ours, heard.agent, heard.principal) for s in sorted(touched)}


def know(report: DriftReport, principals: Iterable[str]) -> Known:
    """Return what is known of a stack after a round, given the ARNs of those who run this program for it.

    What is missing is known by its name, and what is new by the stack in its tags.
    """
    return Known(frozenset(_values(report)), Ours(report.scope.stack, frozenset(principals)))


def _values(report: DriftReport) -> Iterator[str]:
    yield report.scope.stack
    outputs = [*report.ids.values(), *(d.outputs for d in report.differences)]
    names = [*(a.name for a in report.ids), *(d.address.name for d in report.differences)]
    for value in [*names, *(value for each in outputs for value in each.values())]:
        if len(value) >= LEAST and not value.isdigit():
            yield value
