"""What was applied last, by the record of the stack's lease: what the file has changed since is no drift."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from botocore.exceptions import BotoCoreError, ClientError

from desired_state.platform import Platform
from reconciler.aws.client import Aws
from reconciler.aws.errors import message
from reconciler.aws.lease import item
from reconciler.errors import RunRefused
from reconciler.model.applied import holds_address, holds_spec, unpack
from reconciler.model.drift import Difference, Finding, Status
from reconciler.model.lease import Applied, Holder
from reconciler.model.references import Address
from reconciler.model.spec import Spec

RUN_APPLY = "run apply"


@dataclass(frozen=True)
class LastApply:
    """The last apply, as far as the record of the lease tells of it."""

    applied: Applied | None = None
    unknown: str = ""  # why it is not known; empty: it is, or there is none
    holder: Holder | None = None  # a run that holds the lease, or that died with it


def read_last_apply(aws: Aws, platform: Platform) -> LastApply:
    """Read it. What cannot be read is not known: it keeps nobody from a report."""
    if not platform.lease:
        return LastApply(unknown="the file says `lease: false`, so no apply leaves a record")
    try:
        record = item.read(aws.client("dynamodb", retries=False), platform.stack)
    except (ClientError, BotoCoreError, RunRefused) as error:
        return LastApply(unknown=f"the record of the last apply could not be read: {message(error)}")
    return LastApply(record.applied, "", record.holder)


def find_obstacle(last: LastApply, digest: str, program: str) -> str:
    """Return why nothing may be corrected; an empty text if this program applied this file last.

    `digest` is the file's, `program` this program's version.
    """
    applied = last.applied
    if applied is None:
        return f"it is not known what was applied last: {last.unknown or RUN_APPLY}"
    if applied.digest != digest:
        by = f"by {applied.actor}, at {applied.at}"
        return f"this file is not the one last applied ({by}): {RUN_APPLY}"
    if applied.program != program:
        return f"this program is {program} and the last apply was made by {applied.program}: {RUN_APPLY}"
    return ""


def with_statuses(
    found: list[Difference],
    desired: Mapping[Address, Spec],
    last: LastApply,
    digest: str,
    program: str,
    *,
    exists: bool,
) -> list[Difference]:
    """Return the differences, with the status of those that an apply of the changed file would make.

    `exists`: AWS has something of the stack. Where a record does not tell the two apart, it is drift: to take
    drift for a change of the file would hide it.
    """
    if not exists and last.applied is None:
        return [replace(d, status=Status.NOT_APPLIED) for d in found]
    if not find_obstacle(last, digest, program):
        return found
    packed = unpack(last.applied.resources) if last.applied else None
    if packed is None:
        return found

    def was_applied(difference: Difference) -> bool:
        if difference.finding is Finding.ORPHANED:  # what the file had, and does not have any more, is not
            return not holds_address(packed, difference.address)
        spec = desired.get(difference.address)
        return spec is not None and holds_spec(packed, spec)

    return [d if was_applied(d) else replace(d, status=Status.NOT_APPLIED) for d in found]
