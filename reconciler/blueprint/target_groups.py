"""The target groups of a service: one for each port that routes lead to."""

from desired_state.service import Service
from reconciler.blueprint.context import Context
from reconciler.blueprint.network_parts import Network
from reconciler.resources.target_group import SLOW_START, STICKINESS, HealthCheck, TargetGroup


def target_group(context: Context, network: Network, name: str, port: str) -> TargetGroup:
    """Return the target group of a service's tasks at the port of this name."""
    service = context.platform.services[name]
    check = service.health_check
    return context.spec(
        TargetGroup,
        context.names.target_group(name, "" if port == service.default_port else port),
        service=name,
        vpc=network.vpc,
        port=service.listens[port].port,
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
        | _stickiness(service, port),
    )


def _stickiness(service: Service, port: str) -> dict[str, str]:
    """Return the attributes that keep a client's requests at one task; none where the routes leave it open."""
    seconds = next(route.sticky for route in service.routes if service.port_of(route) == port)
    if not seconds:
        return {} if seconds is None else {STICKINESS: "false"}
    duration = {"stickiness.type": "lb_cookie", "stickiness.lb_cookie.duration_seconds": str(seconds)}
    return {STICKINESS: "true", **duration}
