"""The load balancer, its listeners, and the rules and target groups of the services."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desired_state.load_balancer import Listener as ListenerSettings
from desired_state.load_balancer import LoadBalancer as LoadBalancerSettings
from desired_state.service import Service
from reconciler.blueprint.context import Context
from reconciler.blueprint.log_in import log_in
from reconciler.blueprint.network_parts import Network
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
    rules = {name: tuple(_rules(context, listeners, groups, name)) for name in routed}
    return LoadBalancing(
        specs=(
            *made,
            *groups.values(),
            *(r for found in rules.values() for r in found),
        ),
        load_balancer=balancer,
        dimension=dimension,
        target_groups={key: group.ref() for key, group in groups.items()},
        rules={name: frozenset(rule.ref() for rule in found) for name, found in rules.items()},
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
    default: Redirect | FixedResponse
    if settings.redirect:
        r = settings.redirect
        default = Redirect(
            protocol=r.protocol, port=str(r.port), host=r.host, path=r.path, query=r.query, status=r.status
        )
    else:
        d = settings.default
        default = FixedResponse(status=d.status, content_type=d.content_type, body=d.body)
    return context.spec(
        Listener,
        context.names.listener(name),
        load_balancer=balancer.ref(),
        port=settings.port,
        protocol=settings.protocol,
        certificate=settings.certificate,
        ssl_policy=settings.ssl_policy if settings.certificate else None,
        default=default,
    )


def _rules(
    context: Context,
    listeners: Mapping[str, Ref],
    groups: Mapping[tuple[str, str], TargetGroup],
    name: str,
) -> Iterator[ListenerRule]:
    service = context.platform.services[name]
    for number, route in enumerate(service.routes, 1):
        where = ("services", name, "routes", number - 1)
        listener = context.platform.listener_of(route)
        group = groups[name, service.port_of(route) or ""]
        yield context.spec(
            ListenerRule,
            context.names.rule(listener, name, number),
            service=name,
            listener=listeners[listener],
            priority=route.priority,
            paths=frozenset(route.paths),
            hosts=frozenset(route.hosts),
            **log_in(context, where, route),
            target_group=group.ref(),
            served_by=_served_by(context, name, service),
        )


def _served_by(context: Context, name: str, service: Service) -> Address | None:
    """Return the address of the ECS service; None if it runs no tasks, which nothing could wait for."""
    runs = service.desired_count or (service.scaling and service.scaling.min)
    return Address(EcsService.kind, context.names.service(name)) if runs else None
