"""The ECS service of a service of the platform."""

from collections.abc import Iterable, Iterator
from typing import Any

from desired_state.cluster import Strategy
from desired_state.network import PUBLIC
from desired_state.placement import find_tier
from reconciler.blueprint.durations import settles_within, stops_within
from reconciler.blueprint.service_context import ServiceContext
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.cloud_map_service import CloudMapService
from reconciler.resources.ecs_cluster import Share
from reconciler.resources.ecs_service import EcsService, Target
from reconciler.resources.image import Image


def ecs_service(
    service: ServiceContext,
    definition: Spec,
    registries: Iterable[CloudMapService],
    images: Iterable[Image],
    needed_by_tasks: Iterable[Spec],
) -> EcsService:
    """Return the ECS service.

    `needed_by_tasks` are the task role and the log groups without which tasks cannot start.
    """
    settings, network = service.settings, service.shared.network
    tier = find_tier(service.context.platform, settings)
    strategy = settings.capacity_providers or service.context.platform.cluster.capacity_providers
    return service.spec(
        EcsService,
        service.names.service(service.name),
        protect=settings.protect,
        cluster=service.shared.cluster.cluster,
        task_definition=definition.ref(),
        initial_count=settings.desired_count,
        desired_count=None if settings.scaling else settings.desired_count,
        scaled_between=(settings.scaling.fewest, settings.scaling.most) if settings.scaling else None,
        capacity_providers=_shares(strategy),
        subnets=network.subnets[tier],
        security_groups=frozenset({network.task_group, *_existing_groups(service)}),
        public_address=tier == PUBLIC,
        registries=frozenset(registry.ref("arn") for registry in registries),
        propagate_tags="SERVICE",
        execute_command=settings.execute_command,
        ports={service.name: _list_tcp_ports(service)},
        images=frozenset(image.ref() for image in images if image.tag) or None,  # a digest never moves
        after=frozenset().union(
            network.ways_out[tier],
            service.shared.load_balancing.rules.get(service.name, frozenset()),
            {network.task_rules, service.execution_role},
            (spec.ref() for spec in (*images, *needed_by_tasks)),
        ),
        **_load_balancing(service),
        **_deployment(service),
    )


def _existing_groups(service: ServiceContext) -> Iterator[Ref]:
    """Yield the security groups of others that the tasks are in as well."""
    for number, _group in enumerate(service.settings.security_groups):
        where = ("services", service.name, "security_groups", number)
        yield service.context.existing("security_group", where)


def _shares(strategy: Strategy) -> dict[str, Share]:
    return {provider: Share(base=share.base, weight=share.weight) for provider, share in strategy.items()}


def _load_balancing(service: ServiceContext) -> dict[str, Any]:
    """Return the fields that say how load balancers reach the tasks."""
    groups, listens = service.shared.load_balancing.groups_of(service.name), service.settings.listens
    if not groups:
        return {"grace_period": None}
    targets = frozenset(
        Target(target_group=group, container=service.name, port=listens[one.port].port)
        for one, group in groups.items()
    )
    return {"targets": targets, "grace_period": service.settings.health_check.grace_period}


def _list_tcp_ports(service: ServiceContext) -> tuple[int, ...]:
    return tuple(port.port for port in service.settings.listens.values() if port.transport == "tcp")


def _deployment(service: ServiceContext) -> dict[str, Any]:
    """Return the fields that say how deployments proceed, and how long they may take."""
    deployment = service.settings.deployment
    return {
        "minimum_healthy_percent": deployment.minimum_healthy_percent,
        "maximum_percent": deployment.maximum_percent,
        "circuit_breaker": deployment.circuit_breaker,
        "breaker_threshold": _threshold(deployment.breaker_threshold),
        "settles_within": settles_within(service.settings),
        "stops_within": stops_within(service.settings),
    }


def _threshold(written: str) -> str:
    """Return AWS's type and value of a threshold: `COUNT 3` for 3, `BOUNDED_PERCENT 50` for 50%."""
    return f"BOUNDED_PERCENT {written[:-1]}" if written.endswith("%") else f"COUNT {written}"
