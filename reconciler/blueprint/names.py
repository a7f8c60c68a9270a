"""The records of the hosts of routes, in the hosted zone of the file."""

from collections.abc import Iterable, Iterator

from desired_state.checks.dns import ZONE
from desired_state.hosts import find_door_of, list_records
from desired_state.tree import format_key
from reconciler.blueprint.context import Context
from reconciler.blueprint.existing.load_balancer import where_existing
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.dns_record import DnsRecord
from reconciler.resources.listener_rule import ListenerRule


def names(context: Context, balancing: Iterable[Spec]) -> Iterator[DnsRecord]:
    """Yield the records of each host, given the specs of load balancing; nothing without a zone.

    They come after the rules that answer for the host.
    """
    dns, specs, platform = context.platform.dns, tuple(balancing), context.platform
    if dns is None:
        return
    known = context.facts.existing
    zone = format_key(ZONE) if known is None else known[ZONE]["id"]
    for host, first in list_records(platform).items():
        balancer = find_door_of(platform, first).balancer
        rules = [rule for rule in specs if isinstance(rule, ListenerRule) and _answers_for(rule, host)]
        yield context.spec(
            DnsRecord,
            host,
            zone=zone,
            role=dns.role or "",
            private=bool(known and known[ZONE]["private"]),
            target=_output(context, balancer, "dns"),
            target_zone=_output(context, balancer, "zone"),
            stack=context.stack,
            served_by=rules[0].served_by,
            after=frozenset(rule.ref() for rule in rules),
        )


def _answers_for(rule: ListenerRule, host: str) -> bool:
    return any(one.lower() == host for one in rule.hosts)


def _output(context: Context, balancer: str, attr: str) -> Ref:
    """Return a Ref to the name in DNS of the load balancer with this key, or to the zone that this is in."""
    if context.platform.balancers[balancer].existing:
        return context.existing("load_balancer", where_existing(balancer), attr)
    return Ref("load_balancer", context.names.load_balancer(balancer), attr)
