"""Run a command line in a process of its own, with every AWS call delayed and logged."""

import os
import runpy
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from private import run_used

Call = tuple[str, str]  # service and operation, as boto3 and AWS name them


@dataclass(frozen=True)
class Metered:
    """What a command took: seconds since its start, MiB, and its AWS calls, repeated ones included."""

    wall: float
    cpu: float
    mib: float
    calls: Mapping[Call, int]
    most: int  # calls in flight at the same time
    throttled: int  # calls that AWS refused because there were too many
    last_sent: Mapping[Call, float]  # when the last call of each operation was sent

    @property
    def total(self) -> int:
        return sum(self.calls.values())


def run_metered(words: Sequence[str], latency: float = 0) -> Metered:
    """Run `python -m reconciler` with these words and this many seconds added to every AWS call.

    Ends this program if the command fails.
    """
    with tempfile.NamedTemporaryFile("r") as log:
        began = time.monotonic()
        used = run_used((sys.executable, __file__, log.name, str(latency), *words))
        lines = [line.split() for line in log]
    sent = [(service, operation, float(at)) for what, service, operation, at in lines if what == "sent"]
    ended = {"sent": 1, "answered": -1, "throttled": -1}
    return Metered(
        **used,
        calls=Counter((service, operation) for service, operation, _ in sent),
        most=max(accumulate((ended[what] for what, *_ in lines)), default=0),
        throttled=sum(what == "throttled" for what, *_ in lines),
        last_sent={(service, operation): at - began for service, operation, at in sent},
    )


def _main(log: str, latency: str, *words: str) -> None:
    """Run the command line as `python -m reconciler` does, to its very end."""
    sys.argv = ["reconciler", *words]
    if "--help" not in words:  # the help does not import botocore
        _meter(_write_to(log), float(latency))
    runpy.run_module("reconciler", run_name="__main__", alter_sys=True)


def _write_to(log: str) -> Callable[[str], object]:
    """Return a function that appends a line at once: the process may end without flushing anything."""
    file = os.open(log, os.O_WRONLY | os.O_APPEND)
    return lambda line: os.write(file, f"{line} {time.monotonic()}\n".encode())


def _meter(write: Callable[[str], object], latency: float) -> None:
    """Let every client of this process write down and delay its calls."""
    from botocore import handlers  # noqa: PLC0415
    from botocore.utils import CLIENT_NAME_TO_HYPHENIZED_SERVICE_ID_OVERRIDES  # noqa: PLC0415

    names = {event: name for name, event in CLIENT_NAME_TO_HYPHENIZED_SERVICE_ID_OVERRIDES.items()}

    def tell(what: str, event_name: str) -> None:
        _, service, operation = event_name.split(".")
        write(f"{what} {names.get(service, service)} {operation}")

    def send(event_name: str, **_: object) -> None:
        tell("sent", event_name)
        time.sleep(latency)

    def answer(event_name: str, parsed_response: dict[str, dict[str, str]] | None, **_: object) -> None:
        code = (parsed_response or {}).get("Error", {}).get("Code", "")
        is_throttled = code.startswith(("Throttl", "RequestLimitExceeded"))
        tell("throttled" if is_throttled else "answered", event_name)

    handlers.BUILTIN_HANDLERS += [("before-send", send), ("response-received", answer)]


if __name__ == "__main__":
    _main(*sys.argv[1:])
