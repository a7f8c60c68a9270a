"""What went wrong, in words and without a traceback; the exit code is 1."""

import tempfile
import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from desired_state.mistakes import LoadError
from reconciler.commands.terminal import document, tell
from reconciler.errors import Invalid, PlanRefused, ReconcilerError
from reconciler.render.explain_error import explain_error
from reconciler.render.plan_json import conflicts_document

FAILED = 1
BUG = "this is a bug of the reconciler"


def reported(command: Callable[[], int], *, as_json: bool, debug: bool) -> int:
    """The command's exit code; or what stopped it, on stderr and, if asked for, as JSON on stdout."""
    try:
        return command()
    except LoadError as e:
        told: dict[str, Any] = {"message": str(e), "mistakes": [asdict(m) for m in e.mistakes]}
    except Invalid as e:
        told = {"message": str(e), "cause": BUG, "remedy": "report it; nothing was changed"}
    except (ReconcilerError, BotoCoreError, ClientError) as e:
        told = {name: value for name, value in asdict(explain_error(e)).items() if value}
        if isinstance(e, PlanRefused) and (e.conflicts or e.objections):
            told |= {"conflicts": conflicts_document(e.conflicts), "refusals": [*map(_parts, e.objections)]}
    except Exception as e:  # a bug: its traceback is for those who mend it
        if debug:
            raise
        told = {"message": f"{type(e).__name__}: {e}", "cause": BUG, "remedy": f"report it with {_kept()}"}
    if as_json:
        document({"error": told})
    tell(_text(told))
    return FAILED


def _text(told: dict[str, Any]) -> str:
    lines = ["✗ " + told["message"].replace("\n", "\n  ")]
    lines += [f"  likely: {told['cause']}"] if "cause" in told else []
    lines += [f"  do: {told['remedy']}"] if "remedy" in told else []
    return "\n".join(lines)


def _parts(refusal: str) -> dict[str, str]:
    why, _, remedy = refusal.partition("\n")
    return {"why": why, "remedy": remedy.strip()}


def _kept() -> str:
    """The file that holds the traceback of the error at hand."""
    with tempfile.NamedTemporaryFile("w", prefix="reconciler-", suffix=".log", delete=False) as file:
        traceback.print_exc(file=file)
    return file.name
