"""How bad a difference is, by what its resource type says of it. Pure."""

from typing import Any

from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.spec import Spec
from reconciler.resources.kind import Kind


def rate(kind: Kind[Any], live: Spec, want: Spec, diff: ValueDiff) -> Severity:
    """Return the severity of a difference: by the type's judge, else by its field."""
    said = kind.severities
    judged = said.judge(live, want, diff) if said.judge else None
    by_field = Severity.TAGS if diff.field == "tags" else Severity.CONFIGURATION
    return judged or said.fields.get(diff.field, by_field)
