"""How long the default platform takes with 50 ms on every AWS call; see README.md beside this.

Each command runs as a person runs it, in a process of its own, against an embedded AWS that nobody else uses.
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

LATENCY = 0.05  # seconds that every call takes longer
ROUNDS = 3  # of which the quickest counts: other programs only ever make it slower
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
    """Delays the calls of this process, and counts them."""

    calls: int = 0
    most: int = 0  # in flight at a time
    _flying: int = 0
    _lock: Lock = field(default_factory=Lock)

    def departs(self, **_: Any) -> None:
        with self._lock:
            self.calls += 1
            self._flying += 1
            self.most = max(self.most, self._flying)
        time.sleep(LATENCY)

    def arrives(self, **_: Any) -> None:
        with self._lock:
            self._flying -= 1

    def read(self) -> dict[str, float]:
        used = getrusage(RUSAGE_SELF)  # ru_maxrss is in KiB on Linux
        cpu = used.ru_utime + used.ru_stime
        return {"calls": self.calls, "most": self.most, "mib": used.ru_maxrss / 1024, "cpu": cpu}


def metered(file: str, *words: str) -> int:
    """The command line, delayed; what the meter reads in the end is written to the file."""
    from reconciler.cli import main  # noqa: PLC0415

    meter = Meter()
    if "--help" not in words:  # which would not import botocore
        from botocore import handlers  # noqa: PLC0415

        handlers.BUILTIN_HANDLERS += [("before-send", meter.departs), ("response-received", meter.arrives)]
    code = main(words)
    Path(file).write_text(json.dumps(meter.read()))
    return code


def timed(words: tuple[str, ...]) -> dict[str, float]:
    """One command in a process of its own."""
    with tempfile.NamedTemporaryFile() as file:
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, __file__, file.name, *words], capture_output=True, text=True, check=False
        )
        took = time.monotonic() - began
        if done.returncode not in (0, 2):
            raise SystemExit(done.stdout + done.stderr)
        return {"wall": took, **json.loads(Path(file.name).read_text())}


def longest_chain() -> int:
    """Calls of a fresh apply that can only be made one after the other; what settles beside them is left out."""
    from desired_state import DEFAULT_FILE, load  # noqa: PLC0415
    from reconciler.blueprint import blueprint  # noqa: PLC0415
    from reconciler.blueprint.facts import Facts  # noqa: PLC0415
    from reconciler.plan import plan  # noqa: PLC0415
    from reconciler.resources import KINDS  # noqa: PLC0415

    platform = load(DEFAULT_FILE, "dev123", environ={})
    specs = tuple(blueprint(platform, Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))))
    chains: dict[str, int] = {}
    for change in plan(KINDS, specs, (), platform.stack, specs).changes:  # in an order that could be kept
        before = max((chains[key] for key in change.after), default=0)
        chains[change.key] = before + sum(not step.settling for step in change.steps)
    return max(chains.values())


def best_of_all() -> dict[str, dict[str, float]]:
    """The quickest of each command."""
    from reconciler.sandbox import process  # noqa: PLC0415

    best: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as state:
        os.environ["RECONCILER_STATE_DIR"] = state
        process.start()
        try:
            for name, words in list(COMMANDS.items()) * ROUNDS:
                found = timed(words)
                if name not in best or found["wall"] < best[name]["wall"]:
                    best[name] = found
        finally:
            process.stop()
    return best


def main() -> None:
    best = best_of_all()
    print(f"{'':24}{'wall':>8}{'CPU':>8}{'calls':>7}{'at once':>9}{'memory':>10}")
    for name, m in best.items():
        print(f"{name:24}{m['wall']:6.2f} s{m['cpu']:6.2f} s{m['calls']:7}{m['most']:9}{m['mib']:6.0f} MiB")
    chain = longest_chain()
    times = best["apply --no-wait, fresh"]["wall"] / chain / LATENCY
    print(
        f"longest chain of a fresh apply: {chain} calls, {chain * LATENCY:.2f} s; the whole takes {times:.1f} times that"
    )
    print("what else the machine does, as load: {:.1f}, {:.1f}, {:.1f}".format(*os.getloadavg()))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    if sys.argv[1:]:
        sys.exit(metered(*sys.argv[1:]))
    main()
