"""The load balancers, their listeners, and the rules and target groups of the services."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desired_state.doors import Door
from desired_state.groups import Group, group_of, list_all_groups
from desired_state.load_balancer import NETWORK
from desired_state.load_balancer import FixedResponse as FixedResponseSettings
from desired_state.load_balancer import Listener as ListenerSettings
from desired_state.load_balancer import LoadBalancer as LoadBalancerSettings
from desired_state.load_balancer import Redirect as RedirectSettings
from desired_state.network_doors import is_network
from desired_state.traffic import Route
from reconciler.blueprint.balancer_attributes import list_attributes
from reconciler.blueprint.balancers import Balancer, find_server
from reconciler.blueprint.certificates import certificate_of, certificates
from reconciler.blueprint.context import Context
from reconciler.blueprint.log_in import log_in
from reconciler.blueprint.network_balancers import list_forwards, network_doors
from reconciler.blueprint.network_parts import Network
from reconciler.blueprint.priorities import choose
from reconciler.blueprint.target_groups import target_group
from reconciler.blueprint.zone_tag import find_zones
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.listener import FixedResponse, Listener, Redirect
from reconciler.resources.listener_rule import ListenerRule
from reconciler.resources.load_balancer import LoadBalancer
from reconciler.resources.target_group import TargetGroup


@dataclass(frozen=True)
class LoadBalancing:
    """The specs of the load balancers, and the Refs that services and the dashboard need."""

    specs: tuple[Spec, ...]
    balancers: Mapping[str, Balancer]  # by key
    target_groups: Mapping[Group, Ref]
    rules: Mapping[
        str, frozenset[Ref]
    ]  # service with routes -> the rules and listeners that forward to it: ECS refuses a group without one

    def groups_of(self, service: str) -> dict[Group, Ref]:
        """Return the target groups of a service."""
        return {group: ref for group, ref in self.target_groups.items() if group.service == service}


def load_balancing(context: Context, network: Network) -> LoadBalancing:
    """Return the load balancers, and a target group for each port of services with routes behind each."""
    made: list[Spec] = []
    balancers = {}
    groups = {group: target_group(context, network, group) for group in list_all_groups(context.platform)}
    for key, settings in context.platform.balancers.items():
        specs, balancers[key] = _doors(context, network, key, settings, groups)
        made += specs
    made += certificates(context)
    routed = [name for name, service in context.platform.services.items() if service.routes]
    rules = [rule for name in routed for rule in _rules(context, balancers, groups, name)]
    leading = {name: [r.ref() for r in rules if r.service == name and r.target_group] for name in routed}
    return LoadBalancing(
        specs=(*made, *groups.values(), *choose(rules)),
        balancers=balancers,
        target_groups={group: made.ref() for group, made in groups.items()},
        rules={
            name: frozenset({*found, *list_forwards(context, balancers, name)})
            for name, found in leading.items()
        },
    )


def _doors(
    context: Context,
    network: Network,
    key: str,
    settings: LoadBalancerSettings,
    groups: Mapping[Group, TargetGroup],
) -> tuple[tuple[Spec, ...], Balancer]:
    """Return the specs of a load balancer and its listeners, unless they exist, and the Refs to them."""
    if settings.existing:
        named = {name: listener.existing for name, listener in settings.listeners.items()}
        existing = {name: Ref("listener", arn, by_id=True) for name, arn in named.items() if arn}
        name_in_metrics = settings.existing.partition(":loadbalancer/")[2]
        dimension = Ref("load_balancer", name_in_metrics, "dimension", by_id=True)
        return (), Balancer(Ref("load_balancer", settings.existing, by_id=True), dimension, existing)
    if settings.type == NETWORK:
        return network_doors(context, network, key, settings, groups)
    balancer = _load_balancer(context, network, key, settings)
    listeners = {
        name: _listener(context, balancer, Door(key, name), one) for name, one in settings.listeners.items()
    }
    refs = {name: one.ref() for name, one in listeners.items()}
    return (balancer, *listeners.values()), Balancer(balancer.ref(), balancer.ref("dimension"), refs)


def _load_balancer(
    context: Context, network: Network, key: str, settings: LoadBalancerSettings
) -> LoadBalancer:
    place = network.balancers[key]
    return context.spec(
        LoadBalancer,
        context.names.load_balancer(key),
        scheme=settings.scheme,
        vpc=network.vpc,
        subnets=place.subnets,
        security_groups=frozenset({place.group}),
        attributes=list_attributes(settings),
        web_acl="" if settings.waf == "none" else settings.waf,
        drops_invalid_headers=True if settings.drop_invalid_headers is None else None,
        dns_zones=find_zones(context, key),
        after=place.way_in,
    )


def _listener(context: Context, balancer: LoadBalancer, door: Door, settings: ListenerSettings) -> Listener:
    return context.spec(
        Listener,
        context.names.listener(door),
        load_balancer=balancer.ref(),
        port=settings.port,
        protocol=settings.protocol,
        certificates=None if settings.certificates is None else frozenset(settings.certificates),
        trust_store="" if settings.trust_store == "none" else settings.trust_store,
        certificate=certificate_of(context, door, settings),
        ssl_policy=settings.ssl_policy if settings.certificate else None,
        default=_answer(settings.redirect or settings.default),
        after=_find_redirected_to(context, door, settings),
    )


def _find_redirected_to(context: Context, door: Door, settings: ListenerSettings) -> frozenset[Ref]:
    """Return the listeners that one without routes redirects to: it does so once they answer."""
    platform, to = context.platform, settings.redirect
    if to is None or door in platform.routed_doors:
        return frozenset()
    others = [
        Door(door.balancer, name)
        for name, other in platform.balancers[door.balancer].listeners.items()
        if not other.redirect and (other.protocol, other.port) == (to.protocol, to.port)
    ]
    return frozenset(Ref(Listener.kind, context.names.listener(other)) for other in others)


def _answer(settings: RedirectSettings | FixedResponseSettings) -> Redirect | FixedResponse:
    """Return the load balancer's own answer."""
    if isinstance(settings, RedirectSettings):
        return Redirect(**{**dict(settings), "port": str(settings.port)})
    return FixedResponse(**dict(settings))


