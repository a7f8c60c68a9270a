"""What the command line lets corrections of drift do, and whether they ask who made it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reconciler.model.drift import Severity

Who = Annotated[bool, typer.Option("--who", help="Ask CloudTrail who changed it, and when (20 s at most).")]


@dataclass(frozen=True)
class Allowed:
    """What the command line lets corrections do."""

    delete: bool = False
    replace: bool = False
    restart: bool = False
    only: str | None = None
    lease_wait: float | None = None  # seconds


def parse_severities(only: str | None) -> "frozenset[Severity] | None":
    """Return the severities of `security,availability`; None without such a text."""
    from reconciler.model.drift import Severity

    if only is None:
        return None
    words = [word.strip() for word in only.split(",")]
    if wrong := [word for word in words if word not in [*Severity]]:
        raise typer.BadParameter(f"--only: {wrong[0]!r} is no severity; they are {', '.join(Severity)}")
    return frozenset(map(Severity, words))
