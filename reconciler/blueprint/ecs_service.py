"""The ECS service of a service of the platform, and its scaling."""

from collections.abc import Iterable
from typing import Any

from desired_state.cluster import Strategy
from desired_state.network import PUBLIC
from desired_state.placement import find_tier
from desired_state.service import Scaling
from reconciler.blueprint.durations import settles_within, stops_within
from reconciler.blueprint.service_context import ServiceContext
from reconciler.model.spec import Spec
from reconciler.resources.cloud_map_service import CloudMapService
from reconciler.resources.ecs_cluster import Share
from reconciler.resources.ecs_service import EcsService, Target
from reconciler.resources.image import Image
from reconciler.resources.scalable_target import ScalableTarget, TargetTracking


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
        scaled_between=(settings.scaling.min, settings.scaling.max) if settings.scaling else None,
        capacity_providers=_shares(strategy),
        subnets=network.subnets[tier],
        security_groups=frozenset({network.task_group}),
        public_address=tier == PUBLIC,
        registries=frozenset(registry.ref("arn") for registry in registries),
        propagate_tags="SERVICE",
        execute_command=settings.execute_command,
        ports={service.name: settings.port} if settings.port else {},
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


def _shares(strategy: Strategy) -> dict[str, Share]:
    return {provider: Share(base=share.base, weight=share.weight) for provider, share in strategy.items()}


def _load_balancing(service: ServiceContext) -> dict[str, Any]:
    """Return the fields that say how the load balancer reaches the tasks."""
    group = service.shared.load_balancing.target_groups.get(service.name)
    if group is None or service.settings.port is None:
        return {"grace_period": None}
    target = Target(target_group=group, container=service.name, port=service.settings.port)
    return {"targets": frozenset({target}), "grace_period": service.settings.health_check.grace_period}


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


def scalable_target(service: ServiceContext, scaling: Scaling, ecs: EcsService) -> ScalableTarget:
    """Return the range of the service's task count, with a policy for each metric that the file names."""
    metrics = {"cpu": scaling.cpu, "memory": scaling.memory}
    cooldowns = {
        "scale_in_cooldown": scaling.scale_in_cooldown,
        "scale_out_cooldown": scaling.scale_out_cooldown,
    }
    return service.spec(
        ScalableTarget,
        ecs.name,
        ecs_service=ecs.ref(),
        cluster=service.shared.cluster.cluster,
        min_capacity=scaling.min,
        max_capacity=scaling.max,
        policies={
            f"{metric}-{ecs.name}": TargetTracking(metric=metric, target=target, **cooldowns)
            for metric, target in metrics.items()
            if target is not None
        },
    )
