"""A tap between the program and the embedded AWS; it records when data is sent and when writing begins."""

import json
import os
import re
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

CHUNK = 65_536  # bytes
# A write operation in AWS's query and JSON protocols, other than one of the lease.
WRITES = re.compile(
    rb"(?:\bAction=|X-Amz-Target: (?!DynamoDB_)[\w.]+\.)(?!Describe|Get|List|BatchGet|Scan)[A-Z]\w+"
)


@dataclass
class Tap:
    """A tap; commands with the state directory `state_dir` go through it."""

    state_dir: str
    port: int  # of the embedded AWS
    sent: list[float] = field(default_factory=list)  # monotonic seconds
    has_written: Event = field(default_factory=Event)  # set at the first write
    writes: list[float] = field(default_factory=list)  # monotonic seconds, one for each chunk with a write

    def accept(self, listening: socket.socket) -> None:
        """Accept connections until the socket is closed."""
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.port))
            Thread(target=self._relay, args=(near, far), daemon=True).start()

    def _relay(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            back = Thread(target=self._pump, args=(far, near, lambda _data: None), daemon=True)
            back.start()
            self._pump(near, far, self._note)
            back.join()

    def _note(self, data: bytes) -> None:
        self.sent.append(time.monotonic())
        if WRITES.search(data):
            self.writes.append(self.sent[-1])
            self.has_written.set()

    def _pump(self, source: socket.socket, target: socket.socket, note: Callable[[bytes], None]) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                note(data)
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@contextmanager
def open_tap() -> Iterator[Tap]:
    """Open a tap on another port, with a state directory that names this port as that of the embedded AWS."""
    file = Path(os.environ["RECONCILER_STATE_DIR"]) / "sandbox.json"
    written = json.loads(file.read_text())
    with (
        tempfile.TemporaryDirectory(prefix="crash-") as state_dir,
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        (Path(state_dir) / file.name).write_text(json.dumps(written | {"port": listening.getsockname()[1]}))
        tap = Tap(state_dir, written["port"])
        Thread(target=tap.accept, args=(listening,), daemon=True).start()
        yield tap
        listening.shutdown(socket.SHUT_RDWR)
