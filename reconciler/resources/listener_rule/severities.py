"""How bad it is that a listener rule drifts: requests go elsewhere."""

from reconciler.model.drift import Severity
from reconciler.resources.drifting import Severities

ROUTING = ("listener", "priority", "paths", "hosts", "other_conditions", "transforms", "target_group")
SEVERITIES = Severities(
    dict.fromkeys(ROUTING, Severity.AVAILABILITY),
    orphaned=Severity.AVAILABILITY,  # it takes requests
    foreign=Severity.SECURITY,  # somebody else gets them
)
