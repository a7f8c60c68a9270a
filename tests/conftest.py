import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings
from moto import mock_aws

from reconciler.sandbox import World, install

pytest_plugins = ["tempo"]

# A busy machine is no reason to fail.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_xdist_auto_num_workers() -> int:
    """Run one worker more than there are cores: tests of processes wait for minutes and compute for seconds."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def _logs_as_at_first() -> Iterator[None]:
    """Undo the configuration of logs, which a command makes for its whole process."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Install an empty, calm embedded AWS in this process."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield install()
