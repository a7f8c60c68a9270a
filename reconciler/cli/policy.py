"""`policy`: print the least-privilege IAM policy for a use of the file."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import run
from reconciler.cli.options import Debug, Env, File, Json, LogLevel, Sandbox
from reconciler.cli.target import find_target
from reconciler.cli.terminal import print_json, print_message

if TYPE_CHECKING:
    from reconciler.policy import Policies
    from reconciler.target import Target

UseName = Literal["plan", "apply", "destroy", "drift", "correct"]


def policy(
    file: File = None,
    env: Env = None,
    use: Annotated[
        UseName, typer.Option("--for", help="What its holder is to do; correct: drift --correct.")
    ] = "apply",
    part: Annotated[
        int | None, typer.Option("--part", min=1, metavar="NUMBER", help="Print only this document of several.")
    ] = None,
    sandbox: Sandbox = False,
    json: Json = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Print the least-privilege IAM policy for a use of the file.

    There are several documents if one is too small.
    """

    def command() -> int:
        return show_policy(find_target(file, env, sandbox=sandbox), use, part, as_json=json)

    return run(command, log_level, as_json=json, debug=debug)


def show_policy(target: "Target", use: UseName, part: int | None, *, as_json: bool) -> ExitCode:
    """Print the documents, and tell their sizes. AWS is asked nothing if the file names the account."""
    from reconciler.errors import RunRefused
    from reconciler.policy import Use, policies
    from reconciler.run import find_place

    found = policies(*find_place(target), Use(use))
    if part and part > len(found.documents):
        raise RunRefused(f"there is no document {part}: the policy for {use} has {len(found.documents)}")
    if as_json:
        print_json(_document(found, use))
    else:
        for document in found.documents[part - 1 : part] if part else found.documents:
            print_json(document)
    _tell(found, use)
    return ExitCode.DONE


def _document(found: "Policies", use: str) -> dict[str, object]:
    from reconciler.policy import size

    return {
        "for": use,
        "documents": [*found.documents],
        "sizes": [size(document) for document in found.documents],
        "not_narrowed": dict(found.reasons),
        "escalation": found.escalation,
        "overlap": found.overlap,
    }


def _tell(found: "Policies", use: str) -> None:
    """Tell the sizes, what is not narrowed to the stack and why, and what the holder could become."""
    from reconciler.policy import size
    from reconciler.policy.documents import LIMIT

    total = len(found.documents)
    for number, document in enumerate(found.documents, 1):
        print_message(
            f"policy for {use}, document {number} of {total}: {size(document):,} of {LIMIT:,} characters"
        )
    print_message("not narrowed to the stack's names and tags:")
    for sid, reason in found.reasons:
        print_message(f"  {sid}: {reason}")
    if found.overlap:
        print_message(f"note: {found.overlap}")
    if found.escalation:
        print_message(f"warning: {found.escalation}")
