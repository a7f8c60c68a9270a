"""One round: read what AWS has of a stack, and report how it differs from the file that was applied."""

from collections.abc import Sequence
from dataclasses import replace

from reconciler import __version__
from reconciler.aws.errors import ACCESS_DENIED, matches
from reconciler.aws.reads import Reads
from reconciler.drift import untagged
from reconciler.drift.beside import find_dangers, find_foreign, find_unknown, hold, is_dangerous, to_remark
from reconciler.drift.differences import find_differences, match
from reconciler.drift.ignores import ignore
from reconciler.drift.last_apply import LastApply, find_obstacle, read_last_apply, with_statuses
from reconciler.drift.look import Look, look
from reconciler.drift.unreadable import find_not_compared
from reconciler.errors import ReadFailed
from reconciler.model.drift import Difference, DriftReport, NotCompared, Remark
from reconciler.model.spec import parts
from reconciler.resources import KINDS
from reconciler.resources.kind import Kinds, check_all
from reconciler.session import Session


def find_drift(session: Session, *, directly: bool = True) -> DriftReport:
    """Read what AWS has, and report all that differs from the session's file. It writes nothing.

    What the credentials may not read is reported as not compared. Raises `ReadFailed` for any other read.
    Without `directly`, tags are read as `look` says: in fewer calls, for a job that looks again soon.
    """
    last = read_last_apply(session.reads.aws, session.platform)
    return make_report(session, look(session, last.applied, directly=directly), last)


def make_report(session: Session, found: Look, last: LastApply) -> DriftReport:
    """Report what differs in what was read, given what was applied last."""
    todo, digest, desired = found.plan, session.platform.digest, parts(session.specs)
    matched = match(todo, found.live)
    differing = [*find_differences(KINDS, todo, matched)]
    differences, conflicts = hold([d for d in differing if isinstance(d, Difference)], todo.conflicts)
    exists = any(live.owner == session.reads.stack.name for live in found.live)
    differences = with_statuses(differences, desired, last, digest, __version__, exists=exists)
    differences, ignored = ignore(KINDS, session.platform.drift.ignore, differences)
    passing = [d for d in differing if isinstance(d, Remark)]
    wrong, unchecked = check_allowed(session.reads, KINDS)
    unread = [*find_not_compared(desired.values(), found.denied), *unchecked]
    obstacle = find_obstacle(last, digest, __version__)
    open_values = (value for value in todo.not_in_file if not is_dangerous(KINDS, todo, matched, value))
    return DriftReport(
        scope=session.scope,
        at=session.date().isoformat(timespec="seconds"),
        digest=digest,
        differences=tuple(sort(differences)),
        not_compared=(*unread, *untagged.find_not_compared(KINDS, todo), *find_unknown(KINDS, todo, matched)),
        dangerous=tuple(find_dangers(KINDS, todo, matched)),
        foreign=tuple(find_foreign(KINDS, todo, matched)),
        remarks=tuple(dict.fromkeys((*_under_way(session, last), *passing, *conflicts, *wrong, *ignored))),
        not_in_file=tuple(open_values),
        applied=last.applied,
        obstacle=obstacle or ("not everything could be compared" if unread else ""),
        ids=todo.ids,
    )


def sort(differences: Sequence[Difference]) -> list[Difference]:
    """Return the differences, the worst first."""
    return sorted(differences, key=lambda d: (d.severity.rank, d.address, d.id, d.path))


def _under_way(session: Session, last: LastApply) -> list[Remark]:
    """Return that another run may be writing to the stack."""
    who, own = last.holder, session.lease
    if who is None or (own and own.holder.run == who.run):
        return []
    words = f"{who.command} of {who.user} on {who.host} has held it since {who.since}, and may be changing what differs"
    return [Remark("the lease on the stack", words)]


def check_allowed(reads: Reads, kinds: Kinds) -> tuple[list[Remark], list[NotCompared]]:
    """Return what is wrong with what no run makes, such as certificates, or why that may not be asked.

    Raises `ReadFailed`.
    """
    try:
        return [to_remark(found) for found in check_all(replace(reads, asks_early=True), kinds)], []
    except ReadFailed as error:
        if not (error.__cause__ and matches(error.__cause__, ACCESS_DENIED)):
            raise
        return [], [NotCompared("certificates and other things that no run makes", str(error))]
