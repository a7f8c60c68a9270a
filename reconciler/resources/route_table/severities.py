"""How bad it is that a route table drifts: a way to the internet is opened, or a way is lost."""

from collections.abc import Iterator

from reconciler.model.differences import MISSING, ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.references import Ref
from reconciler.resources.drifting import DriftNotes, Severities
from reconciler.resources.route_table.spec import RouteTable, is_internet_gateway, leads_to_internet


def judge(live: RouteTable, _want: RouteTable, diff: ValueDiff) -> Severity | None:
    match diff:
        case ValueDiff(where=("routes", *_), live=Ref() as target) if is_internet_gateway(target):
            return Severity.SECURITY
        case ValueDiff(where=("subnets", *_), want=want) if want is MISSING:  # it has got a subnet more
            opens = any(map(is_internet_gateway, live.routes.values()))
            return Severity.SECURITY if opens else Severity.CONFIGURATION
        case ValueDiff(where=("routes" | "subnets", *_)):
            return Severity.AVAILABILITY
    return None


def find_others_routes(live: RouteTable, want: RouteTable) -> Iterator[str]:
    """Yield the routes that others have added and that are left alone."""
    for destination, target in sorted(live.routes.items()):
        if destination not in want.routes and not leads_to_internet(target):
            yield f"route {destination} to {target.name}, which is not in the file"


SEVERITIES = Severities(judge=judge)
DRIFT_NOTES = DriftNotes(unlike=find_others_routes)
