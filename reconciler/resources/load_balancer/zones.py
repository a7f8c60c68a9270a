"""The tag of a load balancer that names the hosted zones of its hosts.

By it a run finds records of ours after the file has lost the zone. A zone is added before it has any record,
and taken away only when all else has succeeded, the deletion of the records included.
"""

from collections.abc import Iterator

from reconciler.model import tags
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Later
from reconciler.resources.dns_zones import ZONES, format_zones, parse_zones
from reconciler.resources.load_balancer.spec import LoadBalancer


def make_zone_tag(want: LoadBalancer) -> tags.Tags:
    """Return the tag of a new load balancer; nothing if its hosts have no zone."""
    return {ZONES: want.dns_zones} if want.dns_zones else {}


def widen_zone_tag(want: LoadBalancer, live: Live[LoadBalancer]) -> Iterator[Call]:
    """Yield the call that adds the zones which the tag lacks; nothing if it lacks none."""
    if (both := _join(want, live)) != live.spec.dns_zones:
        yield tags.ELB.call(want.ref(), {ZONES: both})


def narrow_zone_tag(want: LoadBalancer, live: Live[LoadBalancer]) -> Iterator[Call | Later]:
    """Yield the call, for later, that takes the zones away which the file does not have."""
    if _join(want, live) != want.dns_zones:
        yield Later("zones", "a zone leaves its tag once no record of this stack is in it", last=True)
        yield tags.ELB.call(want.ref(), {ZONES: want.dns_zones})


def _join(want: LoadBalancer, live: Live[LoadBalancer]) -> str:
    old, new = parse_zones(live.spec.dns_zones), parse_zones(want.dns_zones)
    return format_zones(old | new) if old.keys() - new.keys() else want.dns_zones
