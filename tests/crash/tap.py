"""Between the program and the embedded AWS: at which moments it sends something, and when it begins to write."""

import json
import os
import re
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

CHUNK = 65_536  # bytes
# An operation in AWS's query and JSON protocols that is no question.
WRITES = re.compile(rb"(?:\bAction=|X-Amz-Target: [\w.]+\.)(?!Describe|Get|List|BatchGet)[A-Z]\w+")


@dataclass
class Tap:
    """`state`: the state directory with which a command goes through it."""

    state: str
    port: int  # of the embedded AWS
    sent: list[float] = field(default_factory=list)  # monotonic seconds
    writes: Event = field(default_factory=Event)  # it has begun to
    since: float | None = None  # and when

    def take(self, listening: socket.socket) -> None:
        """Each connection, until the socket is closed."""
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.port))
            Thread(target=self._pump, args=(near, far, self._note), daemon=True).start()
            Thread(target=self._pump, args=(far, near, lambda _data: None), daemon=True).start()

    def _note(self, data: bytes) -> None:
        self.sent.append(time.monotonic())
        if not self.writes.is_set() and WRITES.search(data):
            self.since = self.sent[-1]
            self.writes.set()

    def _pump(self, source: socket.socket, target: socket.socket, note: Callable[[bytes], None]) -> None:
        try:
            while data := source.recv(CHUNK):
                note(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            target.close()


@contextmanager
def tapped() -> Iterator[Tap]:
    """What runs with this state directory is told that the embedded AWS is at another port."""
    file = Path(os.environ["RECONCILER_STATE_DIR"]) / "sandbox.json"
    written = json.loads(file.read_text())
    with tempfile.TemporaryDirectory(prefix="crash-") as state, socket.create_server(("127.0.0.1", 0)) as taken:
        (Path(state) / file.name).write_text(json.dumps(written | {"port": taken.getsockname()[1]}))
        tap = Tap(state, written["port"])
        Thread(target=tap.take, args=(taken,), daemon=True).start()
        yield tap
        taken.shutdown(socket.SHUT_RDWR)
