"""One change of a plan as text for people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desired_state.secrecy import HIDDEN
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Ref
from reconciler.model.steps import Step, sum_amounts
from reconciler.render.differences import MISSING, Difference, Ids, find_differences
from reconciler.render.many_calls import format_steps
from reconciler.render.moves import describe_move
from reconciler.render.plan_summary import (
    OP_SIGNS,
    Entry,
    describe_awaited,
    describe_order,
)
from reconciler.render.redaction import CHANGED
from reconciler.render.revision_notes import explain_revision
from reconciler.render.values import format_value, format_whole, short_id, shorten
from reconciler.resources import KINDS


@dataclass(frozen=True)
class Detail:
    """The details to show of each change in addition to its differences."""

    calls: bool = False  # its steps
    remedies: bool = True  # what a person can do about a change that is held
    values: bool = False  # secret ones


def format_entry(plan: Plan, entry: Entry, ids: Ids, detail: Detail) -> Iterator[str]:
    """Yield the change's address, and below it what it does, its differences and, if asked for, its calls."""
    change = entry.change
    note, remedy = _note_and_remedy(plan, entry)
    yield f"  {OP_SIGNS[entry.op]} {change.address}" + (f"   {note}" if note else "")
    effect = describe_move(plan, change) if change.moved else change.interrupts
    effect += "; needs --allow-replace" if change.interrupts and not entry.replaced else ""
    yield from [f"      {effect}"] if effect else []
    yield from (f"      {part.later.why}" for part in entry.parts if part.later)
    if detail.remedies:
        yield from (f"      {line}" for line in remedy.splitlines())
    for difference in find_differences(change.fields, ids, show_values=detail.values):
        if difference.path == "lost_by_tasks":
            yield f"      its tasks have lost {format_value(difference.live)}, and are replaced"
            continue
        why = "AWS cannot change it" if entry.replaced else explain_revision(change, difference)
        yield f"      {format_difference(difference)}" + (f"   ({why})" if why and not change.moved else "")
    if detail.calls:
        changes = (*entry.parts, entry.replaced) if entry.replaced else entry.parts
        for number, part in enumerate(changes):
            yield from ["      > later:"] if number and part.later else []
            yield from _format_steps(part.steps, detail)
            if part.later and part.later.otherwise:
                yield "      > if that cannot be done now:"
                yield from _format_steps(part.later.otherwise, detail)


def _format_steps(steps: Sequence[Step], detail: Detail) -> Iterator[str]:
    return (f"      > {line}" for line in format_steps(steps, show_values=detail.values))


def _is_seamless(change: Change) -> bool:
    """Tell whether nobody notices that it is replaced, so that no consent is needed."""
    kind = KINDS.get(change.address.kind)
    return kind is not None and kind.relations.seamless


def _note_and_remedy(plan: Plan, entry: Entry) -> tuple[str, str]:
    """Return the note behind a change's address, and the remedy; both may be empty."""
    change = entry.change
    if change.moved:
        return f"moves ({describe_order(plan, entry)}); needs --allow-replace", ""
    if entry.replaced:
        old = short_id(entry.replaced.outputs["id"])
        consent = "" if _is_seamless(change) else "; needs --allow-replace"
        return f"replaces {old} ({describe_order(plan, entry)}){consent}", ""
    if change.op is Op.AWAIT and not change.live:
        return describe_awaited(plan, change)
    if change.op is Op.DELETE:
        live_id = short_id(change.outputs["id"])
        shown = [live_id] if live_id != change.address.name else []
        amount = sum_amounts(change.steps)
        shown += [f"{amount.number:,} {amount.unit}"] if amount and amount.number > 1 else []
        return ", ".join(shown + ([f"with {change.loses}"] if change.loses else [])), ""
    return (change.want.why if change.want and change.op is Op.CREATE else ""), ""


def format_difference(difference: Difference) -> str:
    """Format a difference as `size: 1 → 2`, or as `paths: + /api/*` for an item of a set.

    Where both sides are alike but for their secrets, they are shown once: `DSN: pg://u:(hidden, changed)@db`.
    """
    if difference.item:
        return (
            f"{difference.path}: - {format_value(difference.live)}"
            if difference.want is MISSING
            else f"{difference.path}: + {format_value(difference.want)}"
        )
    live, want = ("none" if v is MISSING else format_whole(v) for v in (difference.live, difference.want))
    if live != want and live == want.replace(CHANGED, HIDDEN):
        once = shorten(want)
        return f"{difference.path}: {once}" + f" {CHANGED}" * (CHANGED not in once)
    return f"{difference.path}: {shorten(live)} → {shorten(want)}" + " (new)" * _gets_new_id(difference)


def _gets_new_id(difference: Difference) -> bool:
    """Tell whether the apply will replace a live id by one that is not known yet."""
    live, want = difference.live, difference.want
    return isinstance(live, Ref) and live.by_id and isinstance(want, Ref) and not want.by_id
