"""How bad it is that a listener rule drifts: requests go elsewhere."""

from reconciler.model.drift import Severity
from reconciler.resources.drifting import Severities
from reconciler.resources.listener_rule.spec import ListenerRule

ROUTING = (
    *("listener", "priority", "paths", "hosts", "methods", "headers", "query", "source", "other_conditions"),
    *("transforms", "target_group", "answer", "secret_version"),
)
SEVERITIES: Severities[ListenerRule] = Severities(
    {**dict.fromkeys(ROUTING, Severity.AVAILABILITY), "auth": Severity.SECURITY},
    orphaned=Severity.AVAILABILITY,  # it takes requests
    foreign=Severity.SECURITY,  # somebody else gets them
)
