"""Network load balancers: each listener forwards to the target group of the service with a route to it."""

from collections.abc import Iterator, Mapping

from desired_state.doors import Door
from desired_state.groups import Group, group_of
from desired_state.load_balancer import LoadBalancer as LoadBalancerSettings
from desired_state.network_doors import is_network
from reconciler.blueprint.balancers import Balancer, find_server
from reconciler.blueprint.certificates import certificate_of
from reconciler.blueprint.context import Context
from reconciler.blueprint.network_parts import Network
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.listener import Forward, Listener
from reconciler.resources.load_balancer import CROSS_ZONE, NETWORK, LoadBalancer
from reconciler.resources.target_group import TargetGroup


def network_doors(
    context: Context,
    network: Network,
    key: str,
    settings: LoadBalancerSettings,
    groups: Mapping[Group, TargetGroup],
) -> tuple[tuple[Spec, ...], Balancer]:
    """Return the specs of a network load balancer and of its listeners with routes, and the Refs to them."""
    balancer = _load_balancer(context, network, key, settings)
    listeners = {
        door.listener: _listener(context, balancer, settings, door, service, groups[group])
        for door, service, group in _list_routed(context)
        if door.balancer == key
    }
    refs = {name: one.ref() for name, one in listeners.items()}
    return (balancer, *listeners.values()), Balancer(balancer.ref(), balancer.ref("dimension"), refs)


def list_forwards(context: Context, balancers: Mapping[str, Balancer], service: str) -> frozenset[Ref]:
    """Return the listeners of network load balancers that forward to a service."""
    doors = [door for door, of, _group in _list_routed(context) if of == service]
    return frozenset(balancers[door.balancer].listeners[door.listener] for door in doors)


def _list_routed(context: Context) -> Iterator[tuple[Door, str, Group]]:
    """Yield each listener with a route, the service that has it, and the target group that it leads to."""
    platform = context.platform
    for name, service in platform.services.items():
        for route in service.routes:
            if is_network(platform, route):
                yield platform.door_of(route), name, group_of(platform, name, route)


def _load_balancer(
    context: Context, network: Network, key: str, settings: LoadBalancerSettings
) -> LoadBalancer:
    """Return the load balancer, which always has a security group: none can be given to it later."""
    place = network.balancers[key]
    flags = {"deletion_protection.enabled": settings.deletion_protection, CROSS_ZONE: settings.cross_zone}
    return context.spec(
        LoadBalancer,
        context.names.load_balancer(key),
        type=NETWORK,
        scheme=settings.scheme,
        vpc=network.vpc,
        subnets=place.subnets,
        security_groups=frozenset({place.group}),
        attributes={name: str(flag).lower() for name, flag in flags.items() if flag is not None},
        after=place.way_in,
    )


def _listener(
    context: Context,
    balancer: LoadBalancer,
    settings: LoadBalancerSettings,
    door: Door,
    service: str,
    group: TargetGroup,
) -> Listener:
    listener = settings.listeners[door.listener]
    return context.spec(
        Listener,
        context.names.listener(door),
        load_balancer=balancer.ref(),
        port=listener.port,
        protocol=listener.protocol,
        certificates=None if listener.certificates is None else frozenset(listener.certificates),
        certificate=certificate_of(context, door, listener),
        ssl_policy=listener.ssl_policy if listener.certificate else None,
        default=Forward(target_group=group.ref()),
        served_by=find_server(context, service),
    )
