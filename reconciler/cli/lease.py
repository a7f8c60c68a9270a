"""`lease`: the commands that show, break and uninstall what lets one run at a time write to a stack."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import run
from reconciler.cli.options import TYPER_SETTINGS, Debug, Env, File, Json, Sandbox, Yes
from reconciler.cli.target import find_target
from reconciler.cli.terminal import can_ask, confirm, print_json, print_message, print_text

if TYPE_CHECKING:
    from reconciler.model.lease import Record
    from reconciler.target import Target

app = typer.Typer(
    name="lease", help="The lease: one run at a time writes to a stack.", no_args_is_help=True, **TYPER_SETTINGS
)


@app.command()
def show(
    file: File = None, env: Env = None, sandbox: Sandbox = False, json: Json = False, debug: Debug = False
) -> int:
    """Show which run holds the lease of the stack, and the last apply that did not fail."""

    def command() -> int:
        return show_lease(find_target(file, env, sandbox=sandbox), as_json=json)

    return run(command, as_json=json, debug=debug)


@app.command(name="break")
def break_(
    file: File = None, env: Env = None, sandbox: Sandbox = False, yes: Yes = False, debug: Debug = False
) -> int:
    """Take the lease from a run that hangs. It stops before its next write, and the next run waits for that."""

    def command() -> int:
        return break_lease(find_target(file, env, sandbox=sandbox), yes=yes)

    return run(command, debug=debug)


@app.command()
def uninstall(
    file: File = None, env: Env = None, sandbox: Sandbox = False, yes: Yes = False, debug: Debug = False
) -> int:
    """Delete the table of the leases of all stacks in the region, if no run holds one."""

    def command() -> int:
        return uninstall_table(find_target(file, env, sandbox=sandbox), yes=yes)

    return run(command, debug=debug)


def show_lease(target: "Target", *, as_json: bool) -> ExitCode:
    """Print the record of the stack."""
    from reconciler.run import open_leases

    with open_leases(target) as leases:
        record = leases.read()
    if as_json:
        print_json(_document(record))
    else:
        print_text("\n".join(_lines(record)) + "\n")
    return ExitCode.DONE


def _document(record: "Record") -> dict[str, Any]:
    """Return the record without the digests of what was applied, which say nothing to a person."""
    document = asdict(record)
    if document["applied"]:
        del document["applied"]["resources"]
    return document


def _lines(record: "Record") -> list[str]:
    from reconciler.aws.lease.words import describe, describe_applied

    if record.holder is None:
        held = f"{record.stack}: no run holds the lease"
    else:
        held = f"{record.stack}: {'broken' if record.broken else 'held'} by {describe(record.holder)}"
    return [held, f"last apply: {describe_applied(record.applied) if record.applied else 'none is recorded'}"]


def break_lease(target: "Target", *, yes: bool) -> ExitCode:
    """Break the lease of the stack, after asking. Raises `RunRefused` without consent."""
    from reconciler.run import open_leases

    with open_leases(target) as leases:
        record = leases.read()
        if record.holder is None or record.broken:
            print_text("\n".join(_lines(record)) + "\nThere is nothing to break.\n")
            return ExitCode.DONE
        print_text(_lines(record)[0] + "\n")
        _require_consent("Break it?", yes=yes)
        leases.take_from(record.holder)
    print_text(
        "The lease is broken: that run stops before its next write. The next run begins within a minute, as soon as "
        "no call of that run can be in flight.\n"
    )
    return ExitCode.DONE


def uninstall_table(target: "Target", *, yes: bool) -> ExitCode:
    """Delete the table, after asking. Raises `RunRefused` if a run holds a lease, and without consent."""
    from reconciler.aws.lease.item import TABLE
    from reconciler.run import open_leases

    with open_leases(target) as leases:
        leases.require_none_held(print_message)
        _require_consent(f"Delete the table {TABLE}, which all stacks in its region use?", yes=yes)
        deleted = leases.uninstall()
    print_text(f"The table {TABLE} is {'being deleted' if deleted else 'not there'}.\n")
    return ExitCode.DONE


def _require_consent(question: str, *, yes: bool) -> None:
    from reconciler.errors import RunRefused

    if yes:
        return
    if not can_ask():
        raise RunRefused("nobody can be asked here\nsay yes with --yes")
    if not confirm(question):
        raise RunRefused("nothing was changed")
