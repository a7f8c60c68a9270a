"""Lag in Application Auto Scaling: targets do not find new ECS services, policies do not find new targets."""

from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.core.exceptions import JsonRESTError

from reconciler.sandbox.lag.freshness import make_fresh, write_misses
from reconciler.sandbox.world import current, wrap


def install() -> None:
    wrap(ApplicationAutoscalingBackend, "register_scalable_target", _register_fresh_target)
    wrap(ApplicationAutoscalingBackend, "put_scaling_policy", _put_policy)


def _register_fresh_target(
    original: Any, scaling: Any, namespace: str, r_id: str, dimension: str, **wanted: Any
) -> Any:
    """Register a target unless it does not find a fresh service (terraform retries for two minutes)."""
    key = r_id.removeprefix("service/").replace("/", ":")
    if write_misses(scaling.ecs_backend, "service", key):
        raise JsonRESTError("ValidationException", f"ECS service doesn't exist: {r_id}")
    known = r_id in scaling.targets.get(dimension, {})
    target = original(scaling, namespace, r_id, dimension, **wanted)
    if not known:
        make_fresh(scaling, "target", r_id)
    return target


def _put_policy(original: Any, scaling: Any, **wanted: Any) -> Any:
    """Put a policy unless it does not find a fresh target (terraform retries for two minutes)."""
    if current().profile.lag and write_misses(scaling, "target", wanted["resource_id"]):
        message = f"No scalable target found for resource ID: {wanted['resource_id']}"
        raise JsonRESTError("ObjectNotFoundException", message)
    return original(scaling, **wanted)
