"""`outputs`: show the addresses and names of what is deployed."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import run
from reconciler.cli.options import Debug, Env, File, Json, LogLevel, Sandbox
from reconciler.cli.signals import stoppable
from reconciler.cli.target import find_target
from reconciler.cli.terminal import print_json, print_message, print_text

if TYPE_CHECKING:
    from reconciler.target import Target

MOST_TOLD = 60  # lines of outputs after an apply


def outputs(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    json: Json = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Show the addresses and names of what is deployed."""

    def command() -> int:
        return show_outputs(find_target(file, env, sandbox=sandbox), as_json=json)

    return run(command, log_level, as_json=json, debug=debug)


def show_outputs(target: "Target", *, as_json: bool) -> ExitCode:
    """Print the outputs. Raises `RunRefused` if nothing is deployed."""
    from reconciler.cli.reading import show_reading
    from reconciler.errors import RunRefused
    from reconciler.run import Purpose, open_session

    with (
        stoppable(print_message) as stop,
        show_reading(target.tally, stop),
        open_session(target, purpose=Purpose.OUTPUTS) as session,
    ):
        found = session.outputs(session.read_ids())
    if not found:
        raise RunRefused(f"nothing of {session.platform.stack} is deployed yet: apply it first")
    if as_json:
        print_json(found)
    else:
        print_text(format_outputs(found))
    return ExitCode.DONE


def format_outputs(found: Mapping[str, str]) -> str:
    """Return one line per output, with the values aligned."""
    width = max(map(len, found), default=0)
    return "".join(f"{name:{width}}  {value}\n" for name, value in found.items())


def format_chosen_outputs(
    find: Callable[[Collection[str] | None], dict[str, str]], changed: Collection[str]
) -> str:
    """Return the lines to show after an apply: all, or those of the platform and of the changed services.

    `find` returns the outputs of the platform and of these services, or of all for None.
    """
    every, of_changed = find(None), find(changed)
    chosen = next((some for some in (every, of_changed) if len(some) <= MOST_TOLD), None) or find(())
    left_out = len(every) - len(chosen)
    more = f"and {left_out:,} more: python -m reconciler outputs\n" if left_out else ""
    return format_outputs(chosen) + more
