"""A message about the drift of a stack, as data, and its forms: a line, a text, a JSON document."""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from reconciler.model.drift import Attribution, Severity
from reconciler.render.hostile import on_one_line

VERSION = 1  # of the JSON document; it rises when a key is removed or changes its meaning
MOST_TOLD = 20  # differences that a message tells one by one
LONGEST_KEY = 200  # characters of a difference's key, or of an author, in a message


class News(enum.StrEnum):
    """Says what a message tells."""

    APPEARED = "drift appeared"
    WORSE = "drift became worse"
    GONE = "drift is gone"
    FAILING = "rounds fail"
    WELL = "rounds are well again"
    TEST = "test"


WATCHING = (News.FAILING, News.WELL)  # of the watch itself, and not of drift


@dataclass(frozen=True)
class Told:
    """A difference, as a message tells it: never with its values, which may be secrets."""

    key: str  # see `Difference.key`
    severity: Severity
    finding: str = "changed"  # see `Finding`
    who: Attribution | None = None


@dataclass(frozen=True)
class Message:
    """One message. Its id stays the same however often it is sent."""

    news: News
    stack: str  # <platform>/<environment>/<region>
    at: str  # when it was found, as in 2026-11-27T22:14:03+00:00
    told: tuple[Told, ...] = ()  # the worst first
    open: int = 0  # differences that are there now, with those of this message
    words: str = ""  # why rounds fail
    id: str = field(default_factory=lambda: f"msg_{uuid4().hex}")

    @property
    def severity(self) -> Severity:
        """The worst of its differences. A stack that is not looked at is a matter of availability."""
        if self.news in WATCHING:
            return Severity.AVAILABILITY
        return min((told.severity for told in self.told), key=lambda s: s.rank, default=Severity.TAGS)


def title(message: Message) -> str:
    """Return a line of printable characters that says what has happened, and to which stack."""
    stack = on_one_line(message.stack)
    if message.news is News.TEST:
        return f"{stack}: a test of the notifications of drift"
    if message.news in WATCHING:
        return f"{stack}: {message.news.value}"
    number = len(message.told)
    what = f"{number} difference{'s' * (number != 1)}, {message.severity.value} at worst"
    return f"{stack}: {message.news.value} ({what})"


def describe(told: Told) -> str:
    """Return a difference in one line of printable characters."""
    who = told.who
    by = f", by {cut(who.actor)} at {cut(who.at)}" if who and who.actor else ""
    return f"{told.severity.value}: {cut(told.key)} ({told.finding}{by})"


def cut(text: str) -> str:
    """Return a text that others may have written as a part of one line, of bounded length."""
    return on_one_line(text if len(text) <= LONGEST_KEY else f"{text[: LONGEST_KEY - 1]}…")


def closing(message: Message) -> str:
    """Return how many differences there are now."""
    if message.news is News.TEST:
        return "Nothing has happened: somebody tried whether this arrives."
    if message.news is News.FAILING:
        return f"Whether it drifts is not known: {cut(message.words)}"
    if message.open == 1:
        return "There is one difference now."
    return f"There are {message.open} differences now." if message.open else "Nothing differs any more."


def text(message: Message, fits: Callable[[str], bool] = lambda _text: True) -> str:
    """Return the message as lines. As many differences are left out as `fits` asks for, and counted."""
    for number in range(min(MOST_TOLD, len(message.told)), -1, -1):
        found = "\n".join((title(message), *lines(message, number), closing(message)))
        if fits(found):
            return found
    return title(message)


def lines(message: Message, most: int) -> Sequence[str]:
    """Return a line for each of the first differences, and one for the number of the others."""
    told = [describe(each) for each in message.told[:most]]
    more = len(message.told) - len(told)
    return [*told, f"and {more} more"] if more else told


def document(message: Message) -> Mapping[str, Any]:
    """Return the message as the JSON document that a webhook receives."""
    return {
        "version": VERSION,
        "type": f"ecs-reconciler.{message.news.name.lower()}",
        "timestamp": message.at,
        "data": {
            "stack": message.stack,
            "news": message.news.value,
            "severity": message.severity.value,
            "open": message.open,
            "words": message.words,
            "differences": [_document_of(told) for told in message.told[:MOST_TOLD]],
            "more": max(0, len(message.told) - MOST_TOLD),
        },
    }


def _document_of(told: Told) -> Mapping[str, Any]:
    who = told.who
    found = {"key": told.key, "severity": told.severity.value, "finding": told.finding}
    return found | ({"by": who.actor, "at": who.at, "event": who.event} if who and who.actor else {})
