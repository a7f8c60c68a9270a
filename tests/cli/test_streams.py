"""Streams that are closed, full or unread, in processes like those of a shell, on an embedded AWS."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from shop_file import FILE

from reconciler.cli.streams import FailsafeFile
from reconciler.sandbox import process

ROOT = Path(__file__).parents[2]
RECONCILER = f"{sys.executable} -m reconciler"
ALARMS = ("bug of the reconciler", "Traceback", "Exception ignored")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the platform file, and run an embedded AWS for this module alone."""
    folder = tmp_path_factory.mktemp("streams")
    path = folder / "platform.yaml"
    path.write_text(FILE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILER_STATE_DIR", str(folder / "state"))
        process.start()
        yield path
        process.stop()


@pytest.fixture(autouse=True)
def _empty(file: Path) -> None:
    process.reset()


def shell(command: str) -> tuple[int, str]:
    """Run a command line of bash with pipefail; return its exit code and its output."""
    done = subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; {command}"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def clusters() -> list[str]:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    ecs = boto3.client("ecs", endpoint_url=process.status().endpoint, region_name="us-east-1", **keys)
    return ecs.list_clusters()["clusterArns"]


@pytest.mark.parametrize(
    "streams",
    ["2>/dev/full", ">&-", "<&-", "<&- >&- 2>&-", "| true"],
)
def test_no_stream_decides_over_an_apply(file, streams):
    code, shown = shell(f"{RECONCILER} apply {file} --sandbox --yes --log-level debug {streams}")
    assert code == 0, shown
    assert not [alarm for alarm in ALARMS if alarm in shown]
    assert len(clusters()) == 1


@pytest.mark.parametrize("streams", ["| head -1", ">/dev/full"])
def test_a_plan_keeps_its_exit_code(file, streams):
    code, shown = shell(f"{RECONCILER} plan {file} --sandbox {streams}")
    assert code == 2, shown
    assert not [alarm for alarm in ALARMS if alarm in shown]


def test_a_usage_error_stays_one_and_help_stays_none():
    assert shell(f"{RECONCILER} plan --bogus 2>/dev/full") == (1, "")
    assert shell(f"{RECONCILER} plan --help | true") == (0, "")


def test_what_is_lost_of_a_result_is_told():
    assert shell(f"{RECONCILER} --version >/dev/full") == (0, "stdout is incomplete: No space left on device\n")


def test_no_file_gets_the_number_of_a_stream_that_was_closed():
    code = """
import os
from reconciler.cli.streams import failsafe_streams
with failsafe_streams():
    numbers = [os.open(os.devnull, os.O_RDONLY) for _ in range(3)]
    assert min(numbers) > 2, numbers
    print("to nobody")
"""
    assert shell(f"{sys.executable} -c '{code}' <&- >&- 2>&-") == (0, "")


def test_a_program_that_is_started_has_the_streams_that_were_closed():
    code = """
import subprocess, sys
from reconciler.cli.streams import failsafe_streams
with failsafe_streams():
    words = [sys.executable, "-c", "import os; [os.fstat(number) for number in range(3)]"]
    sys.exit(subprocess.run(words).returncode)
"""
    assert shell(f"{sys.executable} -c '{code}' <&- >&- 2>&-") == (0, "")


def test_what_an_encoding_lacks_becomes_a_question_mark_and_each_line_is_shown_at_once():
    code = """
import os
from reconciler.cli.streams import failsafe_streams
with failsafe_streams():
    print("done", chr(10003))
    os.write(1, b"later")
"""
    assert shell(f"PYTHONIOENCODING=ascii {sys.executable} -c '{code}'") == (0, "done ?\nlater")


def test_after_a_failure_nothing_more_is_written_though_it_could_be(tmp_path):
    path = tmp_path / "result"
    with path.open("wb") as file, FailsafeFile(os.dup(file.fileno()), "w") as failsafe:
        with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
            os.dup2(full.fileno(), failsafe.fileno())
        assert failsafe.write(b"lost") == 4
        os.dup2(file.fileno(), failsafe.fileno())
        assert failsafe.write(b"the rest") == 8
    assert path.read_bytes() == b""


def test_a_full_pipe_that_does_not_block_loses_nothing():
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    read = bytearray()

    def drain() -> None:
        while data := os.read(reads, 1 << 16):
            read.extend(data)

    reader = threading.Timer(0.2, drain)
    reader.start()
    left = memoryview(bytes(1 << 20))
    with FailsafeFile(writes, "w") as file:
        while left:
            written = file.write(left)
            assert written > 0  # a buffer above would take None or 0 for an error, or spin
            left = left[written:]
    reader.join()
    os.close(reads)
    assert len(read) == 1 << 20
