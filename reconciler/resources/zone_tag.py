"""The tag of a load balancer, or of a rule in one of others, that names the hosted zones of its hosts.

By it a run finds records of ours after the file has lost the zone. A zone is added before it has any record,
and taken away only when all else has succeeded, the deletion of the records included.
"""

from collections.abc import Iterator
from typing import Protocol

from reconciler.model import tags
from reconciler.model.references import Ref
from reconciler.model.steps import Call, Later
from reconciler.resources.dns_zones import ZONES, format_zones, parse_zones


class Zoned(Protocol):
    """The spec of a resource with that tag."""

    @property
    def dns_zones(self) -> str: ...

    def ref(self) -> Ref: ...


def make_zone_tag(want: Zoned) -> tags.Tags:
    """Return the tag of a new resource; nothing if its hosts have no zone."""
    return {ZONES: want.dns_zones} if want.dns_zones else {}


def widen_zone_tag(want: Zoned, live: Zoned) -> Iterator[Call]:
    """Yield the call that adds the zones which the tag lacks; nothing if it lacks none."""
    if (both := _join(want, live)) != live.dns_zones:
        yield tags.ELB.call(want.ref(), {ZONES: both})


def narrow_zone_tag(want: Zoned, live: Zoned) -> Iterator[Call | Later]:
    """Yield the call, for later, that takes the zones away which the file does not have."""
    if _join(want, live) != want.dns_zones:
        yield Later("zones", "a zone leaves its tag once no record of this stack is in it", last=True)
        yield tags.ELB.call(want.ref(), {ZONES: want.dns_zones})


def _join(want: Zoned, live: Zoned) -> str:
    old, new = parse_zones(live.dns_zones), parse_zones(want.dns_zones)
    return format_zones(old | new) if old.keys() - new.keys() else want.dns_zones
