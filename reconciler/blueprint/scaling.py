"""The scaling of a service of the platform: the range of its task count, and what changes the count."""

from desired_state.scaling import Scaling
from reconciler.blueprint.service_context import ServiceContext
from reconciler.model.references import Ref, Text
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.scalable_target import (
    ScalableTarget,
    ScheduledAction,
    TargetTracking,
    requests_to,
)


def scalable_target(service: ServiceContext, scaling: Scaling, ecs: EcsService) -> ScalableTarget:
    """Return the range of the service's task count, with a policy for each metric that the file names."""
    metrics = {"cpu": scaling.cpu, "memory": scaling.memory, "requests": scaling.requests}
    labels = {"requests": _label_requests(service)}
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
            f"{metric}-{ecs.name}": TargetTracking(
                metric=metric, target=target, label=labels.get(metric), **cooldowns
            )
            for metric, target in metrics.items()
            if target is not None
        },
        schedules={
            name: ScheduledAction(
                schedule=f"cron({schedule.cron})",
                timezone=schedule.timezone,
                min_capacity=schedule.min,
                max_capacity=schedule.max,
            )
            for name, schedule in scaling.schedules.items()
        },
    )


def _label_requests(service: ServiceContext) -> Text | None:
    """Return the label of the requests that the load balancer sends; None without just one target group."""
    balancing = service.shared.load_balancing
    groups = balancing.groups_of(service.name)
    if len(groups) != 1:
        return None
    ((group, ref),) = groups.items()
    dimension = balancing.balancers[group.balancer].dimension
    return requests_to(dimension, Ref("target_group", ref.name, "dimension"))
