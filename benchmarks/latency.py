"""Measure the commands on the default platform with 50 ms added to every AWS call; see README.md beside this.

Each command runs in a process of its own, against a private embedded AWS.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from threading import Lock
from typing import Any

LATENCY = 0.05  # seconds added to every call
ROUNDS = 3  # the quickest one counts, since other programs can only make a run slower
ON_DEV = ("--env", "dev123", "--sandbox")
COMMANDS = {
    "--help": ("--help",),
    "plan, nothing there": ("plan", *ON_DEV),
    "apply --no-wait, fresh": ("apply", "--yes", "--no-wait", *ON_DEV),
    "plan, empty": ("plan", *ON_DEV),
    "apply, empty": ("apply", "--yes", *ON_DEV),
    "destroy": ("destroy", "--yes", *ON_DEV),
}


@dataclass
class Meter:
    """Delays and counts the AWS calls of this process."""

    calls: int = 0
    most: int = 0  # calls in flight at the same time
    _in_flight: int = 0
    _lock: Lock = field(default_factory=Lock)

    def start_call(self, **_: Any) -> None:
        with self._lock:
            self.calls += 1
            self._in_flight += 1
            self.most = max(self.most, self._in_flight)
        time.sleep(LATENCY)

    def end_call(self, **_: Any) -> None:
        with self._lock:
            self._in_flight -= 1

    def read(self) -> dict[str, float]:
        used = getrusage(RUSAGE_SELF)  # ru_maxrss is in KiB on Linux
        cpu = used.ru_utime + used.ru_stime
        return {"calls": self.calls, "most": self.most, "mib": used.ru_maxrss / 1024, "cpu": cpu}


def run_metered(file: str, *words: str) -> int:
    """Run the command line with delayed calls, and write the readings of the meter to the file."""
    from reconciler.cli import main  # noqa: PLC0415

    meter = Meter()
    if "--help" not in words:  # the help does not import botocore
        from botocore import handlers  # noqa: PLC0415

        handlers.BUILTIN_HANDLERS += [("before-send", meter.start_call), ("response-received", meter.end_call)]
    code = main(words)
    Path(file).write_text(json.dumps(meter.read()))
    return code


def run_timed(words: tuple[str, ...]) -> dict[str, float]:
    """Run a command in a process of its own; return its readings and `wall`, its duration in seconds."""
    with tempfile.NamedTemporaryFile() as file:
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, __file__, file.name, *words], capture_output=True, text=True, check=False
        )
        took = time.monotonic() - began
        if done.returncode not in (0, 2):
            raise SystemExit(done.stdout + done.stderr)
        return {"wall": took, **json.loads(Path(file.name).read_text())}


def count_longest_chain() -> int:
    """Count the calls of a fresh apply that must follow each other, without settling steps."""
    from desired_state import DEFAULT_FILE, load  # noqa: PLC0415
    from reconciler.blueprint import blueprint  # noqa: PLC0415
    from reconciler.blueprint.facts import Facts  # noqa: PLC0415
    from reconciler.plan import plan  # noqa: PLC0415
    from reconciler.resources import KINDS  # noqa: PLC0415

    platform = load(DEFAULT_FILE, "dev123", environ={})
    specs = tuple(blueprint(platform, Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))))
    chains: dict[str, int] = {}
    for change in plan(KINDS, specs, (), platform.stack, specs).changes:  # dependencies come first
        before = max((chains[key] for key in change.after), default=0)
        chains[change.key] = before + sum(not step.settling for step in change.steps)
    return max(chains.values())


def run_all() -> dict[str, dict[str, float]]:
    """Run all commands in rounds, and return the readings of the quickest run of each."""
    from reconciler.sandbox import process  # noqa: PLC0415

    best: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as state:
        os.environ["RECONCILER_STATE_DIR"] = state
        process.start()
        try:
            for name, words in list(COMMANDS.items()) * ROUNDS:
                found = run_timed(words)
                if name not in best or found["wall"] < best[name]["wall"]:
                    best[name] = found
        finally:
            process.stop()
    return best


def main() -> None:
    best = run_all()
    print(f"{'':24}{'wall':>8}{'CPU':>8}{'calls':>7}{'at once':>9}{'memory':>10}")
    for name, m in best.items():
        print(f"{name:24}{m['wall']:6.2f} s{m['cpu']:6.2f} s{m['calls']:7}{m['most']:9}{m['mib']:6.0f} MiB")
    chain = count_longest_chain()
    times = best["apply --no-wait, fresh"]["wall"] / chain / LATENCY
    print(
        f"longest chain of a fresh apply: {chain} calls, {chain * LATENCY:.2f} s; the whole takes {times:.1f} times that"
    )
    print("load of the machine over 1, 5 and 15 minutes: {:.1f}, {:.1f}, {:.1f}".format(*os.getloadavg()))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    if sys.argv[1:]:
        sys.exit(run_metered(*sys.argv[1:]))
    main()
