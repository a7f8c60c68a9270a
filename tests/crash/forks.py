"""Forking this process at each request of a run: the request goes wrong in the copy, this process goes on."""

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

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ConnectionClosedError
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

from crash.faults import Fault, Faults, Request
from reconciler.sandbox.faults.answers import FAULT_HEADER

COPY_TIMEOUT = 240  # seconds that a copy may take


@dataclass(frozen=True)
class Verdict:
    """The problem that a copy ended with, "" if none, and the number of runs of the command."""

    problem: str = ""
    runs: int = 1


Check = Callable[[], Verdict]


@dataclass
class Forks:
    """The copies of one run; `after_death` repeats the command of a process that died, and checks it."""

    faults: Faults
    after_death: Check = Verdict
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="crash-")))
    points: list[tuple[Request, Fault]] = field(default_factory=list)
    inside: Fault | None = None  # the fault of the copy that this process is
    written: int = 0  # number of writes that were sent
    _seen: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _copies: int = 0

    @contextmanager
    def fork_at_requests(self) -> Iterator[None]:
        """Fork at each request that is made inside the context."""
        send = BotocoreStubber.__call__

        def around(stub: Any, event_name: str, request: Any, **kwargs: Any) -> Any:
            return self._send(lambda: send(stub, event_name, request, **kwargs), event_name, request)

        with patch.object(BotocoreStubber, "__call__", around):
            yield

    def _send(self, send: Callable[[], Any], event_name: str, request: Any) -> Any:
        point = self._count_request(event_name.removeprefix("before-send."))
        if self.inside:
            return send()
        faults = self.faults(point)
        for fault in (f for f in faults if not f.done):
            if self._fork(point, fault):
                return self._answer(fault, send, request)
        response = send()
        for fault in (f for f in faults if f.done):
            if self._fork(point, fault):
                return self._answer(fault, send, request)
        return response

    def _count_request(self, operation: str) -> Request:
        request = Request(operation, 0, applying=False)
        writes = not (request.is_read or request.is_of_lease)
        self.written += writes
        applying = bool(self.written)
        self._seen[operation, applying] += 1
        return Request(operation, self._seen[operation, applying], applying)

    def _answer(self, fault: Fault, send: Callable[[], Any], request: Any) -> Any:
        """Answer a request that goes wrong. With the header, the embedded AWS does not carry it out."""
        if fault.header:
            request.headers[FAULT_HEADER] = fault.header
            return send()
        if fault.refusal:
            error = {"Code": fault.refusal, "Message": fault.name}
            raise ClientError({"Error": error}, self.points[-1][0].operation.split(".")[1])
        if fault.page:
            page = MockRawResponse(b"<!DOCTYPE html><html><title>Blocked</title></html>")
            return AWSResponse(request.url, 200, {"content-type": "text/html"}, page)
        raise ConnectionClosedError(endpoint_url=request.url)

    def _fork(self, request: Request, fault: Fault) -> bool:
        """Fork; return True in the copy if the run goes on in it. A copy whose process dies never returns."""
        if self._copies >= self.workers:
            self._wait()
        self.points.append((request, fault))
        if os.fork():
            self._copies += 1
            return False
        signal.alarm(COPY_TIMEOUT)
        gc.disable()  # a copy is short-lived, and collecting garbage would only copy the shared memory
        self.inside = fault
        if fault.dies:
            self.end_copy(self.after_death)
        return True

    def end_copy(self, check: Check) -> None:
        """End a copy, and leave the verdict of this check for the parent process."""
        try:
            verdict = check()
        except BaseException:  # noqa: BLE001 - the parent process reports it
            verdict = Verdict(traceback.format_exc())
        (self.folder / str(len(self.points))).write_text(json.dumps(asdict(verdict)))
        os._exit(0)

    def collect_verdicts(self) -> Iterator[tuple[Request, Fault, Verdict]]:
        """Wait for all copies, and yield the verdict of each."""
        while self._copies:
            self._wait()
        for number, (request, fault) in enumerate(self.points, 1):
            path = self.folder / str(number)
            silent = Verdict("it ended without a word, or not in time")
            yield request, fault, Verdict(**json.loads(path.read_text())) if path.exists() else silent

    def _wait(self) -> None:
        os.wait()
        self._copies -= 1
