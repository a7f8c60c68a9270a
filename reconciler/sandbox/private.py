"""An embedded AWS for this process alone, empty, whose time passes only where somebody lets it."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

from moto import mock_aws
from moto.moto_api._internal import mock_random

from reconciler.sandbox import Clock, Profile, install

MIDNIGHT = 1_767_225_600.0  # when it begins, always: 1 January 2026, UTC


@contextmanager
def private(profile: Profile, seed: int = 0) -> Iterator[Clock]:
    """While it is entered, no client of this process reaches another AWS. A seed brings the same ids again."""
    clock = Clock(speed=0, epoch=MIDNIGHT)
    mock_random.seed(seed)
    with _chance_of_its_own(seed), _without_settings(), mock_aws():
        install(profile, clock=clock, seed=seed)
        yield clock


@contextmanager
def _chance_of_its_own(seed: int) -> Iterator[None]:
    """Seeds what moto and botocore draw of Python's own; what the caller drew from goes on as it was."""
    state = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(state)


@contextmanager
def _without_settings() -> Iterator[None]:
    """Moto makes boto3 sessions of its own, which a person's profile would reach."""
    taken = {name: os.environ.pop(name) for name in [*os.environ] if name.startswith(("AWS_", "MOTO_"))}
    try:
        yield
    finally:
        os.environ.update(taken)
