"""The target groups of a service: one for each port that routes lead to, behind each load balancer."""

from collections.abc import Sequence

from desired_state.groups import Group, group_of
from desired_state.network_doors import find_group_protocol
from desired_state.service import Service
from desired_state.traffic import Route
from reconciler.blueprint.context import Context
from reconciler.blueprint.network_parts import Network
from reconciler.resources.target_group import SLOW_START, STICKINESS, HealthCheck, TargetGroup


def target_group(context: Context, network: Network, group: Group) -> TargetGroup:
    """Return the target group of a service's tasks at a port, behind a load balancer."""
    platform = context.platform
    service = platform.services[group.service]
    routes = [one for one in service.routes if group_of(platform, group.service, one) == group]
    protocol = find_group_protocol(platform, group)
    return context.spec(
        TargetGroup,
        group.name_in(context.names),
        service=group.service,
        vpc=network.vpc,
        port=service.listens[group.port].port,
        protocol=protocol,
        health_check=_health_check(service, is_network=protocol != "HTTP"),
        attributes={"deregistration_delay.timeout_seconds": str(service.deregistration_delay)}
        | (_of_requests(service, routes) if protocol == "HTTP" else {}),
    )


def _health_check(service: Service, *, is_network: bool) -> HealthCheck:
    """Return the check of a group: one behind a network load balancer is passed by a connection."""
    check = service.health_check
    port = {"port": str(service.ports[check.port].port)} if check.port else {}
    times = {name: getattr(check, name) for name in ("interval", "timeout", "healthy", "unhealthy")}
    if is_network and check.protocol != "HTTP":
        return HealthCheck(protocol="TCP", **times, **port)
    return HealthCheck(path=check.path, matcher=check.matcher, **times, **port)


def _of_requests(service: Service, routes: Sequence[Route]) -> dict[str, str]:
    """Return the attributes that only a group of HTTP has."""
    slow_start = {} if service.slow_start is None else {SLOW_START: str(service.slow_start)}
    return slow_start | _stickiness(routes)


def _stickiness(routes: Sequence[Route]) -> dict[str, str]:
    """Return the attributes that keep a client's requests at one task; none where the routes leave it open."""
    seconds = routes[0].sticky
    if not seconds:
        return {} if seconds is None else {STICKINESS: "false"}
    duration = {"stickiness.type": "lb_cookie", "stickiness.lb_cookie.duration_seconds": str(seconds)}
    return {STICKINESS: "true", **duration}
