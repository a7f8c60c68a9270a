from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.moto_api._internal import mock_random

from reconciler.sandbox import Clock, World, install


@pytest.fixture
def clock() -> Clock:
    return Clock(speed=0)


@pytest.fixture
def aws(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A calm embedded AWS on a clock that only tests move. A test may `install` another profile over it.

    Its ids and addresses are the same in every run, so that an address that a test writes down is never taken.
    """
    mock_random.seed(0)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield install(clock=clock)


@cache
def _client(service: str) -> Any:
    """Return one client for all tests: creating it takes longer than most tests."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, region_name="us-east-1", **keys)


@pytest.fixture
def client(aws: World) -> Callable[[str], Any]:
    return _client
