"""What a report tells beside the differences: dangers, what is foreign inside of ours, what is unknown."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.drift.differences import Matched
from reconciler.drift.severity import rate
from reconciler.model.aws_default import NotInFile
from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Difference, NotCompared, Remark, Severity
from reconciler.model.plan import Conflict, Plan, PlanWarning
from reconciler.model.references import Address, walk
from reconciler.plan.foreign import describe_owner
from reconciler.resources.kind import Kinds


def find_dangers(kinds: Kinds, todo: Plan, matched: Matched) -> Iterator[Remark]:
    """Yield what the file does not speak of, and is dangerous."""
    for address, live in matched.items():
        for severity, words in kinds[address.kind].drift_notes.dangerous(live.spec, todo.desired[address]):
            yield Remark(str(address), words, severity)
    for found in todo.not_in_file:
        if is_dangerous(kinds, todo, matched, found):
            words = (
                f"{found.field} is {found.live}, which the file does not say; by default it is {found.default}"
            )
            yield Remark(str(found.address), words, Severity.SECURITY)


def is_dangerous(kinds: Kinds, todo: Plan, matched: Matched, found: NotInFile) -> bool:
    """Tell whether a live value that the file leaves open would be bad if the file had AWS's default."""
    live, (field, _, key) = matched.get(found.address), found.field.partition(".")
    diff = ValueDiff((field, key) if key else (field,), found.live, found.default)
    return live is not None and (
        rate(kinds[found.address.kind], live.spec, todo.desired[found.address], diff) is Severity.SECURITY
    )


def find_foreign(kinds: Kinds, todo: Plan, matched: Matched) -> Iterator[Remark]:
    """Yield what others have inside of ours: resources that refer to ours, and what hangs on ours."""
    ours = {ref: address for address, live in matched.items() for ref in live.own_refs}
    named = {key for conflict in todo.conflicts for key in conflict.foreign}
    for live in sorted(todo.foreign, key=lambda live: live.key):
        around = sorted({str(ours[ref]) for ref in walk(live.spec) if ref in ours})
        if around and live.key not in named:
            own_id = "" if live.outputs["id"] in live.spec.name else f" ({live.outputs['id']})"
            words = f"in or on {', '.join(around)}, {describe_owner(live)}{own_id}"
            yield Remark(str(live.spec.address), words, kinds[live.spec.kind].severities.foreign)
    for address, live in matched.items():
        kind = kinds[address.kind]
        held = [blocker.what for blocker in live.blockers]
        for words in (*held, *kind.drift_notes.unlike(live.spec, todo.desired[address])):
            yield Remark(str(address), words, kind.severities.foreign)


def find_unknown(kinds: Kinds, todo: Plan, matched: Matched) -> Iterator[NotCompared]:
    """Yield the fields that AWS does not tell although they matter."""
    for address, live in matched.items():
        for field, why in kinds[address.kind].drift_notes.unknown.items():
            if getattr(todo.desired[address], field) is not None and getattr(live.spec, field) is None:
                yield NotCompared(f"{address}.{field}", why)


def hold(found: Iterable[Difference], conflicts: Iterable[Conflict]) -> tuple[list[Difference], list[Remark]]:
    """Return the differences, with what stands in the way of correcting them, and the other conflicts."""
    why: dict[Address, str] = {}
    for c in conflicts:
        why[c.address] = "; ".join(filter(None, (why.get(c.address), c.why, c.remedy)))
    differences = [replace(d, held=why.get(d.address, d.held)) for d in found]
    told = {d.address for d in differences}
    others = (Remark(str(a), words, Severity.AVAILABILITY) for a, words in why.items() if a not in told)
    return differences, [*others]


def to_remark(found: Conflict | PlanWarning) -> Remark:
    """Return what was found wrong with something that no run makes, such as a certificate."""
    what = str(found.address) if found.address else ""
    severity = Severity.AVAILABILITY if isinstance(found, Conflict) else Severity.CONFIGURATION
    return Remark(what, "; ".join(filter(None, (found.why, found.remedy))), severity)
