"""What may be corrected: what the file and the command line allow, and why a difference is held. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from desired_state.drift import Corrections
from desired_state.windows import Window
from reconciler.drift.differences import Compared, find_compared
from reconciler.drift.windows import describe_opening, is_open
from reconciler.model.correction import Reason, Waiting
from reconciler.model.drift import Difference, Finding, Severity
from reconciler.model.plan import Change, Plan
from reconciler.model.references import Address, refs
from reconciler.model.spec import IMMUTABLE, Spec
from reconciler.model.steps import Call
from reconciler.resources.kind import Kinds

OF_THE_JOB = "the job that corrects drift runs by it, and never changes it: run apply"


@dataclass(frozen=True)
class Rules:
    """What the file, the command line and a watch allow."""

    correct: Corrections = "safe"
    only: frozenset[Severity] | None = None  # None: all
    delete: bool = False
    replace: bool = False
    restart: bool = False
    windows: Sequence[Window] = ()
    hold: Callable[[Difference], str] = lambda _difference: ""
    """Say why a difference is not corrected now, such as that it comes back each time."""
    date: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True)
class Hold:
    """Why a difference is not corrected."""

    reason: Reason
    words: str
    until: str = ""  # when it goes on, if that is known

    def waiting(self, difference: Difference) -> Waiting:
        """Return the difference as one that waits."""
        return Waiting(difference.key, difference.severity, self.reason, self.words, self.until)


Holds = Mapping[str, Hold]  # by `Difference.key`


@dataclass(frozen=True)
class _Known:
    """What the plan, without any correction held, tells of the resources that differ."""

    kinds: Kinds
    desired: Mapping[Address, Spec]
    compared: Mapping[Address, Compared]
    changes: Mapping[str, Change]
    busy: Mapping[Address, str] = field(default_factory=dict)  # what AWS is doing with live resources


def find_holds(kinds: Kinds, rules: Rules, todo: Plan, found: Iterable[Difference]) -> dict[str, Hold]:
    """Return why differences that are drift are held: of each the first reason, of the others nothing."""
    compared = {each.want.address: each for each in find_compared(kinds, todo)}
    known = _Known(kinds, todo.desired, compared, {change.key: change for change in todo.changes})
    busy = {a: words for a, c in compared.items() if (words := c.kind.correcting.under_way(c.live.spec))}
    known = replace(known, busy=busy)
    reasons = ((d.key, next(_find_reasons(known, rules, d), None)) for d in found)
    return {key: why for key, why in reasons if why}


def _find_reasons(known: _Known, rules: Rules, d: Difference) -> Iterator[Hold]:
    """Yield the reasons why a difference is held, those first that no consent ends."""
    if d.held:
        yield Hold(Reason.OTHER, d.held)
    want = known.desired.get(d.address)
    if want and want.of_the_job:
        yield Hold(Reason.APPLY, OF_THE_JOB)
    if rules.correct == "none":
        yield Hold(Reason.OTHER, "the file says `correct: none`")
    if rules.correct == "security" and d.severity is not Severity.SECURITY:
        yield Hold(Reason.OTHER, "the file says `correct: security`")
    if rules.only is not None and d.severity not in rules.only:
        yield Hold(Reason.OTHER, f"it is not among what --only names: {', '.join(sorted(rules.only))}")
    yield from _find_busy(known, d)
    yield from _find_consents(known, rules, d)
    if words := rules.hold(d):
        yield Hold(Reason.CONTESTED, words)
    yield from closed(rules, d.severity)


def closed(rules: Rules, severity: Severity) -> Iterator[Hold]:
    """Yield that it waits for a window. Security does not."""
    now = rules.date()
    if severity is not Severity.SECURITY and not is_open(rules.windows, now):
        yield Hold(Reason.WINDOW, *describe_opening(rules.windows, now))


def _find_busy(known: _Known, d: Difference) -> Iterator[Hold]:
    """Yield that AWS is busy with it, or with what it refers to, as scaling does to its service."""
    want, compared = known.desired.get(d.address), known.compared.get(d.address)
    around = {d.address} | ({ref.address for ref in refs(want)} if want else set())
    for address in sorted(around & known.busy.keys()):
        words = known.busy[address]
        yield Hold(Reason.ROLLOUT, words if address == d.address else f"{address}: {words}")
    if compared and d.finding is Finding.CHANGED:
        correcting = compared.kind.correcting
        if words := correcting.never(compared.live.spec, compared.want, str(d.where[0])):
            yield Hold(Reason.ROLLOUT, words)


def _find_consents(known: _Known, rules: Rules, d: Difference) -> Iterator[Hold]:
    if d.finding is Finding.ORPHANED and not rules.delete:
        change = known.changes.get(f"{d.address}#{d.id}")
        if change is None or writes(change):
            yield Hold(Reason.CONSENT, "it would be deleted: allow it with --allow-delete")
    if d.finding is Finding.CHANGED and (compared := known.compared.get(d.address)):
        name = str(d.where[0])
        if not rules.replace and IMMUTABLE in type(compared.want).model_fields[name].metadata:
            yield Hold(Reason.CONSENT, "it would be replaced: allow it with --allow-replace")
        if not rules.restart and _restarts(compared, name):
            yield Hold(Reason.CONSENT, "tasks would be started anew: allow it with --allow-restart")


def _restarts(compared: Compared, name: str) -> bool:
    """Tell whether a change of the field starts tasks anew, as any new revision does."""
    by_revision = compared.kind.relations.revisioned and name != "tags"
    return by_revision or name in compared.kind.correcting.restarts


def writes(change: Change) -> bool:
    """Tell whether a deletion calls anything, and does not only wait for what others have begun."""
    return any(isinstance(step, Call) for step in change.steps)
