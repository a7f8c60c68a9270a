"""What the tag of a load balancer says of the hosted zone of its hosts."""

from desired_state.checks.dns import ZONE
from desired_state.hosts import find_door_of, list_records
from desired_state.tree import format_key
from reconciler.blueprint.context import Context
from reconciler.resources.dns_zones import format_zones


def find_zones(context: Context, balancer: str) -> str:
    """Return the zone of the file and the role for it as the tag of the load balancer with this key names them.

    Nothing without a zone, or where no host leads to the load balancer.
    """
    records = list_records(context.platform).values()
    leads = balancer in {find_door_of(context.platform, host).balancer for host in records}
    return format_zone(context) if leads else ""


def format_zone(context: Context) -> str:
    """Return the zone of the file and the role for it as tags name them; nothing without a zone."""
    dns, known = context.platform.dns, context.facts.existing
    if dns is None:
        return ""
    return format_zones({format_key(ZONE) if known is None else known[ZONE]["id"]: dns.role or ""})
