"""Printing: results on stdout, all else on stderr; colours on a terminal only."""

import json
import os
import sys
from typing import Any, TextIO

import typer

from reconciler.model.printable import printable, printable_json

LINE_STYLES = {"+": "green", "~": "yellow", "-": "red", "±": "magenta", "?": "cyan", "✗": "red", "‖": "yellow"}


def print_message(message: str) -> None:
    """Print a message that is not part of the result, on stderr."""
    typer.echo(printable(message), err=True)


def print_text(text: str, stream: TextIO | None = None) -> None:
    """Print a rendered text, on stdout unless a stream is given; coloured line by line on a terminal."""
    text, stream = printable(text), stream or sys.stdout
    if not stream.isatty() or "NO_COLOR" in os.environ:
        typer.echo(text, file=stream, nl=False)
        return
    from rich.console import Console  # slow, and only a terminal needs it
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=True)
    for line in text.splitlines():
        console.print(Text(line, style=_style(line)))


def _style(line: str) -> str:
    heading = line[:1].isalpha() and line[-1].isalnum() and "  " not in line
    return LINE_STYLES.get(line.lstrip()[:1], "bold" if heading else "")


def print_json(document: Any) -> None:
    """Print the one JSON document of a run, on stdout."""
    typer.echo(printable_json(json.dumps(document, indent=2, ensure_ascii=False)))


def print_json_line(document: Any) -> None:
    """Print a JSON document on a line of its own, on stdout, at once: a program may read them as they come."""
    typer.echo(printable_json(json.dumps(document, ensure_ascii=False)))


def can_ask() -> bool:
    """Tell whether there is a person to ask. `sys.stdin` is None if the process was started without one."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str) -> bool:
    """Ask a question, and tell whether the answer is `yes`. A closed terminal counts as no."""
    typer.echo(f"{printable(question)} Only 'yes' is accepted: ", err=True, nl=False)
    try:
        return sys.stdin.readline().strip() == "yes"
    except (OSError, UnicodeDecodeError):
        return False
