"""A plan as text. Deterministic: tests compare it whole."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.model.plan import Op, Plan
from reconciler.model.references import Ref
from reconciler.model.tags import SERVICE
from reconciler.render.differences import NOTHING, Difference, Ids, differences
from reconciler.render.revisions import whose_revision
from reconciler.render.summary import SIGNS, Entry, awaits, count_line, entries, staying, strangers
from reconciler.render.values import format_value, own_name, step_words


@dataclass(frozen=True)
class Wish:
    """What is told beside the changes themselves."""

    calls: bool = False  # the steps of each
    remedies: bool = True  # what a person can do now about what is held


def text(plan: Plan, *, calls: bool = False, remedies: bool = True) -> str:
    """The changes by heading, and a count; or what stands in the way: changes that follow from it are no help.

    `remedies`: what a person can do now about what is held.
    """
    lines = [*_conflicts(plan)] if plan.conflicts else []
    if calls or not plan.conflicts:
        lines += [""] * bool(lines) + [*_changes(plan, Wish(calls, remedies))]
    return "\n".join(lines) + "\n"


def _changes(plan: Plan, wish: Wish) -> Iterator[str]:
    ids = staying(plan)
    tagged = 0
    for heading, found in entries(plan).items():
        listed = [entry for entry in found if wish.calls or not entry.only_names_service]
        tagged += len(found) - len(listed)
        if listed:
            yield heading
            for entry in listed:
                yield from _entry(plan, entry, ids, wish)
            yield ""
    if tagged:
        several = "resources get" if tagged > 1 else "resource gets"
        yield f"{tagged} {several} the tag {SERVICE}; nothing restarts"
        yield ""
    yield from _foreign(plan)
    if wish.calls and plan.changes:
        yield "In the calls, names stand for ids, which are filled in as each call is made."
    yield f"Plan: {count_line(plan)}." if plan.changes else "Nothing to do."


def _entry(plan: Plan, entry: Entry, ids: Ids, wish: Wish) -> Iterator[str]:
    change, told, remedy = entry.change, "", ""
    if entry.replaced:
        told = f"   replaces {own_name(entry.replaced.outputs['id'])} ({entry.order}); needs --allow-replace"
    elif change.op is Op.AWAIT and not change.live:
        told, remedy = awaits(plan, change)
        told = f"   {told}"
    elif change.op is Op.DELETE:
        own = own_name(change.outputs["id"])
        told = f"   {own}" if own != change.address.name else ""
    yield f"  {SIGNS[entry.op]} {change.address}{told}"
    if entry.interruption:
        yield f"      {entry.interruption}"
    if wish.remedies:
        yield from (f"      {line}" for line in remedy.splitlines())
    for difference in differences(change.fields, ids):
        note = "AWS cannot change it" if entry.replaced else whose_revision(change, difference)
        yield f"      {difference_line(difference)}" + (f"   ({note})" if note else "")
    if wish.calls:
        changes = (change, entry.replaced) if entry.replaced else (change,)
        yield from (f"      > {step_words(step)}" for c in changes for step in c.steps)


def difference_line(d: Difference) -> str:
    """`size: 1 → 2`, or `paths: + /api/*` for an item of a set."""
    if d.item:
        return (
            f"{d.path}: - {format_value(d.live)}"
            if d.want is NOTHING
            else f"{d.path}: + {format_value(d.want)}"
        )
    live, want = ("none" if v is NOTHING else format_value(v) for v in (d.live, d.want))
    return f"{d.path}: {live} → {want}" + " (new)" * _is_renewed(d)


def _is_renewed(d: Difference) -> bool:
    """Whether an id goes and its successor is known by name only."""
    return isinstance(d.live, Ref) and d.live.foreign and isinstance(d.want, Ref) and not d.want.foreign


def _conflicts(plan: Plan) -> Iterator[str]:
    yield "This plan cannot be run:"
    for conflict in plan.conflicts:
        yield f"  ✗ {conflict.address}: {conflict.why}"
        yield f"      {conflict.remedy}"


def _foreign(plan: Plan) -> Iterator[str]:
    found = list(strangers(plan))
    if found:
        yield "Not part of this stack, left untouched (whoever made it may remove it):"
        for live in found:
            whose = f"of stack {live.owner}" if live.owner else "without a stack's tags"
            yield f"    {live.spec.address}   {own_name(live.outputs['id'])}, {whose}"
        yield ""
