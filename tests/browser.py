"""Headless Chromium, spoken to over a pipe by its DevTools protocol: no driver, no library, no port."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from time import monotonic
from typing import Any

PROGRAM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
]
PATIENCE = 30.0  # seconds
COMPLAINTS = ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")


@dataclass
class Browser:
    """One page. `heard` are the events that it sent."""

    read: int
    write: int
    session: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    _last: int = 0
    _rest: bytes = b""

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command, and return its answer."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        os.write(
            self.write,
            json.dumps(message | ({"sessionId": self.session} if self.session else {})).encode() + b"\0",
        )
        while True:
            answer = self._next()
            if answer.get("id") == self._last:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.heard.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select([self.read], [], [], PATIENCE)[0], "the browser is silent"
            read = os.read(self.read, 1 << 20)
            assert read, "the browser has ended"
            self._rest += read
        message, self._rest = self._rest.split(b"\0", 1)
        return dict(json.loads(message))

    def wait_for(self, method: str) -> None:
        """Wait for an event that was not heard yet."""
        while not any(event.get("method") == method for event in self.heard):
            self.heard.append(self._next())

    def open(self, url: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Open a page, as wide as this in CSS pixels, and wait until it is loaded."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        self.heard.clear()
        self.ask("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def run(self, code: str) -> Any:
        """Return the value of an expression in the page, which its policy does not bind."""
        answer = self.ask("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, code: str) -> None:
        """Wait until an expression is true."""
        end = monotonic() + PATIENCE
        check = f"new Promise(done => setTimeout(() => done(Boolean({code})), 20))"
        while not self.run(check):
            assert monotonic() < end, f"never true: {code}"

    @property
    def complaints(self) -> list[str]:
        """What the browser objected to: errors, violations of the policy, messages of scripts."""
        self.run("0")  # what was said before its answer is heard
        return [json.dumps(e["params"]) for e in self.heard if e.get("method") in COMPLAINTS]

    @property
    def requested(self) -> list[str]:
        """The URLs that the page asked for, itself included."""
        self.run("0")
        sent = [e["params"] for e in self.heard if e.get("method") == "Network.requestWillBeSent"]
        return [found["request"]["url"] for found in sent]

    def screenshot(self, file: Path, *, whole: bool = True) -> None:
        """Write a PNG of the whole page, or of what is seen of it."""
        import base64  # noqa: PLC0415  only people call this

        picture = self.ask("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        file.write_bytes(base64.b64decode(picture))


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Yield a browser whose profile is in this folder."""
    assert PROGRAM
    to_it, write = os.pipe()
    read, from_it = os.pipe()
    command = [
        "bash",
        "-c",
        f'exec "$@" 3<&{to_it} 4>&{from_it}',
        "-",
        PROGRAM,
        *FLAGS,
        f"--user-data-dir={folder}",
    ]
    log = (folder / "log").open("wb")
    with log, subprocess.Popen(command, pass_fds=(to_it, from_it), stdout=log, stderr=log) as process:
        os.close(to_it)
        os.close(from_it)
        try:
            found = Browser(read, write)
            target = found.ask("Target.createTarget", url="about:blank")["targetId"]
            found.session = found.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                found.ask(f"{domain}.enable")
            yield found
        finally:
            with suppress(AssertionError, OSError):
                found.session = ""
                found.ask("Browser.close")
                process.wait(PATIENCE)
            process.kill()
            os.close(read)
            os.close(write)
