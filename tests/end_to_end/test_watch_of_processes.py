"""A watch as a process: it hears of a changed file, goes on after a kill, and ends at once."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import SHOP

from reconciler.aws.client import Aws, connect
from reconciler.aws.lease import item
from reconciler.cli import main
from reconciler.sandbox import process
from reconciler.watch.memory import decode

ROOT = Path(__file__).parents[2]
BARE = SHOP.partition("services:")[0] + "load_balancer: none\ndashboard: false\n"
STACK = "shop/dev/us-east-1"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A platform without services, applied to an embedded AWS of its own."""
    monkeypatch.setenv("RECONCILER_STATE_DIR", str(tmp_path))
    process.start()
    path = tmp_path / "platform.yaml"
    path.write_text(BARE)
    assert main(["apply", str(path), "--sandbox", "--yes", "--log-level", "error"]) == 0
    yield path
    process.stop()


@pytest.fixture
def aws(file: Path) -> Aws:
    return connect("us-east-1", process.status().endpoint)


def watch(file: Path) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "reconciler", "watch", str(file), "--sandbox", "--json"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    return subprocess.Popen(line, env=environment, stdout=pipe, stderr=pipe, text=True, cwd=file.parent)


def next_news(watching: subprocess.Popen[str]) -> str:
    assert watching.stdout
    news: dict[str, Any] = json.loads(watching.stdout.readline())
    assert news["stack"] == STACK
    return str(news["news"])


def insights(aws: Aws, value: str) -> None:
    ecs = aws.client("ecs")
    (arn,) = ecs.list_clusters()["clusterArns"]
    ecs.update_cluster_settings(cluster=arn, settings=[{"name": "containerInsights", "value": value}])


def test_a_watch_that_was_killed_goes_on_where_it_was(file, aws):
    with watch(file) as killed:
        assert next_news(killed) == "no drift"
        insights(aws, "disabled")
        file.touch()
        assert next_news(killed).startswith("drift: ecs_cluster.")
        killed.kill()
    since = decode(item.read(aws.client("dynamodb"), STACK).memory).known
    assert len(since) == 1
    with watch(file) as again:
        assert next_news(again).startswith("drift: 1,")
        insights(aws, "enabled")
        file.touch()
        assert next_news(again).startswith("gone: ecs_cluster.")
        again.send_signal(signal.SIGTERM)
        _, said = again.communicate(timeout=60)
    assert again.returncode == 0
    assert f"{STACK}: clean at " in said
