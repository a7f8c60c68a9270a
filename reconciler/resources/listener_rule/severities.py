"""What is told of a listener rule that drifts, and how bad it is: requests go elsewhere, or come in unasked."""

from reconciler.model.drift import Severity
from reconciler.resources.drifting import Correcting, DriftNotes, Severities
from reconciler.resources.listener_rule.spec import ListenerRule

ROUTING = (
    *("listener", "priority", "paths", "hosts", "methods", "headers", "query", "other_conditions"),
    *("transforms", "target_group", "secret_version"),
)
GUARDS = ("auth", "source", "answer")  # who gets in, and where redirects lead
SEVERITIES: Severities[ListenerRule] = Severities(
    {**dict.fromkeys(ROUTING, Severity.AVAILABILITY), **dict.fromkeys(GUARDS, Severity.SECURITY)},
    orphaned=Severity.AVAILABILITY,  # it takes requests
    foreign=Severity.SECURITY,  # somebody else gets them
)
OTHER_LOG_IN = "the secret is given with the log-in of the file, and the rule has another one"


def _never_elsewhere(live: ListenerRule, want: ListenerRule, field: str) -> str:
    """Say why a secret is not given alone: a log-in that somebody has changed would take it elsewhere."""
    return OTHER_LOG_IN if field == "secret_version" and live.auth != want.auth else ""


CORRECTING: Correcting[ListenerRule] = Correcting(never=_never_elsewhere)
DRIFT_NOTES: DriftNotes[ListenerRule] = DriftNotes(
    meaning=lambda diff: (
        "the rule was given another version of its client secret than the present one"
        if diff.field == "secret_version"
        else ""
    )
)
