"""Plan the corrections: the plan without what is held, and why each of the rest is held. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.drift.correction_rules import Hold, Rules, find_holds, writes
from reconciler.drift.correction_values import carry
from reconciler.drift.differences import find_compared, find_names
from reconciler.model.correction import Reason
from reconciler.model.drift import Difference, Finding, Status
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address, Ref, walk
from reconciler.model.spec import UNCOMPARED, Spec
from reconciler.model.tags import PROTECT
from reconciler.resources.kind import Kinds

Replan = Callable[[Iterable[Spec]], Plan]  # compares other desired specs with the same live resources
ENTANGLED = "it is written together with what is held"
NO_WRITE = "nothing that an apply writes changes it"


@dataclass(frozen=True)
class Decision:
    """What is corrected, and what is not."""

    plan: Plan  # with the changes that put right what is corrected, and nothing else
    corrected: Mapping[str, tuple[Difference, ...]]  # by the key of the change that ends the correction
    held: Mapping[str, Hold]  # of each difference that is drift and is not corrected, by its key


def decide(kinds: Kinds, rules: Rules, todo: Plan, found: Iterable[Difference], replan: Replan) -> Decision:
    """Decide what is corrected of the differences that were found in what `todo` was made of."""
    drift = [d for d in found if d.status is Status.DRIFT]
    held = find_holds(kinds, rules, todo, drift)
    allowed = {d.key for d in drift if d.key not in held}
    if not allowed:
        return Decision(replace(todo, changes=(), conflicts=()), {}, held)
    desired, entangled = _carry_held(kinds, todo, allowed)
    held |= {key: Hold(Reason.OTHER, ENTANGLED) for key in entangled}
    allowed -= entangled
    carried = replan(desired.values())
    dropped = _drop(kinds, rules, carried, allowed)
    kept = tuple(change for change in carried.changes if change.key not in dropped)
    corrected, further = _assign(todo.desired, [d for d in drift if d.key in allowed], kept, dropped)
    return Decision(replace(carried, changes=kept, conflicts=()), corrected, held | further)


def _carry_held(kinds: Kinds, todo: Plan, allowed: set[str]) -> tuple[dict[Address, Spec], frozenset[str]]:
    """Return the desired specs with the live values of all that is held, and what is held with it."""
    ids = {name: own for own, name in find_names(todo).items() if name.address not in todo.desired}
    desired, entangled = dict(todo.desired), frozenset[str]()
    for compared in find_compared(kinds, todo):
        desired[compared.want.address], found = carry(compared, allowed, ids)
        entangled |= found
    return desired, entangled


def _drop(kinds: Kinds, rules: Rules, plan: Plan, allowed: set[str]) -> dict[str, Hold]:
    """Return the keys of the changes that are not made, each with why: also those that depend on one."""
    used = {ref for spec in plan.desired.values() for ref in walk(spec) if ref.by_id}
    may = allowed | {change.replaces for change in plan.changes if change.replaces and not change.moved}
    in_conflict = {conflict.address: f"{conflict.why}; {conflict.remedy}" for conflict in plan.conflicts}
    dropped: dict[str, Hold] = {}
    for change in plan.changes:
        words = in_conflict.get(change.address, "") or _forbid(kinds, rules, change, may, used)
        words = words or _find_untagged_need(change, plan, in_conflict)
        if words:
            dropped[change.key] = words if isinstance(words, Hold) else Hold(Reason.OTHER, words)
    while further := dict(_find_dependents(plan.changes, dropped)):
        dropped |= further
    return dropped


def _find_untagged_need(change: Change, plan: Plan, in_conflict: Mapping[Address, str]) -> str:
    """Say that a change needs the id of a resource whose conflict keeps it from being this stack's."""
    needed = {ref.address for ref in walk(change.want)} & in_conflict.keys() - plan.ids.keys()
    return f"it refers to {min(needed)}, which is not corrected" if needed else ""


def _find_dependents(changes: Iterable[Change], dropped: Mapping[str, Hold]) -> Iterator[tuple[str, Hold]]:
    """Yield what comes after a change that is dropped, and both sides of a replacement of which one is."""
    replaced = {change.replaces: change.key for change in changes if change.replaces}
    for change in changes:
        before = {*change.after, change.replaces or "", replaced.get(change.key, "")} & dropped.keys()
        if before and change.key not in dropped:
            first = min(before)
            yield change.key, replace(dropped[first], words=f"it waits for {first}: {dropped[first].words}")


def _forbid(kinds: Kinds, rules: Rules, change: Change, allowed: set[str], used: set[Ref]) -> Hold | str:
    """Return why a change as a whole is not made; an empty text if nothing forbids it."""
    if change.op is Op.DELETE and not writes(change):
        return ""
    if change.op is Op.DELETE and change.live:
        if change.key not in allowed:
            return "it is not deleted"
        protected_by = kinds[change.address.kind].relations.protected
        if change.live.spec.tags.get(PROTECT) == "true":
            return "it is protected"
        if words := protected_by(change.live) if protected_by else "":
            return f"AWS would refuse to delete it: {words}"
        if not used.isdisjoint(change.live.own_refs):
            return "what is left as it is still uses it"
    if change.live is None and not change.replaces and str(change.address) not in allowed:
        return "it is missing, and not made"
    if (change.interrupts or change.replaces) and not rules.replace:
        words = change.interrupts or f"it would {'move' if change.moved else 'be replaced'}"
        return Hold(Reason.CONSENT, f"{words}: allow it with --allow-replace")
    return ""


def _is_told_only(d: Difference, desired: Mapping[Address, Spec]) -> bool:
    """Tell whether a plan does not compare the field, so that nothing is written for it."""
    fields = type(desired[d.address]).model_fields if d.finding is Finding.CHANGED else {}
    return bool(d.where) and bool(fields) and UNCOMPARED in fields[str(d.where[0])].metadata


def _assign(
    desired: Mapping[Address, Spec],
    allowed: Iterable[Difference],
    kept: Iterable[Change],
    dropped: Mapping[str, Hold],
) -> tuple[dict[str, tuple[Difference, ...]], dict[str, Hold]]:
    """Return the differences by the last change that puts them right, and why the others are held."""
    last: dict[str, str] = {}
    for change in kept:
        last[str(change.address) if change.want else change.key] = change.key
    corrected: dict[str, tuple[Difference, ...]] = {}
    held: dict[str, Hold] = {}
    for d in allowed:
        place = f"{d.address}#{d.id}" if d.finding is Finding.ORPHANED else str(d.address)
        if (key := last.get(place)) and not _is_told_only(d, desired):
            corrected[key] = (*corrected.get(key, ()), d)
        else:
            held[d.key] = dropped.get(place) or Hold(Reason.OTHER, NO_WRITE)
    return corrected, held
