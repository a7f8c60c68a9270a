"""The rows of an apply on a terminal: one for each change under way, as many as fit the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.model.printable import printable
from reconciler.render.under_way import Progress, UnderWay, summarize_progress, summarize_rate_waits

if TYPE_CHECKING:
    from rich.console import Group

LINES_LEFT_FREE = 2  # of the screen, for the prompt and what is printed above the rows
FEWEST_ROWS = 4


@dataclass(frozen=True)
class Row:
    """A row: what is done, for how many seconds, and what it waits for."""

    doing: str
    seconds: float | None = None  # None: a row about several changes
    said: str = ""


def choose_rows(progress: Progress, height: int, now: float) -> list[Row]:
    """Return the rows for a screen of so many lines.

    If the changes are too many, those that only wait for AWS's rates are counted, the oldest others are shown,
    and a row counts the rest.
    """
    room = max(FEWEST_ROWS, height - LINES_LEFT_FREE)
    under_way = progress.all_under_way()
    if len(under_way) <= room:
        return _rows(under_way, now)
    counts = summarize_rate_waits(under_way)[: room - 3]
    others = [one for one in under_way if not one.rate]
    shown = others[: room - len(counts) - 2]
    more = [f"{len(others) - len(shown):,} more"] if len(shown) < len(others) else []
    return [*_rows(shown, now), *map(Row, (*more, *counts, summarize_progress(progress).partition(";")[0]))]


def _rows(under_way: Sequence[UnderWay], now: float) -> list[Row]:
    return [Row(one.doing, now - one.begun, _say(one)) for one in under_way]


def _say(one: UnderWay) -> str:
    """Return what a change has left of many things, and what it waits for."""
    return "; ".join(words for words in (one.left, one.said.partition("\n")[0]) if words)


def draw_rows(rows: Sequence[Row], width: int, turning: str) -> "Group":
    """Return the rows for rich, each on one line, with aligned times; `turning` shows that it lives."""
    from rich.console import Group  # noqa: PLC0415  slow, and only a terminal needs it
    from rich.text import Text  # noqa: PLC0415

    aligned = min(max((len(row.doing) for row in rows if row.seconds is not None), default=0), width // 2)
    return Group(
        *(
            Text.assemble(
                printable(f"{turning} {row.doing:{aligned}} {_elapsed(row.seconds)} "),
                (printable(row.said), "dim"),
                no_wrap=True,
                overflow="ellipsis",
            )
            if row.seconds is not None
            else Text(printable(f"  {row.doing}"), "dim", no_wrap=True, overflow="ellipsis")
            for row in rows
        )
    )


def _elapsed(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
