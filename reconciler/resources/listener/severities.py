"""How bad it is that a listener drifts: what clients send is less protected, or goes elsewhere."""

from reconciler.model.drift import Severity
from reconciler.resources.drifting import Severities
from reconciler.resources.listener.spec import Listener

SEVERITIES: Severities[Listener] = Severities(
    {
        **dict.fromkeys(
            ("protocol", "certificate", "certificates", "trust_store", "ssl_policy", "default"),
            Severity.SECURITY,
        ),
        **dict.fromkeys(("load_balancer", "port"), Severity.AVAILABILITY),
    },
    orphaned=Severity.SECURITY,  # a port that is open
    foreign=Severity.SECURITY,
)
