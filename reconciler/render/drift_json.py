"""A drift report as a JSON document, whose form docs/drift.md describes."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from reconciler.model.correction import Corrected
from reconciler.model.drift import Difference, DriftReport, Finding, Remark
from reconciler.render.drift_corrections import corrections_document
from reconciler.render.drift_words import count, shown_values
from reconciler.render.not_in_file import not_in_file_document
from reconciler.render.values import to_json_value

VERSION = 1  # of the form; it rises when a key goes or gets another meaning, and not for a new key
Document = dict[str, Any]


def drift_document(
    report: DriftReport, ended: Corrected | None = None, *, show_values: bool = False
) -> Document:
    """Return the report, and what was corrected. Secrets are hidden, unless `show_values` shows them."""
    return {
        "version": VERSION,
        **asdict(report.scope),
        "at": report.at,
        "file": report.digest,
        "clean": report.clean,
        "counts": {str(severity): number for severity, number in count(report).items()},
        "differences": [_difference(report, d, show_values=show_values) for d in report.differences],
        "not_compared": [{"what": n.what, "why": n.why} for n in report.not_compared],
        "dangerous": _remarks(report.dangerous),
        "foreign": _remarks(report.foreign),
        "remarks": _remarks(report.remarks),
        "not_in_file": not_in_file_document(report.not_in_file, show_values=show_values),
        "applied": _applied(report),
        "obstacle": report.obstacle or None,
        **corrections_document(ended),
    }


def _difference(report: DriftReport, d: Difference, *, show_values: bool) -> Document:
    document: Document = {
        "key": d.key,
        "address": str(d.address),
        "type": d.address.kind,
        "name": d.address.name,
        "service": d.service,
        "finding": str(d.finding),
        "field": d.path or None,
        "severity": str(d.severity),
        "status": str(d.status),
        "id": d.id or d.outputs.get("id"),
        "note": d.note or None,
        "held": d.held or None,
    }
    if d.finding is Finding.CHANGED:
        live, want = shown_values(d, show_values=show_values)
        document |= {"live": to_json_value(live), "want": to_json_value(want)}
    who = report.who.get(d.key)
    return document | ({"who": asdict(who)} if who else {})


def _remarks(found: Iterable[Remark]) -> list[Document]:
    return [{"what": r.what or None, "words": r.words, "severity": str(r.severity)} for r in found]


def _applied(report: DriftReport) -> Document | None:
    """Return what was applied last, without the digests of its resources."""
    if report.applied is None:
        return None
    document = asdict(report.applied)
    del document["resources"]
    return document
