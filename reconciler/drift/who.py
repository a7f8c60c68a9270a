"""Who made the differences of a round, and when, as far as CloudTrail tells."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from threading import Event

from reconciler.aws.trail import Ours, Pace, Window, find_authors
from reconciler.blueprint.facts import read_caller
from reconciler.drift.last_apply import LastApply
from reconciler.model.drift import Attribution, Difference, DriftReport
from reconciler.resources import KINDS
from reconciler.session import Session

TOUCHED_BY = {name: kind.touched_by for name, kind in KINDS.items()}


def with_authors(
    session: Session, report: DriftReport, *, pace: Pace | None = None, stop: Event | None = None
) -> DriftReport:
    """Return the report of a single round with who made its differences since the last apply, if known."""
    since = parse_time(report.applied.at) if report.applied else None
    window, last = Window(datetime.fromisoformat(report.at), since), LastApply(report.applied)
    return replace(report, who=ask_who(session, last, report.drift, window, pace=pace, stop=stop))


def ask_who(
    session: Session,
    last: LastApply,
    differences: Iterable[Difference],
    window: Window,
    *,
    pace: Pace | None = None,
    stop: Event | None = None,
    deadline: float | None = None,
) -> Mapping[str, Attribution]:
    """Return who made these differences, which appeared within the window, by `Difference.key`.

    Give a process's one `pace`; the deadline is by its clock. The runs that count as ours have the principal
    of the last apply, of the lease's holder or of this process. Raises `ReadFailed` if AWS does not tell it.
    """
    known = (last.applied.actor if last.applied else "", last.holder.actor if last.holder else "")
    ours = Ours(session.platform.stack, (*filter(None, known), read_caller(session.reads).arn))
    return find_authors(
        session.reads.aws,
        differences,
        TOUCHED_BY,
        window,
        ours,
        account=session.facts.account,
        pace=pace,
        stop=stop,
        at=session.date(),
        deadline=deadline,
    )


def parse_time(at: str) -> datetime | None:
    """Return a time of a record, which others may have written; None if it is none."""
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    return found if found.tzinfo else None
