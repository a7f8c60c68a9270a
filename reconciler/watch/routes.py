"""What is answered at each path."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from reconciler.watch.answer import Answer, Respond
from reconciler.watch.board import Board
from reconciler.watch.metrics import CONTENT_TYPE, Metrics, format_metrics
from reconciler.watch.page import Page


def make_routes(
    board: Board, metrics: Metrics, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Respond:
    """Return the function that answers: the page, the metrics, and whether the watch lives and is ready."""
    page = Page(board, now)

    def respond(path: str, headers: Mapping[str, str]) -> Answer:
        match path:
            case "/":
                return page.answer(headers.get("if-none-match", ""))
            case "/metrics":
                return Answer(HTTPStatus.OK, format_metrics(metrics), {"Content-Type": CONTENT_TYPE})
            case "/healthz":
                return _tell("the loop turns" if board.turns else "", "the loop has not turned for a while")
            case "/readyz":
                ready = "the first round of each stack has ended" if board.status.ready else ""
                return _tell(ready, "the first rounds are under way")
        return Answer(HTTPStatus.NOT_FOUND, "there are /, /metrics, /healthz and /readyz\n")

    return respond


def _tell(good: str, bad: str) -> Answer:
    status = HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE
    return Answer(status, f"{good or bad}\n")
