"""Compute how long a change waits between two tries."""

import random
from collections.abc import Callable

from reconciler.apply.execution import Execution

FIRST_DELAY, LONGEST_DELAY = 0.5, 15.0  # seconds after the first try, and after many
LONGEST_DELAYS = {"servicediscovery.operation_ended": 5.0}  # of one namespace, which all services wait for
MOST_DOUBLINGS = 10  # far more than the longest delay needs
JITTER = 0.5  # seconds at most, so that calls that failed together are not repeated together
RECOVERY_DELAY = 5.0  # seconds between the first two reads for a lost answer; then twice as many, and so on

Pace = Callable[[Execution], float]  # seconds until the next try


def pace(execution: Execution, chance: Callable[[], float] = random.random) -> float:
    """Return the seconds until the next try, which double each time. `chance` returns a number from 0 to 1."""
    if execution.answer_lost and execution.times_not_found:
        return RECOVERY_DELAY * execution.times_not_found
    delay = FIRST_DELAY * 2.0 ** min(execution.tries - 1, MOST_DOUBLINGS)
    longest = LONGEST_DELAYS.get(execution.steps[0].title, LONGEST_DELAY) if execution.steps else LONGEST_DELAY
    return min(longest, delay) + JITTER * chance()
