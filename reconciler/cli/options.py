"""The options that commands share."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

DURATION_UNITS = {"s": 1, "m": 60, "h": 3600}  # seconds
TYPER_SETTINGS: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
}


def parse_duration(value: str) -> float:
    """Return the seconds of 30s, 10m or 1h."""
    if not (found := re.fullmatch(r"(\d+)([smh])", value)):
        raise typer.BadParameter(f"{value!r} is not a duration, such as 30s, 10m or 1h")
    return int(found[1]) * DURATION_UNITS[found[2]]


File = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", help="The platform file (default: desired_state/platform.yaml)."),
]
Env = Annotated[
    str | None,
    typer.Option("--env", metavar="NAME", help="Environment; overrides RECONCILER_ENV and the file."),
]
Sandbox = Annotated[bool, typer.Option("--sandbox", help="Use the embedded AWS; started if it is not running.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, everything else on stderr.")]
Calls = Annotated[bool, typer.Option("--calls", help="Show the AWS calls of each change.")]
ShowValues = Annotated[
    bool, typer.Option("--show-values", help="Show secrets in values; they are hidden otherwise.")
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Do not ask. Required for deletions where there is no terminal.")
]
AllowReplace = Annotated[
    bool, typer.Option("--allow-replace", help="Allow replacements; --yes does not cover them.")
]
NewEnvironment = Annotated[
    bool, typer.Option("--new-environment", help="Yes, this environment is new, whatever it looks like.")
]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Do not wait for rollouts and load balancers.")]
WaitForImages = Annotated[
    float | None,
    typer.Option(
        "--wait-for-images",
        parser=parse_duration,
        metavar="DURATION",
        help="How long to wait for images that are not pushed yet: 30s, 10m, 1h.",
    ),
]
LeaseWait = Annotated[
    float | None,
    typer.Option(
        "--lease-wait",
        parser=parse_duration,
        metavar="DURATION",
        help="How long to wait for another run of this stack to end: 30s, 10m, 1h.",
    ),
]
Correct = Annotated[bool, typer.Option("--correct", help="Put right what may be: see docs/drift.md.")]
Only = Annotated[
    str | None,
    typer.Option("--only", metavar="SEVERITIES", help="Correct these only, such as security,availability."),
]
AllowDelete = Annotated[
    bool, typer.Option("--allow-delete", help="Let corrections delete what the file does not have.")
]
AllowReplaceDrift = Annotated[
    bool, typer.Option("--allow-replace", help="Let corrections replace what cannot be changed in place.")
]
AllowRestart = Annotated[bool, typer.Option("--allow-restart", help="Let corrections start tasks anew.")]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"],
    typer.Option("--log-level", help="Minimum level of logs, on stderr."),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]
