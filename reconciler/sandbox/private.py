"""An empty embedded AWS for this process alone, whose time advances only by `advance`."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

from moto.core.models import MockAWS
from moto.moto_api._internal import mock_random

from reconciler.sandbox import Clock, Profile, install
from reconciler.sandbox.no_files import NO_FILES

MIDNIGHT = 1_767_225_600.0  # Unix time of its virtual second 0, always: 1 January 2026, UTC


@contextmanager
def private(
    profile: Profile, seed: int = 0, given: frozenset[str] = frozenset(), account: str | None = None
) -> Iterator[Clock]:
    """Run the body with every AWS client of this process sent to an empty embedded AWS, and yield its clock.

    The same calls with the same seed get the same ids. `given` are ARNs and images that it has, see
    `sandbox.given`; `account` is the one that it is; None: 123456789012.
    """
    clock = Clock(speed=0, epoch=MIDNIGHT)
    mock_random.seed(seed)
    with _seeded(seed), _without_settings(), MockAWS():  # mock_aws() may be told to use a server
        install(profile, clock=clock, seed=seed, given=given, account=account)
        yield clock


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed Python's random numbers, which moto and botocore draw from, and restore the caller's afterwards."""
    state = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(state)


@contextmanager
def _without_settings() -> Iterator[None]:
    """Keep the user's settings of AWS and moto, variables and files, from moto's own boto3 sessions."""
    removed = {name: os.environ.pop(name) for name in [*os.environ] if name.startswith(("AWS_", "MOTO_"))}
    os.environ |= NO_FILES
    try:
        yield
    finally:
        for name in NO_FILES:
            del os.environ[name]
        os.environ.update(removed)
