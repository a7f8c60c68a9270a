"""The page that a person can leave open. It is made again only when what it shows has changed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from threading import Lock
from typing import Any

from reconciler.render.html.document import CLOSED, hash_of, style
from reconciler.watch.answer import Answer
from reconciler.watch.board import Board
from reconciler.watch.page.body import page_html, script
from reconciler.watch.page.states import is_stale

POLICY = (
    f"{CLOSED}; style-src {hash_of(style())}; script-src {hash_of(script())}; connect-src 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@dataclass
class Page:
    """The page of a board. Threads share it."""

    board: Board
    now: Callable[[], datetime]
    _made_of: tuple[Any, ...] = ()
    _html: str = ""
    _lock: Lock = field(default_factory=Lock)

    def answer(self, known: str) -> Answer:
        """Return the page, or that it is still the one whose tag is `known`."""
        html = self._render()
        tag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY, "ETag": tag}
        if known == tag:
            return Answer(HTTPStatus.NOT_MODIFIED, "", headers)
        return Answer(HTTPStatus.OK, html, headers)

    def _render(self) -> str:
        status, turns, now = self.board.status, self.board.turns, self.now()
        stale = tuple(is_stale(stack, now) for stack in status.stacks)
        made_of = (status.version, status.started, status.events, turns, stale)
        with self._lock:
            if not self._html or made_of != self._made_of[1:] or status.stacks is not self._made_of[0]:
                self._html = page_html(status, now, turns=turns)
                self._made_of = (status.stacks, *made_of)
            return self._html