def _rules(
    context: Context, balancers: Mapping[str, Balancer], groups: Mapping[Group, TargetGroup], name: str
) -> Iterator[ListenerRule]:
    service = context.platform.services[name]
    for number, route in enumerate(service.routes, 1):
        if is_network(context.platform, route):
            continue
        where = ("services", name, "routes", number - 1)
        door = context.platform.door_of(route)
        group = None if route.answer else groups[group_of(context.platform, name, route)].ref()
        yield context.spec(
            ListenerRule,
            context.names.rule(door, name, number),
            service=name,
            listener=balancers[door.balancer].listeners[door.listener],
            priority=route.priority or 0,
            chosen=route.priority is None,
            **_conditions(route),
            **log_in(context, where, route),
            target_group=group,
            answer=route.answer and _answer(route.answer),
            served_by=find_server(context, name) if group else None,
            dns_zones=_zones_of(context, door, route),
        )


def _zones_of(context: Context, door: Door, route: Route) -> str:
    """Return the zone of the route's hosts if no tag of the load balancer can name it: it is of others."""
    is_of_others = context.platform.balancers[door.balancer].existing and route.hosts
    return find_zones(context, door.balancer) if is_of_others else ""


def _conditions(route: Route) -> dict[str, Any]:
    """Return the fields of a rule that hold its conditions."""
    plain = {"paths": route.paths, "hosts": route.hosts, "source": route.source}
    by_name = {"headers": route.headers, "query": route.query}
    return {
        **{field: frozenset(values) for field, values in plain.items()},
        "methods": frozenset(method.upper() for method in route.methods),
        **{f: {name: frozenset(v) for name, v in values.items()} for f, values in by_name.items()},
    }
