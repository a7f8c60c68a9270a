"""Run a command, and report its failure in words, without a traceback."""

import tempfile
import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.terminal import print_json, print_message

if TYPE_CHECKING:
    from reconciler.aws.logs import Level

BUG_MESSAGE = "this is a bug of the reconciler"


def run(
    command: Callable[[], int], log_level: "Level" = "warning", *, as_json: bool = False, debug: bool = False
) -> int:
    """Run a command and return its exit code.

    A failure is reported on stderr and, with `as_json`, on stdout too.

    `debug`: show the traceback of a bug on stderr.
    """
    from reconciler.aws import logs

    logs.configure(log_level)
    try:
        return command()
    except Exception as error:  # noqa: BLE001 - told as a bug, with its traceback in a file
        found = _describe(error) or _describe_bug(error, debug=debug)
    if as_json:
        print_json({"error": found})
    print_message(_format(found))
    return ExitCode.FAILED


def _describe(error: Exception) -> dict[str, Any] | None:
    """Return the details of a failure for the JSON document; None if it is a bug."""
    from botocore.exceptions import BotoCoreError, ClientError

    from desired_state.mistakes import LoadError
    from desired_state.secrecy import hide_in_text
    from reconciler.errors import Invalid, LeaseHeld, PlanRefused, ReconcilerError
    from reconciler.render.explain_error import explain_error
    from reconciler.render.plan_json import conflicts_document, refusals_document

    if isinstance(error, LoadError):
        return {"message": str(error), "mistakes": [asdict(mistake) for mistake in error.mistakes]}
    if isinstance(error, Invalid):
        return {
            "message": hide_in_text(str(error)),
            "cause": BUG_MESSAGE,
            "remedy": "report it; nothing was changed",
        }
    if not isinstance(error, ReconcilerError | BotoCoreError | ClientError):
        return None
    found: dict[str, Any] = {name: value for name, value in asdict(explain_error(error)).items() if value}
    if isinstance(error, LeaseHeld) and error.record.holder:
        found |= {"holder": asdict(error.record.holder)}
    if isinstance(error, PlanRefused) and (error.conflicts or error.objections):
        found["conflicts"] = conflicts_document(error.conflicts)
        found["refusals"] = refusals_document(error.objections)
    return found


def _describe_bug(error: Exception, *, debug: bool) -> dict[str, Any]:
    """Return the message about a bug. Its traceback, without secrets, is in a file; `debug` shows it too."""
    from desired_state.secrecy import hide_in_text

    trace = hide_in_text("".join(traceback.format_exception(error)))
    if debug:
        print_message(trace)
    with tempfile.NamedTemporaryFile("w", prefix="reconciler-", suffix=".log", delete=False) as file:
        file.write(trace)
    return {
        "message": hide_in_text(f"{type(error).__name__}: {error}"),
        "cause": BUG_MESSAGE,
        "remedy": f"report it with {file.name}",
    }


def _format(failure: dict[str, Any]) -> str:
    lines = ["✗ " + failure["message"].replace("\n", "\n  ")]
    lines += [f"  likely: {failure['cause']}"] if "cause" in failure else []
    lines += [f"  do: {failure['remedy']}"] if "remedy" in failure else []
    return "\n".join(lines)
