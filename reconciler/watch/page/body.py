"""The whole page: all stacks in a table, the worst first, and below it each of them."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files

from reconciler.model.drift import Severity
from reconciler.render.drift_html import show_facts
from reconciler.render.html.document import document
from reconciler.render.html.markup import Child, Html, element, raw
from reconciler.render.html.verdict import show_counts
from reconciler.render.html.when import moment
from reconciler.watch.page.overview import show_overview
from reconciler.watch.page.stack import show_stack
from reconciler.watch.page.states import order_stacks, say_all
from reconciler.watch.status import WatchStatus

WITHOUT_SCRIPT = "30"  # seconds until the browser loads the page again


@cache
def script() -> str:
    """Return the script that refreshes the page, and tells how long ago things were."""
    return files(__package__).joinpath("page.js").read_text(encoding="utf-8")


def page_html(status: WatchStatus, now: datetime, *, turns: bool) -> str:
    """Return the page. `turns` tells whether the loop of the watch does; `now` decides what is old."""
    state, words = say_all(status)
    stacks = order_stacks(status.stacks)
    body = (
        element("p", id="lost", role="status", class_="alert failed", hidden=True),
        element(
            "main",
            element("header", *_header(status, state, words, turns=turns), class_="top"),
            show_overview(stacks, now) if stacks else None,
            element("div", (show_stack(stack, now) for stack in stacks), class_="stacks"),
            element("footer", element("p", f"ecs-reconciler {status.version}. This page changes nothing.")),
        ),
        element("script", raw(script())),
    )
    refresh = element("noscript", element("meta", http_equiv="refresh", content=WITHOUT_SCRIPT))
    return document(f"Drift: {words}", state, refresh, body)


def _header(status: WatchStatus, state: str, words: str, *, turns: bool) -> Iterator[Html]:
    yield element("h1", "Drift")
    yield element("p", words, class_=f"verdict {state}", role="status")
    if not turns:
        hangs = "The watch hangs: its loop has not turned for a while, and what is shown gets old."
        yield element("p", hangs, class_="alert failed")
    yield show_counts(_sum_counts(status))
    yield show_facts([*_facts(status)])


def _facts(status: WatchStatus) -> Iterator[tuple[str, Child]]:
    yield "watching since", moment(status.started, ago=True)
    yield "between rounds", status.events


def _sum_counts(status: WatchStatus) -> dict[Severity, int]:
    counts = [stack.counts() for stack in status.stacks]
    return {severity: sum(count[severity] for count in counts) for severity in Severity}
