"""The load balancer, its listeners, and the rules and target groups of the services."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desired_state.load_balancer import FixedResponse as FixedResponseSettings
from desired_state.load_balancer import Listener as ListenerSettings
from desired_state.load_balancer import LoadBalancer as LoadBalancerSettings
from desired_state.load_balancer import Redirect as RedirectSettings
from desired_state.service import Service
from desired_state.traffic import Route
from reconciler.blueprint.context import Context
from reconciler.blueprint.network_parts import Network
from reconciler.blueprint.priorities import choose
from reconciler.blueprint.target_groups import target_group
from reconciler.model.references import Address, Ref
from reconciler.model.spec import Spec
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.listener import FixedResponse, Listener, Redirect
from reconciler.resources.listener_rule import ListenerRule
from reconciler.resources.load_balancer import DROP_INVALID_HEADERS, HTTP2, LoadBalancer
from reconciler.resources.target_group import TargetGroup


@dataclass(frozen=True)
class LoadBalancing:
    """The specs of the load balancer, and the Refs that services and the dashboard need."""

    specs: tuple[Spec, ...]
    load_balancer: Ref | None
    dimension: Ref | None  # to the load balancer's name in metrics
    target_groups: Mapping[tuple[str, str], Ref]  # service, and name of a port with routes -> target group
    rules: Mapping[
        str, frozenset[Ref]
    ]  # service with routes -> its rules: ECS refuses a target group without one

    def groups_of(self, service: str) -> dict[str, Ref]:
        """Return the target groups of a service, by the name of their port."""
        return {port: group for (owner, port), group in self.target_groups.items() if owner == service}


def load_balancing(context: Context, network: Network) -> LoadBalancing:
    """Return a load balancer in all public subnets, and a target group for each service with routes, if any."""
    settings = context.platform.load_balancer
    if settings is None:
        return LoadBalancing((), None, None, {}, {})
    made, listeners = _doors(context, network, settings)
    balancer, dimension = _refs(context, settings)
    routed = {name: service for name, service in context.platform.services.items() if service.routes}
    groups = {
        (name, port): target_group(context, network, name, port)
        for name, service in routed.items()
        for port in service.routed_ports
    }
    rules = [rule for name in routed for rule in _rules(context, listeners, groups, name)]
    return LoadBalancing(
        specs=(
            *made,
            *groups.values(),
            *choose(rules),
        ),
        load_balancer=balancer,
        dimension=dimension,
        target_groups={key: group.ref() for key, group in groups.items()},
        rules={
            name: frozenset(r.ref() for r in rules if r.service == name and r.target_group) for name in routed
        },
    )


def _doors(
    context: Context, network: Network, settings: LoadBalancerSettings
) -> tuple[tuple[Spec, ...], Mapping[str, Ref]]:
    """Return the specs of the load balancer and its listeners, unless they exist, and the listeners."""
    if settings.existing:
        existing = {name: listener.existing for name, listener in settings.listeners.items()}
        return (), {name: Ref("listener", arn, by_id=True) for name, arn in existing.items() if arn}
    balancer = _load_balancer(context, network, settings)
    listeners = {name: _listener(context, balancer, name, one) for name, one in settings.listeners.items()}
    return (balancer, *listeners.values()), {name: one.ref() for name, one in listeners.items()}


def _refs(context: Context, settings: LoadBalancerSettings) -> tuple[Ref, Ref]:
    """Return the Ref to the load balancer, and its name in metrics."""
    if settings.existing:
        name_in_metrics = settings.existing.partition(":loadbalancer/")[2]
        dimension = Ref("load_balancer", name_in_metrics, "dimension", by_id=True)
        return Ref("load_balancer", settings.existing, by_id=True), dimension
    name = context.names.load_balancer
    return Ref("load_balancer", name), Ref("load_balancer", name, "dimension")


def _load_balancer(context: Context, network: Network, settings: LoadBalancerSettings) -> LoadBalancer:
    return context.spec(
        LoadBalancer,
        context.names.load_balancer,
        scheme=settings.scheme,
        vpc=network.vpc,
        subnets=network.balancer_subnets,
        security_groups=frozenset({network.balancer_group} - {None}),
        attributes=_attributes(settings),
        after=network.way_in,
    )


def _attributes(settings: LoadBalancerSettings) -> dict[str, str]:
    """Return the attributes that the file gives; those that it leaves open are left out."""
    flags = {
        "deletion_protection.enabled": settings.deletion_protection,
        DROP_INVALID_HEADERS: settings.drop_invalid_headers,
        HTTP2: settings.http2,
    }
    given = {key: str(flag).lower() for key, flag in flags.items() if flag is not None}
    return {"idle_timeout.timeout_seconds": str(settings.idle_timeout), **given}


def _listener(context: Context, balancer: LoadBalancer, name: str, settings: ListenerSettings) -> Listener:
    return context.spec(
        Listener,
        context.names.listener(name),
        load_balancer=balancer.ref(),
        port=settings.port,
        protocol=settings.protocol,
        certificate=settings.certificate,
        ssl_policy=settings.ssl_policy if settings.certificate else None,
        default=_answer(settings.redirect or settings.default),
    )


def _answer(settings: RedirectSettings | FixedResponseSettings) -> Redirect | FixedResponse:
    """Return the load balancer's own answer."""
    if isinstance(settings, RedirectSettings):
        return Redirect(**{**dict(settings), "port": str(settings.port)})
    return FixedResponse(**dict(settings))


def _rules(
    context: Context,
    listeners: Mapping[str, Ref],
    groups: Mapping[tuple[str, str], TargetGroup],
    name: str,
) -> Iterator[ListenerRule]:
    service = context.platform.services[name]
    for number, route in enumerate(service.routes, 1):
        listener = context.platform.listener_of(route)
        group = None if route.answer else groups[name, service.port_of(route) or ""]
        yield context.spec(
            ListenerRule,
            context.names.rule(listener, name, number),
            service=name,
            listener=listeners[listener],
            priority=route.priority or 0,
            chosen=route.priority is None,
            **_conditions(route),
            target_group=group and group.ref(),
            answer=route.answer and _answer(route.answer),
            served_by=_served_by(context, name, service) if group else None,
        )


def _conditions(route: Route) -> dict[str, Any]:
    """Return the fields of a rule that hold its conditions."""
    plain = {"paths": route.paths, "hosts": route.hosts, "source": route.source}
    by_name = {"headers": route.headers, "query": route.query}
    return {
        **{field: frozenset(values) for field, values in plain.items()},
        "methods": frozenset(method.upper() for method in route.methods),
        **{f: {name: frozenset(v) for name, v in values.items()} for f, values in by_name.items()},
    }


def _served_by(context: Context, name: str, service: Service) -> Address | None:
    """Return the address of the ECS service; None if it runs no tasks, which nothing could wait for."""
    runs = service.desired_count or (service.scaling and service.scaling.min)
    return Address(EcsService.kind, context.names.service(name)) if runs else None
