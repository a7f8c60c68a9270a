"""Plans and outcomes as JSON documents."""

from collections.abc import Iterable
from typing import Any

from reconciler.model.plan import Change, Conflict, Plan
from reconciler.model.steps import Call
from reconciler.render.differences import NOTHING, Difference, Ids, differences
from reconciler.render.redaction import redacted
from reconciler.render.summary import Entry, awaits, counts, entries, staying, strangers
from reconciler.render.values import plain

Document = dict[str, Any]


def plan_document(plan: Plan) -> Document:
    """The changes in the order of the text, with the calls that would be made."""
    ids = staying(plan)
    return {
        "changes": [
            _change(plan, heading, entry, ids) for heading, found in entries(plan).items() for entry in found
        ],
        "conflicts": conflicts_document(plan.conflicts),
        "foreign": [
            {"address": str(live.spec.address), "id": live.outputs["id"], "owner": live.owner}
            for live in strangers(plan)
        ],
        "counts": dict(counts(plan)),
    }


def conflicts_document(conflicts: Iterable[Conflict]) -> list[Document]:
    """Why a plan may not be run."""
    return [{"address": str(c.address), "why": c.why, "remedy": c.remedy} for c in conflicts]


def _change(plan: Plan, heading: str, entry: Entry, ids: Ids) -> Document:
    change = entry.change
    document: Document = {
        "op": entry.op,
        "address": str(change.address),
        "heading": heading,
        "fields": fields_document(change, ids),
        "calls": calls_document(change),
    }
    if entry.replaced:
        document |= {"replaces": entry.replaced.key, "order": entry.order}
        document |= {"interrupts": entry.interruption} if entry.interruption else {}
        document["calls"] += calls_document(entry.replaced)
    if change.op == "await" and not change.live:
        document["note"], document["remedy"] = awaits(plan, change)
    return document


def fields_document(change: Change, ids: Ids) -> list[Document]:
    """What differs; `ids` as in `differences`."""
    return [_field(d) for d in differences(change.fields, ids)]


def _field(d: Difference) -> Document:
    return {"field": d.path} | {
        name: plain(value) for name, value in (("from", d.live), ("to", d.want)) if value is not NOTHING
    }


def calls_document(change: Change) -> list[Document]:
    """The AWS calls that it makes."""
    return [
        {"service": s.service, "operation": s.operation, "params": redacted(plain(s.params))}
        for s in change.steps
        if isinstance(s, Call)
    ]
