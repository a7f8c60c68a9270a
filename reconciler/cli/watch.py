"""`watch`: look for drift for ever, in one process for several files and environments."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.drift_allowed import Allowed, Who, parse_severities
from reconciler.cli.failures import run
from reconciler.cli.options import (
    AllowDelete,
    AllowReplaceDrift,
    AllowRestart,
    Correct,
    Debug,
    LogLevel,
    Only,
    Sandbox,
    parse_duration,
)
from reconciler.cli.target import find_target

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORTEST = 60  # seconds between two rounds: AWS's rates are shared with everybody in the account

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE", help="Platform files (default: desired_state/platform.yaml)."),
]
Envs = Annotated[
    list[str] | None,
    typer.Option("--env", metavar="NAME", help="Environment of each file; may be given several times."),
]
Every = Annotated[
    float,
    typer.Option(
        "--every",
        parser=parse_duration,
        metavar="DURATION",
        help="Time between two rounds, at least 60s: 5m, 1h.",
    ),
]
ListenAt = Annotated[
    str | None,
    typer.Option("--listen", metavar="ADDRESS", help="Serve a page and metrics, at 127.0.0.1:8080, say."),
]
ListenUnsafe = Annotated[
    bool,
    typer.Option("--listen-unsafe", help="Allow an address that other machines reach: there is no log-in."),
]
Events = Annotated[
    str | None,
    typer.Option("--events", metavar="QUEUE_URL", help="Read events of AWS from this queue of SQS."),
]
JsonLines = Annotated[bool, typer.Option("--json", help="One JSON object for each line.")]


def watch(
    files: Files = None,
    envs: Envs = None,
    sandbox: Sandbox = False,
    every: Every = "5m",  # type: ignore[assignment]  # typer parses it like what a person writes
    listen: ListenAt = None,
    listen_unsafe: ListenUnsafe = False,
    who: Who = False,
    correct: Correct = False,
    only: Only = None,
    allow_delete: AllowDelete = False,
    allow_replace: AllowReplaceDrift = False,
    allow_restart: AllowRestart = False,
    events: Events = None,
    json: JsonLines = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Look for drift until stopped, and tell what is new.

    With --correct, put right what is safe.
    """
    if every < SHORTEST:
        raise typer.BadParameter(f"at least {SHORTEST}s lie between two rounds", param_hint="--every")
    allowed = Allowed(allow_delete, allow_replace, allow_restart, only)
    if not correct and allowed != Allowed():
        raise typer.BadParameter("--only and --allow-… are for --correct")
    severities = parse_severities(only)

    def command() -> int:
        from reconciler.cli.watching import WatchOptions, watch_targets
        from reconciler.drift.correction_rules import Rules

        rules = Rules(only=severities, delete=allow_delete, replace=allow_replace, restart=allow_restart)
        each: Sequence[Path | None] = files or (None,)
        named: Sequence[str | None] = envs or (None,)
        targets = [find_target(file, env, sandbox=sandbox) for file in each for env in named]
        options = WatchOptions(every, rules if correct else None, listen, listen_unsafe, who, events, json)
        return watch_targets(targets, options)

    return run(command, log_level, debug=debug)
