"""The target groups of a service: one for each port that routes lead to, behind each load balancer."""

from collections.abc import Sequence

from desired_state.groups import Group, group_of
from desired_state.network_doors import find_group_protocol
from desired_state.service import Service
from desired_state.traffic import HealthCheck as Settings
from desired_state.traffic import Route
from reconciler.blueprint.context import Context
from reconciler.blueprint.network_parts import Network
from reconciler.resources.target_group import (
    ALGORITHM,
    GRPC,
    HTTP1,
    SLOW_START,
    STICKINESS,
    HealthCheck,
    TargetGroup,
)

GRPC_CHECK = Settings(path="/AWS.ALB/healthcheck", matcher="12")  # AWS's own: the method is not implemented


def target_group(context: Context, network: Network, group: Group) -> TargetGroup:
    """Return the target group of a service's tasks at a port, behind a load balancer."""
    platform = context.platform
    service = platform.services[group.service]
    routes = [one for one in service.leading_routes if group_of(platform, group.service, one) == group]
    listens, protocol = service.listens[group.port], find_group_protocol(platform, group)
    is_http = protocol == "HTTP"
    return context.spec(
        TargetGroup,
        group.name_in(context.names),
        service=group.service,
        vpc=network.vpc,
        port=listens.port,
        protocol=protocol,
        version=(is_http and listens.version) or HTTP1,
        health_check=_health_check(service, is_http=is_http, of_grpc=is_http and listens.version == GRPC),
        attributes={"deregistration_delay.timeout_seconds": str(service.deregistration_delay)}
        | ({**_balancing(service), **_stickiness(routes)} if is_http else {}),
    )


def _health_check(service: Service, *, is_http: bool, of_grpc: bool) -> HealthCheck:
    """Return the check of a port: what the file does not say of it is as usual for the port's protocol.

    Behind a network load balancer it is passed by a connection, unless the file says otherwise.
    """
    settings = service.health_check
    port = {"port": str(service.ports[settings.port].port)} if settings.port else {}
    times = {name: getattr(settings, name) for name in ("interval", "timeout", "healthy", "unhealthy")}
    if not is_http and settings.protocol != "HTTP":
        return HealthCheck(protocol="TCP", **times, **port)
    fits = settings.is_for_grpc == of_grpc
    usual = GRPC_CHECK if of_grpc else Settings()
    return HealthCheck(
        path=settings.path if "path" in settings.model_fields_set else usual.path,
        matcher=settings.matcher if fits else usual.matcher,
        **times,
        **port,
    )


def _balancing(service: Service) -> dict[str, str]:
    """Return the attributes that say which task gets a request; none where the file leaves them open."""
    algorithm, slow_start = service.algorithm, service.slow_start
    if algorithm not in (None, "round_robin"):  # ELB refuses slow start beside it
        slow_start = 0
    given = {ALGORITHM: algorithm, SLOW_START: slow_start}
    return {key: str(value) for key, value in given.items() if value is not None}


def _stickiness(routes: Sequence[Route]) -> dict[str, str]:
    """Return the attributes that keep a client's requests at one task; none where the routes leave it open."""
    seconds = routes[0].sticky
    if not seconds:
        return {} if seconds is None else {STICKINESS: "false"}
    duration = {"stickiness.type": "lb_cookie", "stickiness.lb_cookie.duration_seconds": str(seconds)}
    return {STICKINESS: "true", **duration}
