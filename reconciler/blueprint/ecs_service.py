"""The ECS service of a service, and its scaling."""

from collections.abc import Iterable
from typing import Any

from desired_state.cluster import Strategy
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
    own: ServiceContext,
    definition: Spec,
    registry: CloudMapService,
    images: Iterable[Image],
    needed_by_tasks: Iterable[Spec],
) -> EcsService:
    """Return the ECS service. `needed_by_tasks`: the role and log groups without which tasks cannot start."""
    wanted, network = own.wanted, own.shared.network
    strategy = wanted.capacity_providers or own.context.platform.cluster.capacity_providers
    return own.spec(
        EcsService,
        own.names.service(own.name),
        protect=wanted.protect,
        cluster=own.shared.cluster.cluster,
        task_definition=definition.ref(),
        initial_count=wanted.desired_count,
        desired_count=None if wanted.scaling else wanted.desired_count,
        capacity_providers=_shares(strategy),
        subnets=network.subnets,
        security_groups=frozenset({network.task_group}),
        public_address=True,
        registries=frozenset({registry.ref("arn")}),
        propagate_tags="SERVICE",
        execute_command=wanted.execute_command,
        images=frozenset(image.ref() for image in images if image.tag) or None,  # a digest never moves
        after=frozenset().union(
            network.ways_out,
            own.shared.load_balancing.rules.get(own.name, frozenset()),
            {network.task_rules},
            (spec.ref() for spec in (*images, *needed_by_tasks)),
        ),
        **_balanced(own),
        **_deployed(own),
    )


def _shares(strategy: Strategy) -> dict[str, Share]:
    return {provider: Share(base=share.base, weight=share.weight) for provider, share in strategy.items()}


def _balanced(own: ServiceContext) -> dict[str, Any]:
    """Return how the load balancer reaches it."""
    group = own.shared.load_balancing.target_groups.get(own.name)
    if group is None:
        return {"grace_period": None}
    target = Target(target_group=group, container=own.name, port=own.wanted.port)
    return {"targets": frozenset({target}), "grace_period": own.wanted.health_check.grace_period}


def _deployed(own: ServiceContext) -> dict[str, Any]:
    """Return how its deployments go on, and for how long they may."""
    deployment = own.wanted.deployment
    return {
        "minimum_healthy_percent": deployment.minimum_healthy_percent,
        "maximum_percent": deployment.maximum_percent,
        "circuit_breaker": deployment.circuit_breaker,
        "settles_within": settles_within(own.wanted),
        "stops_within": stops_within(own.wanted),
    }


def scaling(own: ServiceContext, wanted: Scaling, ecs: EcsService) -> ScalableTarget:
    """Return the range of the service's task count, and a policy for each metric that the file names."""
    metrics = {"cpu": wanted.cpu, "memory": wanted.memory}
    cooldowns = {
        "scale_in_cooldown": wanted.scale_in_cooldown,
        "scale_out_cooldown": wanted.scale_out_cooldown,
    }
    return own.spec(
        ScalableTarget,
        ecs.name,
        ecs_service=ecs.ref(),
        cluster=own.shared.cluster.cluster,
        min_capacity=wanted.min,
        max_capacity=wanted.max,
        policies={
            f"{metric}-{ecs.name}": TargetTracking(metric=metric, target=target, **cooldowns)
            for metric, target in metrics.items()
            if target is not None
        },
    )
