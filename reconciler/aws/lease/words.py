"""What people are told about a lease."""

import json
import re
from dataclasses import asdict

from botocore.exceptions import ClientError

from reconciler.aws.errors import message
from reconciler.aws.iam_actions import iam_action
from reconciler.model.lease import Applied, Holder, Record
from reconciler.model.printable import printable

SHOW, BREAK = "python -m reconciler lease show", "python -m reconciler lease break"
PERSON_ACTIONS = frozenset(
    f"dynamodb:{name}" for name in ("DeleteTable", "GetItem", "Scan")
)  # of `lease show`, `lease break` and `lease uninstall`, beside those of a run
_LONGEST = 200  # characters of a value in the record, which others may have written
_ACTION = re.compile(r"\bdynamodb:[A-Za-z]+")


def describe(holder: Holder) -> str:
    """Return `apply of anna on laptop (process 4711, arn:aws:…), since 2026-11-27 22:14:03 UTC`."""
    known = {name: _short(value) for name, value in asdict(holder).items()}
    known["since"] = _readable(known["since"])
    return "{command} of {user} on {host} (process {process}, {actor}), since {since}".format_map(known)


def describe_applied(applied: Applied) -> str:
    """Return `2026-11-27 22:14:03 UTC by arn:aws:…, with version 0.1.0, of the file with digest 6e8dd0…`."""
    known = {name: _short(value) for name, value in asdict(applied).items() if name != "resources"}
    known["at"] = _readable(known["at"])
    return "{at} by {actor}, with version {program}, of the file with digest {digest}".format_map(known)


def _short(value: str) -> str:
    """Return a value of the record in one line, whatever it holds."""
    line = printable(value[:_LONGEST]).replace("\n", r"\n").replace("\t", r"\t")
    return (line or "?") + "…" * (len(value) > _LONGEST)


def _readable(time: str) -> str:
    return time.replace("T", " ").replace("+00:00", " UTC")


def waiting(record: Record, holder: Holder, patience: float) -> str:
    """Say why a run waits before it has begun."""
    if record.broken:
        return (
            f"{record.stack}: the lease was broken ({describe(holder)}): waiting up to a minute, as the run that "
            "held it may have a call in flight"
        )
    held = f"another run of {record.stack} holds the lease: {describe(holder)}"
    if patience:
        return f"{held}\nwaiting until it ends, {patience:g} s at most, or for a minute if it has died"
    return f"{held}\nwaiting up to a minute, to see whether it lives"


def refusal(record: Record, holder: Holder) -> str:
    """Say that another run holds the lease and lives, and what a person can do."""
    return (
        f"another run of {record.stack} is under way: {describe(holder)}\n"
        f"Wait for it with --lease-wait 10m; `{SHOW}` shows it, and `{BREAK}` ends one that hangs."
    )


def failed(error: Exception, table: str) -> str:
    """Say that DynamoDB did not do what was asked, which is about the lease."""
    return f"the lease's table {table} could not be used: {message(error) or type(error).__name__}"


def not_allowed(error: ClientError) -> str:
    """Say which right is missing: the one in AWS's text, else that of the call."""
    named = _ACTION.search(message(error))
    action = named[0] if named else iam_action("dynamodb", error.operation_name)
    if action in PERSON_ACTIONS:
        return f"A lease is shown, broken or uninstalled with the right for {action}, which is missing."
    return f"Two runs at once cannot be ruled out: allow {action} or write `lease: false`."


def not_ours(stack: str, table: str, why: str) -> str:
    """Say that a record is none of this program's, and how a person removes it."""
    key = json.dumps({"stack": {"S": stack}})
    return (
        f"the lease's record of {stack} is not one that this program wrote ({why})\n"
        f"If no run of the stack is under way, delete it: aws dynamodb delete-item --table-name {table} --key '{key}'"
    )
