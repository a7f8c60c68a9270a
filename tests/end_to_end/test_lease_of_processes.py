"""Several processes at once on one embedded AWS: one of them writes at a time, nothing is made twice, all end.

Each process has a tap between itself and the embedded AWS, which records when it sends a write. The time of
their lease passes ten times as fast.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from crash.tap import Tap, open_tap
from support import SHOP

from reconciler.aws.client import connect
from reconciler.sandbox import process

ROOT = Path(__file__).parents[2]
WAITING = ("--lease-wait", "10m")
DONE, REFUSED = 0, 1

Program = tuple[subprocess.Popen[str], Tap]


class Race:
    """A file, and the processes that were begun for it."""

    def __init__(self, folder: Path, open_until_the_end: ExitStack) -> None:
        self.file, self._stack = folder / "platform.yaml", open_until_the_end
        self.file.write_text(SHOP)
        self.programs = list[Program]()

    def begin(self, command: str, *options: str) -> Program:
        tap = self._stack.enter_context(open_tap())
        environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        environment |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "RECONCILER_STATE_DIR": tap.state_dir}
        line = [
            sys.executable,
            "-m",
            "crash.fast_lease",
            command,
            str(self.file),
            "--sandbox",
            *(() if command == "drift" else ("--yes",)),
            *options,
        ]
        program = subprocess.Popen(
            line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._stack.callback(program.kill)
        self.programs.append((program, tap))
        return program, tap

    def end(self) -> dict[int, list[str]]:
        """Wait until all have ended, and return what they said, by exit code."""
        said: dict[int, list[str]] = {}
        for program, _ in self.programs:
            out, _ = program.communicate(timeout=300)
            said.setdefault(program.returncode, []).append(out)
        return said

    def require_one_writer_at_a_time(self) -> None:
        spans = sorted((tap.writes[0], tap.writes[-1]) for _, tap in self.programs if tap.writes)
        assert spans
        assert all(end <= begun for (_, end), (begun, _) in pairwise(spans))


@pytest.fixture
def race(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Race]:
    monkeypatch.setenv("RECONCILER_STATE_DIR", str(tmp_path))
    process.start()
    with ExitStack() as stack:
        yield Race(tmp_path, stack)
    process.stop()


def count_vpcs() -> int:
    ec2 = connect("us-east-1", process.status().endpoint).client("ec2")
    return len(ec2.describe_vpcs(Filters=[{"Name": "tag-key", "Values": ["ecs-reconciler:stack"]}])["Vpcs"])


def test_of_eight_applies_at_once_one_builds_and_the_others_find_nothing_to_do(race):
    for _ in range(8):
        race.begin("apply", *WAITING)
    said = race.end()
    assert said.keys() == {DONE}
    assert sum("Nothing to do" in out for out in said[DONE]) == 7
    race.require_one_writer_at_a_time()
    assert count_vpcs() == 1


def test_an_apply_and_a_destroy_take_turns(race):
    for command in ("apply", "destroy", "apply", "destroy"):
        race.begin(command, *WAITING)
    assert race.end().keys() == {DONE}
    race.require_one_writer_at_a_time()
    assert count_vpcs() in (0, 1)


def test_without_patience_a_run_gives_way_to_one_that_lives(race):
    process.stop()
    process.start("real", speed=12)
    _, tap = race.begin("apply")
    assert tap.has_written.wait(120)
    for _ in range(3):
        race.begin("apply")
    said = race.end()
    assert len(said[DONE]) == 1
    assert len(said[REFUSED]) == 3
    assert all("another run of shop/dev/us-east-1 is under way: apply of " in out for out in said[REFUSED])
    race.require_one_writer_at_a_time()


def applied(race: Race) -> Any:
    """Apply the file, and return a client of ECS and the names of the cluster and of its service."""
    race.begin("apply", "--no-wait")
    assert race.end().keys() == {DONE}
    race.programs.clear()
    ecs = connect("us-east-1", process.status().endpoint).client("ecs")
    (cluster,) = ecs.list_clusters()["clusterArns"]
    (service,) = ecs.list_services(cluster=cluster)["serviceArns"]
    return ecs, cluster, service


def test_of_two_corrections_at_once_one_writes_and_both_find_nothing_left(race):
    ecs, cluster, service = applied(race)
    ecs.update_service(cluster=cluster, service=service, desiredCount=7)
    for _ in range(2):
        race.begin("drift", "--correct", *WAITING)
    said = race.end()
    assert said.keys() == {DONE}
    assert sum("1 corrected." in out for out in said[DONE]) == 1
    race.require_one_writer_at_a_time()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_correction_that_is_ended_leaves_the_rest_to_the_next_one(race, number, code):
    ecs, cluster, service = applied(race)
    ecs.update_service(cluster=cluster, service=service, desiredCount=7)
    first, tap = race.begin("drift", "--correct")
    assert tap.has_written.wait(120)
    first.send_signal(number)
    first.wait()
    last, _ = race.begin("drift", "--correct", *WAITING)
    assert race.end().keys() <= {code, DONE}  # the first may have been done by then
    assert last.returncode == DONE
    assert ecs.describe_services(cluster=cluster, services=[service])["services"][0]["desiredCount"] != 7


def end_by(number: signal.Signals, race: Race) -> dict[int, list[str]]:
    """Begin an apply, send it a signal once it has written, and return how it and a second one ended."""
    process.stop()
    process.start("real", speed=20)
    first, tap = race.begin("apply")
    assert tap.has_written.wait(120)
    first.send_signal(number)
    first.wait()
    race.begin("apply", "--no-wait")
    return race.end()


def test_after_a_kill_the_next_run_goes_on_by_itself(race):
    said = end_by(signal.SIGKILL, race)
    assert said.keys() == {-signal.SIGKILL, DONE}
    assert "waiting up to a minute, to see whether it lives" in said[DONE][0]
    race.require_one_writer_at_a_time()
    assert count_vpcs() == 1


def test_a_run_that_is_stopped_gives_it_back(race):
    said = end_by(signal.SIGTERM, race)
    assert said.keys() == {130, DONE}
    assert "another run" not in said[DONE][0]


def test_on_an_aws_that_fails_one_writes_at_a_time_too(race):
    process.stop()
    process.start("harsh", speed=60, seed=3)
    for _ in range(2):
        race.begin("apply", "--no-wait", *WAITING)
    race.end()
    race.require_one_writer_at_a_time()
    assert count_vpcs() == 1
