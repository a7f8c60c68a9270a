"""Differences on a page, by resource: each with its values, who made it, and what becomes of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice

from reconciler.model.differences import name_of
from reconciler.model.drift import Attribution, Difference, Finding, Severity
from reconciler.render.html.authors import author
from reconciler.render.html.markup import Html, element
from reconciler.render.html.values import show_difference
from reconciler.render.html.when import moment

MOST = 200  # differences of one severity on a page; more are counted
FINDINGS = {Finding.MISSING: "missing", Finding.ORPHANED: "not in the file"}


@dataclass(frozen=True)
class Note:
    """What becomes of a difference, such as `waiting` with the window that it waits for."""

    what: str  # one word, which is also its class in the style
    words: str = ""
    at: str = ""  # when that was, or will be


@dataclass(frozen=True)
class Beside:
    """What is known about differences beside themselves, each by `Difference.key`."""

    who: Mapping[str, Attribution] = field(default_factory=dict)
    since: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, Sequence[Note]] = field(default_factory=dict)
    reason: str = ""  # why differences are left, if they do not say otherwise: it is told once, above them


def list_by_severity(differences: Sequence[Difference], beside: Beside) -> Iterator[Html]:
    """Yield a section for each severity that some have, the worst first."""
    for severity in Severity:
        if found := [d for d in differences if d.severity is severity]:
            heading = element("h3", severity.value, " ", element("span", f"{len(found):,}", class_="count"))
            yield element("section", heading, list_resources(found, beside), class_=f"severity {severity}")


def list_resources(differences: Sequence[Difference], beside: Beside) -> Html:
    """Return the differences, those of one resource together, each service's resources together."""
    ordered = sorted(differences, key=_place)
    groups = groupby(islice(ordered, MOST), key=_resource)
    more = len(ordered) - MOST
    rest = element("p", f"and {more:,} more, which the command line lists", class_="more") if more > 0 else None
    return element("div", (_show_resource([*group], beside) for _, group in groups), rest, class_="resources")


def _place(difference: Difference) -> tuple[str, str, str, str]:
    return difference.service or "", str(difference.address), difference.id, difference.path


def _resource(difference: Difference) -> tuple[str, str]:
    return str(difference.address), difference.id


def _show_resource(differences: Sequence[Difference], beside: Beside) -> Html:
    first = differences[0]
    kind, name = element("span", f"{first.address.kind}.", class_="kind"), first.address.name
    service = element("span", f"service {first.service}", class_="service") if first.service else None
    identity = element("span", first.id, class_="id") if first.id else None
    heading = element("h4", element("code", kind, name), service, identity)
    fields = (_show_field(d, beside) for d in differences)
    return element("article", heading, fields, class_="resource", data_key=":".join(_resource(first)))


def _show_field(difference: Difference, beside: Beside) -> Html:
    key = difference.key
    finding = FINDINGS.get(difference.finding)
    what = element("span", finding, class_="finding") if finding else element("code", _path(difference))
    values = show_difference(difference)
    return element(
        "div",
        element("div", what, element("p", difference.note) if difference.note else None, class_="path"),
        values,
        element("div", *_tell(difference, beside), class_="told"),
        class_="difference",
        data_key=key,
    )


def _path(difference: Difference) -> str:
    """Return the field and its keys; of an item only the field that holds it, as it is told beside it."""
    names = difference.where[:-1] if difference.item else ()
    return ".".join(map(name_of, names)) or difference.path


def _tell(difference: Difference, beside: Beside) -> Iterator[Html]:
    key = difference.key
    if key in beside.who:
        yield author(beside.who[key])
    if key in beside.since:
        yield element("p", "drifts since ", moment(beside.since[key], ago=True), class_="since")
    notes: Iterable[Note] = beside.notes.get(key, ())
    if difference.held and not notes:
        notes = (Note("held", difference.held),)
    yield from (show_note(note) for note in notes if note.at or note.words != beside.reason or not note.words)


def show_note(note: Note) -> Html:
    """Return a note: its word, and the others beside it."""
    at = (" (", moment(note.at, ago=True), ")") if note.at else None
    words = (" ", note.words) if note.words else None
    return element("p", element("b", note.what, class_=f"word {note.what}"), words, at, class_="note")
