"""One round of a stack that is watched: look, say who, correct, tell, and remember. It raises nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from desired_state.mistakes import LoadError
from reconciler.drift import find_drift, parse_time
from reconciler.errors import ReconcilerError
from reconciler.model.drift import Attribution, DriftReport
from reconciler.run import open_session
from reconciler.session import Session
from reconciler.target import Connected, Target
from reconciler.watch.asking import Ask, ask_about
from reconciler.watch.contested import Contest, remember_round
from reconciler.watch.correcting import Correcting
from reconciler.watch.found import Found, describe_round, make_hold, remember_known, with_corrected, with_found
from reconciler.watch.memory import Memory
from reconciler.watch.names import NAMED_BY_OTHERS
from reconciler.watch.notify.failing import find_news_of_watch
from reconciler.watch.notify.message import Message, News
from reconciler.watch.remembering import read_memory, write_memory
from reconciler.watch.status import ROUNDS_KEPT, Round, RoundOutcome, StackStatus
from reconciler.watch.times import format_time
from reconciler.watch.watched import FILE_CHANGED, Watched

log = structlog.get_logger()

FAILURES = (LoadError, ReconcilerError, ClientError, BotoCoreError)
Who = Mapping[str, Attribution]  # by `Difference.key`


@dataclass(frozen=True)
class Doing:
    """What a round does beside looking."""

    ask_who: Callable[[Session, DriftReport], Ask] | None = None
    """Return the function by which a round asks who made its differences; None: nobody is asked."""
    correcting: Correcting | None = None  # None: drift is reported only
    tell: Callable[[Target, Memory, DriftReport, DriftReport], Memory] = lambda _target, memory, *_reports: (
        memory
    )
    """Notify people, given the memory of the rounds before and what was found before and after corrections.
    Returns the memory with what was told."""
    tell_message: Callable[[Connected, Message], object] = lambda _connected, _message: None
    """Notify people of something else than drift, by the connection and the file of the last good round."""
    date: Callable[[], datetime] = lambda: datetime.now(UTC)


def make_round(watched: Watched, doing: Doing, why: str = "") -> StackStatus:
    """Make a round, and return the status of the stack after it, which `watched` has too."""
    at, begun, before = format_time(doing.date()), monotonic(), watched.status
    if why in {FILE_CHANGED, NAMED_BY_OTHERS}:  # what failed may have been the file's
        before = replace(before, failures=0)
    try:
        target = watched.connect()
        before = watched.forget_other_stack(before)
        watched.status = before
        found = _look(watched, target, doing)
    except FAILURES as error:
        ended = Round(at, monotonic() - begun, RoundOutcome.FAILED, error=str(error), woken_by=why)
        after = replace(before, failures=before.failures + 1)
    else:
        ended = describe_round(at, monotonic() - begun, found, why)
        after = with_found(before, found, Contest(found.memory, doing.date(), before.every), at)
    stack = watched.name_shown(before.stack)
    rounds = (ended, *before.rounds)[:ROUNDS_KEPT]
    watched.status = replace(after, stack=stack, file_error=watched.file.error, rounds=rounds)
    if watched.connected:
        watched.together.connections.note(watched.connected, well=not after.failures)
    if watched.connected and (message := find_news_of_watch(watched.told_failing, watched.status)):
        watched.told_failing = message.news is News.FAILING
        doing.tell_message(watched.connected, message)
    return watched.status


def _look(watched: Watched, target: Target, doing: Doing) -> Found:
    """Look, correct what may be, and remember. Raises what AWS or the file make it raise."""
    with open_session(target, notify=log.info) as session:
        aws, stack = session.reads.aws, session.reads.stack.name
        memory = watched.memory or read_memory(aws, stack)
        hold = make_hold(Contest(memory, doing.date(), watched.status.every))
        assessed = doing.correcting.look(session, hold) if doing.correcting else None
        report = assessed.report if assessed else find_drift(session, directly=False)
        report = replace(report, who=_find_authors(watched, session, report, doing))
    found = Found(report, remember_round(memory, report.drift, report.digest))
    if assessed and doing.correcting:
        ended = doing.correcting.correct(target, hold) if assessed.is_due else assessed.ended()
        found = with_corrected(found, ended, format_time(doing.date()))
    after = doing.tell(target, found.memory, report, found.report)
    after = remember_known(after, found.report)
    if after != watched.memory or watched.not_kept:
        watched.not_kept = write_memory(aws, stack, after, watched.not_kept)
    watched.memory = after
    return replace(found, memory=after)


def _find_authors(watched: Watched, session: Session, report: DriftReport, doing: Doing) -> Who:
    """Return who made the drift, as far as it is known by now."""
    if doing.ask_who is None:
        return {}
    good = parse_time(watched.status.last_good) or parse_time(report.applied.at if report.applied else "")
    ask = doing.ask_who(session, report)
    watched.asked = ask_about(report.drift, watched.asked, doing.date(), good, ask)
    return {key: asked.answer for key, asked in watched.asked.items() if asked.answer}
