"""Compute how long a change waits between two tries.

Polls of rollouts are due in common rounds, as one question tells ten of them how they go on.
"""

import random
from collections.abc import Callable
from math import ceil

from reconciler.apply.execution import Execution

FIRST_DELAY, LONGEST_DELAY = 0.5, 15.0  # seconds after the first try, and after many
LONGEST_DELAYS = {"servicediscovery.operation_ended": 5.0}  # of one namespace, which all services wait for
MOST_DOUBLINGS = 10  # far more than the longest delay needs
JITTER = 0.5  # seconds at most, so that calls that failed together are not repeated together
LONGEST_ROUND = 4.0  # seconds: a poll of a rollout is late by fewer, and by at most half of its delay
RECOVERY_DELAY = 5.0  # seconds between the first two reads for a lost answer; then twice as many, and so on

Pace = Callable[[Execution], float]  # seconds until the next try


def pace(execution: Execution, chance: Callable[[], float] = random.random) -> float:
    """Return the seconds until the next try, which double each time. `chance` returns a number from 0 to 1."""
    if execution.answer_lost and execution.times_not_found:
        return RECOVERY_DELAY * execution.times_not_found
    doublings = min(max(0, execution.tries - 1), MOST_DOUBLINGS)
    longest = LONGEST_DELAYS.get(execution.steps[0].title, LONGEST_DELAY) if execution.steps else LONGEST_DELAY
    delay = min(longest, FIRST_DELAY * 2.0**doublings)
    return delay if execution.polls_rollout else delay + JITTER * chance()


def seconds_until_try(execution: Execution, pace: Pace, now: float) -> float:
    """Return the seconds until the next try, 0 until the first one.

    A rollout is not polled at once, when it can only have begun, and then when others are too.
    """
    if not execution.polls_rollout:
        return pace(execution) if execution.tries else 0
    delay = pace(execution)
    interval = min(LONGEST_ROUND, delay / 2)
    return ceil((now + delay) / interval) * interval - now if interval else 0
