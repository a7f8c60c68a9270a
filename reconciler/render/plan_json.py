"""A plan as a JSON document, and the parts that an outcome's document has too."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from reconciler.model.plan import Change, Conflict, Op, Plan, PlanWarning
from reconciler.model.steps import Call, Later, Step
from reconciler.render.costs import find_price
from reconciler.render.differences import MISSING, Difference, Ids, find_differences
from reconciler.render.moves import describe_move
from reconciler.render.not_in_file import not_in_file_document
from reconciler.render.plan_summary import (
    Entry,
    count_changes,
    describe_awaited,
    describe_order,
    entries,
    find_foreign,
    unchanged_ids,
)
from reconciler.render.redaction import is_hidden
from reconciler.render.values import format_params, to_json_value

Document = dict[str, Any]


def plan_document(plan: Plan, refusals: Iterable[str] = (), *, show_values: bool = False) -> Document:
    """Return the plan's changes with their AWS calls, in the order of the plan's text.

    `refusals` are objections that no consent overrides (see `reconciler.plan.safety`). Secrets are hidden,
    unless `show_values` shows them.
    """
    ids = unchanged_ids(plan)
    return scope_document(plan) | {
        "changes": [
            _entry_document(plan, heading, entry, ids, show_values=show_values)
            for heading, group in entries(plan).items()
            for entry in group
        ],
        "conflicts": conflicts_document(plan.conflicts),
        "refusals": refusals_document(refusals),
        "warnings": warnings_document(plan.warnings),
        "not_in_file": not_in_file_document(plan.not_in_file, show_values=show_values),
        "foreign": [
            {"address": str(live.spec.address), "id": live.outputs["id"], "owner": live.owner}
            for live in find_foreign(plan)
        ],
        "counts": dict(count_changes(plan)),
        "monthly_usd": round(sum(map(find_price, plan.changes)), 2),
    }


def scope_document(plan: Plan) -> Document:
    """Return the stack that the plan is for, with its account and region; empty for a script's plan."""
    return asdict(plan.scope) if plan.scope else {}


def conflicts_document(conflicts: Iterable[Conflict]) -> list[Document]:
    """Return each conflict with its remedy."""
    return [{"address": str(c.address), "why": c.why, "remedy": c.remedy} for c in conflicts]


def refusals_document(objections: Iterable[str]) -> list[Document]:
    """Return each objection: its first line is the reason, and the rest the remedy."""
    parts = (objection.partition("\n") for objection in objections)
    return [{"why": why, "remedy": remedy.strip()} for why, _, remedy in parts]


def warnings_document(warnings: Iterable[PlanWarning]) -> list[Document]:
    """Return each warning; its address is null if it is about no single resource."""
    return [{"address": w.address and str(w.address), "why": w.why, "remedy": w.remedy} for w in warnings]


def _entry_document(plan: Plan, heading: str, entry: Entry, ids: Ids, *, show_values: bool) -> Document:
    change = entry.change
    document: Document = {
        "op": entry.op,
        "address": str(change.address),
        "heading": heading,
        "fields": fields_document(change, ids, show_values=show_values),
        "calls": [c for part in entry.parts for c in calls_document(part, show_values=show_values)],
    }
    document |= {"note": describe_move(plan, change)} if change.moved else {}
    if entry.replaced:
        document |= {"replaces": entry.replaced.key, "order": describe_order(plan, entry)}
        document["calls"] += calls_document(entry.replaced, show_values=show_values)
    document |= {"loses": change.loses} if change.loses else {}
    document |= {"interrupts": change.interrupts} if change.interrupts else {}
    if later := [part.later for part in entry.parts if part.later]:
        document["later"] = [_later_document(mark, show_values=show_values) for mark in later]
    if change.op is Op.AWAIT and not change.live:
        document["note"], document["remedy"] = describe_awaited(plan, change)
    return document


def _later_document(mark: Later, *, show_values: bool) -> Document:
    otherwise = _steps_document(mark.otherwise, show_values=show_values)
    return {"what": mark.what, "why": mark.why} | ({"otherwise": otherwise} if otherwise else {})


def fields_document(change: Change, ids: Ids, *, show_values: bool = False) -> list[Document]:
    """Return the change's differences; `ids` as for `find_differences`. One with a secret is `hidden`."""
    found = find_differences(change.fields, ids, show_values=show_values)
    return [_difference_document(d) for d in found]


def _difference_document(d: Difference) -> Document:
    sides = {k: to_json_value(v) for k, v in (("from", d.live), ("to", d.want)) if v is not MISSING}
    return {"field": d.path} | sides | ({"hidden": True} if is_hidden(sides) else {})


def calls_document(change: Change, *, show_values: bool = False) -> list[Document]:
    """Return the AWS calls of the change; secrets are hidden unless `show_values`."""
    return _steps_document(change.steps, show_values=show_values)


def _steps_document(steps: Iterable[Step], *, show_values: bool) -> list[Document]:
    return [
        {
            "service": s.service,
            "operation": s.operation,
            "params": format_params(s.params, show_values=show_values),
        }
        for s in steps
        if isinstance(s, Call)
    ]
