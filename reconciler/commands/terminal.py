"""Where things are shown: results on stdout, all else on stderr; colours on a terminal only."""

import json
import os
import sys
from typing import Any, TextIO

import typer

STYLES = {"+": "green", "~": "yellow", "-": "red", "±": "magenta", "?": "cyan", "✗": "red", "‖": "yellow"}


def tell(words: str) -> None:
    """Something to know, on stderr."""
    typer.echo(words, err=True)


def show(text: str, stream: TextIO | None = None) -> None:
    """A rendered text, coloured line by line where a person looks at it."""
    stream = stream or sys.stdout
    if not stream.isatty() or "NO_COLOR" in os.environ:
        typer.echo(text, file=stream, nl=False)
        return
    from rich.console import Console  # noqa: PLC0415  slow, and only a terminal needs it
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=stream, highlight=False, soft_wrap=True)
    for line in text.splitlines():
        console.print(Text(line, style=_style(line)))


def _style(line: str) -> str:
    heading = line[:1].isalpha() and line[-1].isalnum() and "  " not in line
    return STYLES.get(line.lstrip()[:1], "bold" if heading else "")


def document(content: Any) -> None:
    """The one JSON document of a run, on stdout."""
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False))


def asks() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def agreed(question: str) -> bool:
    """Whether that person writes `yes`."""
    typer.echo(f"{question} Only 'yes' is accepted: ", err=True, nl=False)
    return sys.stdin.readline().strip() == "yes"
