"""The target groups of a service: one for each port that routes lead to, behind each load balancer."""

from collections.abc import Sequence

from desired_state.groups import Group, group_of
from desired_state.traffic import Route
from reconciler.blueprint.context import Context
from reconciler.blueprint.network_parts import Network
from reconciler.resources.target_group import SLOW_START, STICKINESS, HealthCheck, TargetGroup


def target_group(context: Context, network: Network, group: Group) -> TargetGroup:
    """Return the target group of a service's tasks at a port, behind a load balancer."""
    platform = context.platform
    service = platform.services[group.service]
    routes = [one for one in service.routes if group_of(platform, group.service, one) == group]
    check = service.health_check
    return context.spec(
        TargetGroup,
        group.name_in(context.names),
        service=group.service,
        vpc=network.vpc,
        port=service.listens[group.port].port,
        protocol="HTTP",
        health_check=HealthCheck(
            path=check.path,
            interval=check.interval,
            timeout=check.timeout,
            healthy=check.healthy,
            unhealthy=check.unhealthy,
            matcher=check.matcher,
        ),
        attributes={"deregistration_delay.timeout_seconds": str(service.deregistration_delay)}
        | ({} if service.slow_start is None else {SLOW_START: str(service.slow_start)})
        | _stickiness(routes),
    )


def _stickiness(routes: Sequence[Route]) -> dict[str, str]:
    """Return the attributes that keep a client's requests at one task; none where the routes leave it open."""
    seconds = routes[0].sticky
    if not seconds:
        return {} if seconds is None else {STICKINESS: "false"}
    duration = {"stickiness.type": "lb_cookie", "stickiness.lb_cookie.duration_seconds": str(seconds)}
    return {STICKINESS: "true", **duration}
