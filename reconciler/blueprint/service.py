"""A service: its repository, roles, logs, task definition, discovery, the ECS service itself and its scaling."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from desired_state.cluster import Strategy
from desired_state.permissions import Statement as Permission
from desired_state.service import Service
from reconciler.blueprint.cluster import TASKS, Cluster
from reconciler.blueprint.context import Context
from reconciler.blueprint.durations import settles_within, stops_within
from reconciler.blueprint.load_balancing import LoadBalancing
from reconciler.blueprint.network import Network
from reconciler.blueprint.task_definition import task_definition
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.cloud_map_service import CloudMapService
from reconciler.resources.ecr_repository import EcrRepository
from reconciler.resources.ecs_cluster import Share
from reconciler.resources.ecs_service import EcsService, Target
from reconciler.resources.iam_role import IamRole, Policy, Statement
from reconciler.resources.image import Image
from reconciler.resources.scalable_target import ScalableTarget, TargetTracking

XRAY = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",  # the daemon asks for these three (X-Ray developer guide)
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
)
EXECUTE_COMMAND = tuple(  # ECS Exec developer guide, "Task IAM role"
    f"ssmmessages:{action}"
    for action in ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
)


@dataclass(frozen=True)
class SharedParts:
    """Where services are put."""

    network: Network
    cluster: Cluster
    load_balancing: LoadBalancing


def service(context: Context, shared: SharedParts, name: str) -> Iterator[Spec]:
    """All that belongs to one service, apart from its target group and rules."""
    wanted, heading = context.platform.services[name], f"service {name}"
    role = _task_role(context, name, wanted, heading)
    yield role
    images: tuple[Image, ...] = ()
    if wanted.image.uri is None:
        repository = context.spec(
            EcrRepository,
            context.names.repository(name),
            heading=heading,
            protect=wanted.protect,
            scan_on_push=wanted.image.scan_on_push,
            keep_images=wanted.image.keep,
        )
        yield repository
        images = _images(context, wanted, repository, heading)
        yield from images
    definition, logs = task_definition(context, name, heading, shared.cluster.execution_role, role.ref("arn"))
    yield from (*logs, definition)
    registry = context.spec(
        CloudMapService,
        name,
        heading=heading,
        namespace=shared.cluster.namespace,
        ttl=context.platform.discovery.ttl,
    )
    yield registry
    ecs = _ecs_service(context, shared, name, heading, definition, registry, images)
    yield ecs
    if wanted.scaling:
        yield _scaling(context, name, shared.cluster.cluster, ecs)


def _images(context: Context, wanted: Service, repository: EcrRepository, heading: str) -> tuple[Image, ...]:
    """What must have been pushed before tasks start."""
    if not context.platform.images.check:
        return ()
    image = wanted.image
    name = f"{repository.name}@{image.digest}" if image.digest else f"{repository.name}:{image.tag}"
    found = context.spec(
        Image,
        name,
        heading=heading,
        repository=repository.ref(),
        tag=image.tag,
        digest=image.digest,
        region=context.facts.region,
    )
    return (found,)


def _task_role(context: Context, name: str, wanted: Service, heading: str) -> IamRole:
    granted = ["cloudwatch:PutMetricData"]
    granted += XRAY if wanted.tracing.xray else ()
    granted += EXECUTE_COMMAND if wanted.execute_command else ()
    anywhere = Statement(effect="Allow", actions=frozenset(granted), resources=frozenset({"*"}))
    policies = {"telemetry": Policy(statements=frozenset({anywhere}))}
    if wanted.permissions:
        policies["permissions"] = Policy(statements=frozenset(map(_statement, wanted.permissions)))
    role, description = context.names.task_role(name), f"Task role for {name}"
    return context.spec(
        IamRole, role, heading=heading, description=description, service=TASKS, policies=policies
    )


def _statement(wanted: Permission) -> Statement:
    conditions = (
        (operator, key, frozenset(values))
        for operator, keys in wanted.conditions.items()
        for key, values in keys.items()
    )
    return Statement(
        effect=wanted.effect,
        actions=frozenset(wanted.actions),
        resources=frozenset(wanted.resources),
        conditions=frozenset(conditions),
    )


def _ecs_service(
    context: Context,
    shared: SharedParts,
    name: str,
    heading: str,
    definition: Spec,
    registry: CloudMapService,
    images: tuple[Image, ...],
) -> EcsService:
    wanted, network = context.platform.services[name], shared.network
    return context.spec(
        EcsService,
        context.names.service(name),
        heading=heading,
        protect=wanted.protect,
        cluster=shared.cluster.cluster,
        task_definition=definition.ref(),
        initial_count=wanted.desired_count,
        desired_count=None if wanted.scaling else wanted.desired_count,
        capacity_providers=_shares(wanted.capacity_providers or context.platform.cluster.capacity_providers),
        subnets=network.subnets,
        security_groups=frozenset({network.task_group}),
        public_address=True,
        registries=frozenset({registry.ref("arn")}),
        propagate_tags="SERVICE",
        execute_command=wanted.execute_command,
        images=frozenset(image.ref() for image in images if image.tag) or None,  # a digest never moves
        after=frozenset().union(
            network.ways_out,
            shared.load_balancing.rules.get(name, frozenset()),
            {network.task_rules},
            (image.ref() for image in images),
        ),
        **_balanced(shared.load_balancing, name, wanted),
        **_deployed(wanted),
    )


def _shares(strategy: Strategy) -> dict[str, Share]:
    return {provider: Share(base=share.base, weight=share.weight) for provider, share in strategy.items()}


def _balanced(balancing: LoadBalancing, name: str, wanted: Service) -> dict[str, Any]:
    """How it stands behind the load balancer."""
    group = balancing.target_groups.get(name)
    if group is None:
        return {"grace_period": None}
    target = Target(target_group=group, container=name, port=wanted.port)
    return {"targets": frozenset({target}), "grace_period": wanted.health_check.grace_period}


def _deployed(wanted: Service) -> dict[str, Any]:
    """How its deployments go on, and for how long they may."""
    return {
        "minimum_healthy_percent": wanted.deployment.minimum_healthy_percent,
        "maximum_percent": wanted.deployment.maximum_percent,
        "circuit_breaker": wanted.deployment.circuit_breaker,
        "settles_within": settles_within(wanted),
        "stops_within": stops_within(wanted),
    }


def _scaling(context: Context, name: str, cluster: Ref, ecs: EcsService) -> ScalableTarget:
    scaling = context.platform.services[name].scaling
    assert scaling is not None  # noqa: S101  the caller has looked
    metrics = {"cpu": scaling.cpu, "memory": scaling.memory}
    cooldowns = {
        "scale_in_cooldown": scaling.scale_in_cooldown,
        "scale_out_cooldown": scaling.scale_out_cooldown,
    }
    return context.spec(
        ScalableTarget,
        ecs.name,
        heading=f"service {name}",
        service=ecs.ref(),
        cluster=cluster,
        min_capacity=scaling.min,
        max_capacity=scaling.max,
        policies={
            f"{metric}-{ecs.name}": TargetTracking(metric=metric, target=target, **cooldowns)
            for metric, target in metrics.items()
            if target is not None
        },
    )
