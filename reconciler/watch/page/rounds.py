"""The last rounds of a stack: a strip, the newest at its right, and a list to unfold."""

from collections.abc import Iterator, Sequence

from reconciler.render.html.markup import Child, Html, between, element
from reconciler.render.html.when import format_moment, moment, parse
from reconciler.render.values import format_duration
from reconciler.watch.status import Round, RoundOutcome

CLASSES = {RoundOutcome.NOT_APPLIED: "pending", RoundOutcome.DRIFT: "availability"}


def show_rounds(rounds: Sequence[Round]) -> Iterator[Html]:
    """Yield the rounds, given the newest first."""
    if rounds:
        strip = element("span", map(_show_mark, rounds[::-1]), class_="strip", aria_hidden="true")
        summary = element("summary", element("h3", "Last rounds"), strip)
        lines = element("ul", map(_show_line, rounds), class_="lines")
        yield element("details", summary, lines, class_="aside", data_key="rounds")


def _show_mark(ended: Round) -> Html:
    when = parse(ended.at)
    said = f"{format_moment(when) if when else ended.at}: {ended.outcome}"
    return element("i", class_=_class(ended), title=said, data_key=ended.at)


def _class(ended: Round) -> str:
    worst = next(
        (severity.value for severity, number in sorted(ended.drift.items(), key=lambda d: d[0].rank) if number),
        None,
    )
    if ended.outcome is RoundOutcome.DRIFT and worst:
        return worst
    return CLASSES.get(ended.outcome, ended.outcome.value)


def _show_line(ended: Round) -> Html:
    word = element("b", ended.outcome.value, class_=f"word {_class(ended)}")
    head = element("p", moment(ended.at), " ", word)
    return element("li", head, element("div", between(", ", _said(ended)), class_="words"), data_key=ended.at)


def _said(ended: Round) -> Iterator[Child]:
    yield from (f"{number:,} {severity}" for severity, number in ended.drift.items() if number)
    yield f"{ended.corrected:,} corrected" if ended.corrected else None
    yield f"took {format_duration(ended.seconds)}"
    yield f"woken by {ended.woken_by}" if ended.woken_by else None
    yield ended.error or None
