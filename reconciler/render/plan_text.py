"""A plan as text for people. Deterministic: tests compare it whole."""

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.plan import Plan
from reconciler.model.tags import SERVICE
from reconciler.render.alike import FEWEST, Section, fold_alike, format_others
from reconciler.render.change_text import Detail, format_entry
from reconciler.render.closing import format_closing
from reconciler.render.costs import describe_costs
from reconciler.render.many_calls import describe_duration
from reconciler.render.not_in_file import format_not_in_file
from reconciler.render.plan_summary import (
    Entry,
    entries,
    find_foreign,
    format_counts,
    names_that_leave,
    unchanged_ids,
)
from reconciler.render.values import short_id


def plan_text(plan: Plan, *, calls: bool = False, remedies: bool = True, show_values: bool = False) -> str:
    """Return the changes under their headings, and a count of them.

    A plan with conflicts shows these instead, as its changes may only follow from them. `calls` shows both, and
    the AWS calls of each change. `remedies` shows the remedies of changes that are held, `show_values` secrets.
    """
    lines = [f"Plan for {plan.scope}", ""] if plan.scope else []
    lines += [*_format_conflicts(plan)] if plan.conflicts else []
    if calls or not plan.conflicts:
        lines += [""] * bool(plan.conflicts) + [*_format_changes(plan, Detail(calls, remedies, show_values))]
    return "\n".join(lines) + "\n"


def _format_changes(plan: Plan, detail: Detail) -> Iterator[str]:
    by_heading = entries(plan)
    sections = [*_sections(plan, by_heading, detail)]
    for section, others in fold_alike(sections, FEWEST if not detail.calls else len(sections) + 1):
        yield from (section.heading, *section.lines, "")
        if others:
            yield from (*format_others(others), "")
    tagged = sum(entry.only_names_service for group in by_heading.values() for entry in group)
    if tagged and not detail.calls:
        several = "resources get" if tagged > 1 else "resource gets"
        yield f"{tagged} {several} the tag {SERVICE}; nothing restarts"
        yield ""
    yield from _format_foreign(plan)
    yield from format_not_in_file(plan.not_in_file, show_values=detail.values)
    yield from _format_warnings(plan)
    yield from format_closing(by_heading)
    yield from describe_costs(plan)
    yield from describe_duration(plan)
    if detail.calls and plan.changes:
        yield "In the calls, names stand for ids, which are filled in as each call is made."
    yield f"Plan: {format_counts(plan)}." if plan.changes else "Nothing to do."


def _sections(plan: Plan, by_heading: Mapping[str, Sequence[Entry]], detail: Detail) -> Iterator[Section]:
    ids, names = unchanged_ids(plan), names_that_leave(plan)
    for heading, group in by_heading.items():
        shown = [entry for entry in group if detail.calls or not entry.only_names_service]
        lines = tuple(line for entry in shown for line in format_entry(plan, entry, ids, names, detail))
        named = [change for entry in shown for change in (entry.change, entry.replaced) if change]
        ids_named = tuple(short_id(change.outputs["id"]) for change in named if "id" in change.outputs)
        if lines:
            yield Section(heading, lines, shown[0].change.service or "", ids_named)


def _format_conflicts(plan: Plan) -> Iterator[str]:
    yield "This plan cannot be run:"
    for conflict in plan.conflicts:
        yield f"  ✗ {conflict.address}: {conflict.why}"
        yield f"      {conflict.remedy}"


def _format_warnings(plan: Plan) -> Iterator[str]:
    if plan.warnings:
        yield "Warnings:"
        for warning in plan.warnings:
            yield "  ! " + (f"{warning.address}: " if warning.address else "") + warning.why
            yield from (f"      {line}" for line in warning.remedy.splitlines())
        yield ""


def _format_foreign(plan: Plan) -> Iterator[str]:
    foreign = list(find_foreign(plan))
    if foreign:
        yield "Not part of this stack, left untouched (whoever made it may remove it):"
        for live in foreign:
            owner = f"of stack {live.owner}" if live.owner else "without a stack's tags"
            yield f"    {live.spec.address}   {short_id(live.outputs['id'])}, {owner}"
        yield ""
