"""At each request of a run a copy of this process is made, in which that request goes wrong; this one goes on."""

import gc
import json
import os
import signal
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ClientError, ConnectionClosedError
from moto.core.botocore_stubber import BotocoreStubber

from crash.faults import Fault, Faults, Request
from reconciler.sandbox.faults.answers import HEADER

LONGEST = 240  # seconds that a copy may take


@dataclass(frozen=True)
class Verdict:
    """How it ended: "" if all is as it should be; and after how many runs of the command."""

    said: str = ""
    runs: int = 1


Check = Callable[[], Verdict]


@dataclass
class Forks:
    """The copies of one run. `after_death`: the same command again, and what is then."""

    faults: Faults
    after_death: Check = Verdict
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="crash-")))
    points: list[tuple[Request, Fault]] = field(default_factory=list)
    inside: Fault | None = None  # of which copy this process is
    written: int = 0  # writes that were sent
    _seen: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _running: int = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While it is entered, requests are forked at."""
        send = BotocoreStubber.__call__

        def around(stub: Any, event_name: str, request: Any, **kwargs: Any) -> Any:
            return self._sent(lambda: send(stub, event_name, request, **kwargs), event_name, request)

        with patch.object(BotocoreStubber, "__call__", around):
            yield

    def _sent(self, send: Callable[[], Any], event_name: str, request: Any) -> Any:
        point = self._point(event_name.removeprefix("before-send."))
        if self.inside:
            return send()
        faults = self.faults(point)
        for fault in (f for f in faults if not f.done):
            if self._copy(point, fault):
                return self._answered(fault, send, request)
        response = send()
        for fault in (f for f in faults if f.done):
            if self._copy(point, fault):
                return self._answered(fault, send, request)
        return response

    def _point(self, operation: str) -> Request:
        writes = not Request(operation, 0, applying=False).reads
        self.written += writes
        applying = bool(self.written)
        self._seen[operation, applying] += 1
        return Request(operation, self._seen[operation, applying], applying)

    def _answered(self, fault: Fault, send: Callable[[], Any], request: Any) -> Any:
        """What comes back of a request that goes wrong. Sent with the header, AWS does nothing for it."""
        if fault.header:
            request.headers[HEADER] = fault.header
            return send()
        if fault.refusal:
            said = {"Code": fault.refusal, "Message": "not authorized"}
            raise ClientError({"Error": said}, self.points[-1][0].operation.split(".")[1])
        raise ConnectionClosedError(endpoint_url=request.url)

    def _copy(self, request: Request, fault: Fault) -> bool:
        """True in the copy, in which the run goes on; a copy that dies of it never comes back."""
        if self._running >= self.workers:
            self._wait()
        self.points.append((request, fault))
        if os.fork():
            self._running += 1
            return False
        signal.alarm(LONGEST)
        gc.disable()  # it does not live long: to look for garbage would only copy the memory it shares
        self.inside = fault
        if fault.dies:
            self.leave(self.after_death)
        return True

    def leave(self, check: Check) -> None:
        """The end of a copy."""
        try:
            verdict = check()
        except BaseException:  # noqa: BLE001 - told in the process that it is a copy of
            verdict = Verdict(traceback.format_exc())
        (self.folder / str(len(self.points))).write_text(json.dumps(asdict(verdict)))
        os._exit(0)

    def verdicts(self) -> Iterator[tuple[Request, Fault, Verdict]]:
        """How each copy ended, when all have."""
        while self._running:
            self._wait()
        for number, (request, fault) in enumerate(self.points, 1):
            path = self.folder / str(number)
            silent = Verdict("it ended without a word, or not in time")
            yield request, fault, Verdict(**json.loads(path.read_text())) if path.exists() else silent

    def _wait(self) -> None:
        os.wait()
        self._running -= 1
