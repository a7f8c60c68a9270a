"""All stacks in a table: state, drift by severity, since when, and how old that knowledge is."""

from collections.abc import Sequence
from datetime import datetime

from reconciler.model.drift import Severity
from reconciler.render.html.markup import Child, Html, element
from reconciler.render.html.when import moment
from reconciler.watch.page.states import first_since, is_stale, say_state, stack_state
from reconciler.watch.status import StackStatus

HEADINGS = ("stack", "state", *Severity, "drifts since", "read", "next round", "corrects")
NONE = "\N{EN DASH}"
FEWEST_TO_CHOOSE = 6  # stacks, from which on the page lets a person choose


def show_overview(stacks: Sequence[StackStatus], now: datetime) -> Html:
    """Return the table, and what a person can choose stacks with, which the script shows."""
    head = element("tr", (element("th", name, scope="col") for name in HEADINGS))
    rows = element("tbody", (_show_row(status, now) for status in stacks))
    table = element("table", element("thead", head), rows, class_="overview")
    return element(
        "section", _choice() if len(stacks) >= FEWEST_TO_CHOOSE else None, table, aria_label="All stacks"
    )


def _choice() -> Html:
    name = element("input", type="search", id="name", placeholder="part of a name", aria_label="stacks by name")
    box = element(
        "label", element("input", type="checkbox", id="unclean"), " only what is not as the file says"
    )
    return element("p", name, box, class_="choice", hidden=True, id="choice")


def _show_row(status: StackStatus, now: datetime) -> Html:
    state, since = stack_state(status), first_since(status)
    name = element("th", element("a", status.stack, href=f"#{anchor(status)}"), scope="row")
    counts = (
        _cell(severity.value, _count(number), severity if number else "none")
        for severity, number in status.counts().items()
    )
    stale = element("b", " old", class_="failed") if is_stale(status, now) else None
    return element(
        "tr",
        name,
        _cell("state", element("span", say_state(state), class_=f"state {state}")),
        counts,
        _cell("drifts since", _ago(since), None if since else "none"),
        _cell("read", (_ago(status.last_good), stale)),
        _cell("next round", _ago(status.next_at) if status.next_at else "under way"),
        _cell("corrects", say_corrects(status)),
        data_key=status.stack,
        data_state=state,
    )


def _cell(name: str, content: Child, class_: str | None = None) -> Html:
    return element("td", content, data_name=name, class_=class_)


def _count(number: int) -> str:
    return f"{number:,}" if number else NONE


def _ago(at: str) -> Child:
    return moment(at, ago=True) if at else NONE


def say_corrects(status: StackStatus) -> str:
    """Return what a stack's rounds may put right."""
    return "paused" if status.paused else status.corrects.replace("none", "nothing")


def anchor(status: StackStatus) -> str:
    """Return the id of the section of a stack."""
    return f"stack:{status.stack}"
