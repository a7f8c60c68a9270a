"""As a person uses it: commands in processes of their own, on an embedded AWS in another one."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

RECONCILER = [sys.executable, "-m", "reconciler"]
DEFAULT = Path(__file__).parents[2] / "desired_state" / "platform.yaml"


class Shell:
    """A person's directory and environment, which has nothing of AWS in it but what leads astray."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mine = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "RECONCILER_"))}
        astray = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_PROFILE": "default", "AWS_REGION": "eu-west-1"}
        paths = {"XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": str(DEFAULT.parents[1])}
        self.environment = mine | astray | paths

    def run(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [*RECONCILER, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def begin(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*RECONCILER, *words], cwd=self.folder, env=self.environment, stderr=subprocess.PIPE, text=True
        )

    def client(self, service: str):
        status = json.loads(self.run("sandbox", "status", "--json"))
        assert status["running"]
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        return boto3.client(service, endpoint_url=status["endpoint"], region_name="us-east-1", **keys)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "desired_state").mkdir()
    (tmp_path / "desired_state" / "platform.yaml").write_text(DEFAULT.read_text())
    made = Shell(tmp_path)
    yield made
    made.run("sandbox", "stop")


def test_the_default_platform_from_nothing_to_nothing(shell):
    on_dev = ("--env", "dev123", "--sandbox")
    nothing = "Plan for ecs-services/dev123/us-east-1 in account 123456789012\n\nNothing to do.\n"
    assert "URL " in shell.run("apply", *on_dev, "--yes")
    assert shell.run("apply", *on_dev, "--yes").startswith(nothing)
    found = json.loads(shell.run("outputs", *on_dev, "--json"))
    assert found["ClusterName"] == "ecs-cluster-dev123"
    assert found["DiscoveryName.api-gateway"] == "api-gateway.services-dev123.local:8080"
    services = shell.client("ecs").list_services(cluster="ecs-cluster-dev123")["serviceArns"]
    assert len(services) == 3

    file = shell.folder / "desired_state" / "platform.yaml"
    file.write_text(
        file.read_text().replace("order-processor: {}", "order-processor: {environment: {MODE: fast}}")
    )
    told = shell.run("plan", *on_dev, code=2)
    assert "containers.order-processor.environment.MODE: none → fast" in told
    assert told.endswith("Plan: 2 to update; 2 AWS calls.\n")
    shell.run("apply", *on_dev)
    assert shell.run("plan", *on_dev) == nothing

    shell.run("destroy", *on_dev, code=1)
    shell.run("destroy", *on_dev, "--yes")
    assert shell.run("destroy", *on_dev) == nothing
    ours = [{"Key": "ecs-reconciler:stack", "Values": ["ecs-services/dev123/us-east-1"]}]
    tagged = shell.client("resourcegroupstaggingapi").get_resources(TagFilters=ours)["ResourceTagMappingList"]
    # ECS keeps what was, INACTIVE or STOPPED, for a time.
    assert [t["ResourceARN"] for t in tagged if ":ecs:" not in t["ResourceARN"]] == []
    assert shell.client("ecs").list_clusters()["clusterArns"] == []
    shell.run("outputs", *on_dev, code=1)


def test_a_stopped_apply_is_ended_by_the_next_one(shell):
    shell.run("sandbox", "start", "--profile", "real", "--speed", "20")
    with shell.begin("apply", "--sandbox", "--yes") as program:
        assert program.stderr is not None
        next(line for line in program.stderr if line.startswith("✓ create vpc"))
        program.send_signal(signal.SIGTERM)
        assert "stopping: finishing calls in flight" in program.stderr.read()
        assert program.wait(timeout=600) == 130
    assert "Plan: " in shell.run("plan", "--sandbox", code=2)
    shell.run("apply", "--sandbox", "--yes")
    assert shell.run("plan", "--sandbox").endswith("\n\nNothing to do.\n")
