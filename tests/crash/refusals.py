"""Commands on an AWS that shows everything at once: where the order is right, it refuses nothing, whatever comes first."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from support import client

from crash.cloud import cloud, run
from crash.inventory import compared, inventory
from crash.orders import Order, as_planned, shuffled, upside_down
from crash.results import Result
from crash.scenarios import SETTLED, Scenario, prepare, said_of, scenarios, undisturbed
from reconciler.aws.client import Aws
from reconciler.model.steps import Call, NotYet, Step
from reconciler.sandbox import REAL

STEADY = replace(REAL, name="steady", lag=0, iam_propagation=0, interface_lingers=0, limits=False)
# A new rule may come before one that stays has moved away from its priority: only its call's `retry` orders these.
MOVES = "PriorityInUse"


def orders(count: int, seed: int) -> Iterator[Result]:
    """Each scenario in the plan's order, upside down, and shuffled so many times."""
    tried = (as_planned, upside_down, *map(shuffled, range(seed, seed + count)))
    for scenario in scenarios(Path(tempfile.mkdtemp(prefix="crash-"))):
        expected = undisturbed(scenario).things
        said = [_refused(scenario, order, expected) for order in tried]
        failures = tuple(f"order {number}: {text}" for number, text in enumerate(said) if text)
        count = len(tried)
        yield Result(f"{scenario.name}, orders", count, 0, count, count, failures)


def _refused(scenario: Scenario, order: Order, expected: Counter[str]) -> str:
    """What was not as it should be, if the scenario runs in this order."""
    with cloud(STEADY, order=order) as clock:
        prepare(scenario, clock)
        with _listening() as answers:
            ended = run(scenario.platform, clock, destroy=scenario.destroy)
        refused = [f"{step.operation}: {said.why}" for step, said in answers if isinstance(said, NotYet)]
        if not answers:
            return "no call was made"
        if wrong := said_of(ended) or "; ".join(text for text in refused if MOVES not in text):
            return wrong
        clock.advance(SETTLED)
        return compared(inventory(client), expected)


@contextmanager
def _listening() -> Iterator[list[tuple[Call, Any]]]:
    """The calls that a run makes while it is entered, and how AWS answers them."""
    attempt, heard = Aws.attempt, list[tuple[Call, Any]]()

    def around(aws: Aws, step: Step, *rest: Any) -> Any:
        answer = attempt(aws, step, *rest)
        if isinstance(step, Call):
            heard.append((step, answer))
        return answer

    with patch.object(Aws, "attempt", around):
        yield heard
