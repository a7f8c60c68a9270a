"""Begin the embedded AWS anew in the same process."""

import random

from moto.core.base_backend import BackendDict
from moto.moto_api._internal import mock_random

from reconciler.sandbox.clock import Clock
from reconciler.sandbox.world import World, call_lock, current, use


def seed_random(seed: int) -> None:
    """Seed moto's and Python's random numbers: the same calls in the same order get the same ids."""
    mock_random.seed(seed)
    random.seed(seed)


def reset() -> None:
    """Empty moto's backends and begin a new World with the same settings, whose random numbers begin anew.

    What files have named is forgotten.
    """
    with call_lock:
        BackendDict.reset()
        old = current()
        seed_random(old.seed)
        use(World(Clock(old.clock.speed), old.profile, old.seed, old.images))
