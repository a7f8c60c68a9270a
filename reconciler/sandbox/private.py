"""An embedded AWS for this process alone, empty, whose time passes only where somebody lets it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from moto import mock_aws

from reconciler.sandbox import Clock, Profile, install


@contextmanager
def private(profile: Profile, seed: int = 0) -> Iterator[Clock]:
    """While it is entered, no client of this process reaches another AWS."""
    clock = Clock(speed=0)
    with _without_settings(), mock_aws():
        install(profile, clock=clock, seed=seed)
        yield clock


@contextmanager
def _without_settings() -> Iterator[None]:
    """Moto makes boto3 sessions of its own, which a person's profile would reach."""
    taken = {name: os.environ.pop(name) for name in [*os.environ] if name.startswith(("AWS_", "MOTO_"))}
    try:
        yield
    finally:
        os.environ.update(taken)
