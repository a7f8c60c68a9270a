"""A sample of the crash test, the same each time: `make crash-test` tries all of it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNTED = re.compile(
    r"^(?P<name>\S.*?) +(?P<points>[\d,]+) points, .*; +(?P<good>[\d,]+) of +(?P<tried>[\d,]+) converged"
)


def crash(*options: str) -> dict[str, tuple[int, int, int]]:
    """Run the crash test; return the numbers of points, right endings and tried ones, by part."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    environment.pop("COVERAGE_PROCESS_CONFIG", None)  # forks end without reporting: it would only slow them
    done = subprocess.run(
        [sys.executable, "-m", "crash", *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,  # a limit for what hangs: a busy machine takes several times longer
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counted = [found for line in done.stdout.splitlines() if (found := COUNTED.match(line))]
    return {c["name"]: (_number(c["points"]), _number(c["good"]), _number(c["tried"])) for c in counted}


def _number(told: str) -> int:
    return int(told.replace(",", ""))


@pytest.mark.parametrize(
    ("options", "tried"),
    [
        (("--part", "orders", "--orders", "1"), 17),
        (("--part", "points", "--every", "72"), 23),
        (("--part", "kills", "--kills", "2"), 1),
        (("--part", "platforms", "--platforms", "3"), 1),
    ],
    ids=["orders", "points", "kills", "platforms"],
)
def test_what_goes_wrong_anywhere_is_mended_by_the_same_command(options: tuple[str, ...], tried: int):
    found = crash(*options)
    assert len(found) == tried + 1, "and all of it together"
    for name, (points, good, endings) in found.items():
        assert points > 0, name
        assert good == endings > 0, name
