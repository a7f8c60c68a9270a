"""One stack on the page: what is wrong with it, its drift, what becomes of it, and its last rounds."""

from collections.abc import Iterator
from datetime import datetime

from reconciler.model.correction import Ended
from reconciler.render.drift_html import notes_of, report_sections, show_applied, show_facts
from reconciler.render.drift_words import common_reason
from reconciler.render.html.differences import Beside, Note
from reconciler.render.html.markup import Child, Html, element
from reconciler.render.html.when import moment
from reconciler.watch.page.overview import anchor, say_corrects
from reconciler.watch.page.rounds import show_rounds
from reconciler.watch.page.states import is_stale, say_stack, say_state, stack_state
from reconciler.watch.status import StackStatus

QUIET = frozenset({"clean", "unread"})  # states in which a stack is folded


def show_stack(status: StackStatus, now: datetime) -> Html:
    """Return the section of a stack, open if there is something to see."""
    state = stack_state(status)
    summary = element(
        "summary",
        element("h2", status.stack),
        element("span", say_state(state), class_=f"state {state}"),
        element("span", "read ", moment(status.last_good, ago=True), class_="age")
        if status.last_good
        else None,
    )
    content = (
        *_alerts(status, now),
        element("p", say_stack(status), class_=f"verdict {state}"),
        *_details(status),
    )
    return element(
        "details",
        summary,
        content,
        class_="stack",
        id=anchor(status),
        data_key=status.stack,
        data_state=state,
        open=state not in QUIET or bool(status.file_error),
    )


def _alerts(status: StackStatus, now: datetime) -> Iterator[Html]:
    if status.last and status.last.error:
        yield _alert("The last round failed: ", status.last.error)
    if is_stale(status, now):
        yield _alert("Old: ", "no round was good since ", moment(status.last_good, ago=True))
    if status.file_error:
        yield _alert("The file as it is now is not used, but as it was when it was right: ", status.file_error)
    if status.paused:
        yield _alert("Paused: ", status.paused, class_="pending")


def _alert(title: str, *words: Child, class_: str = "failed") -> Html:
    return element("p", element("b", title), words, class_=f"alert {class_}")


def _details(status: StackStatus) -> Iterator[Html]:
    yield show_facts([*_facts(status)])
    yield from show_rounds(status.rounds)
    if status.report:
        reason = common_reason(status.report)
        beside = Beside(status.report.who, status.since, _notes(status), reason)
        yield from report_sections(
            status.report, beside, status.corrections, status.waiting, told=status.paused
        )


def _facts(status: StackStatus) -> Iterator[tuple[str, Child]]:
    yield "file", element("code", status.file) if status.file else None
    if status.report:
        yield "account", status.report.scope.account
        yield "last applied", show_applied(status.report.applied)
    yield "corrects", say_corrects(status)
    yield "next round", moment(status.next_at, ago=True) if status.next_at else "under way"


def _notes(status: StackStatus) -> dict[str, list[Note]]:
    """Return what becomes of differences. A correction that succeeded earlier says nothing of one seen now."""
    failed = [c for c in status.corrections if c.ended is not Ended.DONE]
    notes = notes_of(failed, status.waiting)
    for found in status.contested:
        times = "once" if found.times == 1 else f"{found.times:,} times"
        by = f" by {found.by}" if found.by else ""
        again = "; next correction" if found.next_at else ""
        note = Note("contested", f"corrected and changed again{by}, {times}{again}", found.next_at)
        notes.setdefault(found.key, []).insert(0, note)
    return notes
