"""How bad it is that a load balancer drifts: it is exposed, less careful, or answers less."""

from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.resources.drifting import Severities, by_side, opened_or_closed
from reconciler.resources.load_balancer.spec import (
    DELETION_PROTECTION,
    DROP_INVALID_HEADERS,
    LoadBalancer,
)

DESYNC_MITIGATION = "routing.http.desync_mitigation_mode"
EVIDENCE = ("access_logs.", "connection_logs.")  # logs that tell who sent what, perhaps gone or elsewhere
STRICTNESS = ("monitor", "defensive", "strictest")  # of its values (ELB user guide, "Desync mitigation mode")


def judge(_live: LoadBalancer, _want: LoadBalancer, diff: ValueDiff) -> Severity | None:
    match diff:
        case ValueDiff(where=("scheme",)):
            return Severity.SECURITY if diff.live == "internet-facing" else Severity.AVAILABILITY
        case ValueDiff(where=("security_groups", *_)):
            return opened_or_closed(diff)
        case ValueDiff(where=("subnets", *_)):
            return by_side(Severity.CONFIGURATION, Severity.AVAILABILITY)(diff)
        case ValueDiff(where=("attributes", key)):
            return _judge_attribute(str(key), diff)
    return None


def _judge_attribute(key: str, diff: ValueDiff) -> Severity | None:
    if key == DROP_INVALID_HEADERS and diff.live != "true":
        return Severity.SECURITY
    if key.startswith(EVIDENCE):
        return Severity.SECURITY
    if key == DESYNC_MITIGATION and {diff.live, diff.want} <= {*STRICTNESS}:
        weaker = STRICTNESS.index(diff.live) < STRICTNESS.index(diff.want)
        return Severity.SECURITY if weaker else None
    return Severity.AVAILABILITY if key == DELETION_PROTECTION and diff.live != "true" else None


SEVERITIES = Severities(
    {
        **dict.fromkeys(("type", "vpc", "failure"), Severity.AVAILABILITY),
        **dict.fromkeys(("drops_invalid_headers", "groupless", "web_acl"), Severity.SECURITY),
    },
    orphaned=Severity.SECURITY,
    judge=judge,
)
