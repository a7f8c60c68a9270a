"""Commands on an AWS without lag, which must refuse no call in any order that the plan's edges allow."""

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
from crash.inventory import compare, take_inventory
from crash.orders import Order, keep_planned_order, reverse_dependencies, shuffle
from crash.results import Result
from crash.scenarios import SETTLED, Scenario, describe_failure, make_scenarios, prepare, run_undisturbed
from reconciler.aws.client import Aws
from reconciler.model.steps import Call, NotYet, Step
from reconciler.sandbox import REAL

STEADY = replace(
    REAL,
    name="steady",
    lag=0,
    iam_propagation=0,
    interface_lingers=0,
    address_held=0,
    certificate_held=0,
    zone_busy=0,
    service_linked_role=0,
    limits=False,
)
# A new rule may come before another rule has left its priority: only the `retry` of its call orders these.
ALLOWED_REFUSAL = "PriorityInUse"


def try_orders(count: int, seed: int) -> Iterator[Result]:
    """Run each scenario in the plan's order, in reverse, and in `count` shuffled orders."""
    tried = (keep_planned_order, reverse_dependencies, *map(shuffle, range(seed, seed + count)))
    for scenario in make_scenarios(Path(tempfile.mkdtemp(prefix="crash-"))):
        expected = run_undisturbed(scenario).inventory
        said = [_try_order(scenario, order, expected) for order in tried]
        failures = tuple(f"order {number}: {text}" for number, text in enumerate(said) if text)
        count = len(tried)
        yield Result(f"{scenario.name}, orders", count, 0, count, count, failures)


def _try_order(scenario: Scenario, order: Order, expected: Counter[str]) -> str:
    """Run the scenario in this order; return the problem, or ""."""
    with cloud(STEADY, order=order) as clock:
        prepare(scenario, clock)
        with _record_calls() as answers:
            ended = run(scenario.platform, clock, destroy=scenario.destroy, correct=scenario.correct)
        refused = [f"{step.operation}: {said.why}" for step, said in answers if isinstance(said, NotYet)]
        if not answers:
            return "no call was made"
        if wrong := describe_failure(ended) or "; ".join(
            text for text in refused if ALLOWED_REFUSAL not in text
        ):
            return wrong
        clock.advance(SETTLED)
        return compare(take_inventory(client), expected)


@contextmanager
def _record_calls() -> Iterator[list[tuple[Call, Any]]]:
    """Record the calls that are made inside the context, with their answers."""
    attempt, calls = Aws.attempt, list[tuple[Call, Any]]()

    def around(aws: Aws, step: Step, *rest: Any) -> Any:
        answer = attempt(aws, step, *rest)
        if isinstance(step, Call):
            calls.append((step, answer))
        return answer

    with patch.object(Aws, "attempt", around):
        yield calls
