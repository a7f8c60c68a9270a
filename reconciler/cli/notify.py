"""`notify test`: send a message to each of those whom the file tells of drift."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import run
from reconciler.cli.options import TYPER_SETTINGS, Debug, Env, File, LogLevel, Sandbox
from reconciler.cli.target import find_target
from reconciler.cli.terminal import print_text

if TYPE_CHECKING:
    from reconciler.target import Target

app = typer.Typer(name="notify", help="Who is told of drift.", no_args_is_help=True, **TYPER_SETTINGS)


@app.callback()
def notify() -> None:
    """Who is told of drift."""


@app.command(name="test")
def try_channels(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Send one message to each channel of `notify`, and tell what arrived. Nothing is retried."""

    def command() -> int:
        return send_test(find_target(file, env, sandbox=sandbox))

    return run(command, log_level, debug=debug)


def send_test(target: "Target") -> ExitCode:
    """Send the test to each channel. Raises `RunRefused` if the file names none."""
    from reconciler.errors import RunRefused
    from reconciler.render.hostile import on_one_line
    from reconciler.target import connect_to
    from reconciler.watch.notify.channels import Surroundings, name_of, send
    from reconciler.watch.notify.failure import Undeliverable
    from reconciler.watch.notify.message import Message, News

    aws, platform = connect_to(target)
    job = platform.drift_correction
    channels = dict.fromkeys((*platform.drift.notify, *((job and job.notify) or ())))
    if not channels:
        raise RunRefused("the file tells nobody: write `notify` below `drift`")
    message = Message(News.TEST, platform.stack, datetime.now(UTC).isoformat(timespec="seconds"))
    failed = False
    for channel in channels:
        try:
            send(channel, message, Surroundings(aws))
            words = "sent"
        except Undeliverable as failure:
            failed, words = True, f"not sent: {failure}"
        print_text(f"{on_one_line(name_of(channel))}: {words}\n")
    return ExitCode.FAILED if failed else ExitCode.DONE
