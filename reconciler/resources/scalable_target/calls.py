"""The calls that register and deregister a scalable target, and put and delete what belongs to it."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model.newness import IN_FORCE_WITHIN, if_new
from reconciler.model.references import Text
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, ErrorMatches, Step
from reconciler.resources.scalable_target.parameters import SUSPENDED_STATES, encode_action, encode_policy
from reconciler.resources.scalable_target.spec import ScalableTarget, ScheduledAction

SCALABLE_DIMENSION = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
NOT_FOUND = ("ObjectNotFoundException",)
SHOWN_WITHIN = 120  # seconds in which ECS and scaling show what is new (terraform-provider-aws)
SERVICE_NOT_FOUND = (ErrorMatch("ValidationException", "ECS service doesn't exist", SHOWN_WITHIN),)
TARGET_NOT_FOUND = (ErrorMatch("ObjectNotFoundException", patience=SHOWN_WITHIN),)
# Of the role that scaling has in the account, which the first target makes (aws-cdk#4108).
ROLE_NOT_YET = (
    ErrorMatch("ValidationException", "Unable to assume IAM role"),
    ErrorMatch("FailedResourceAccessException", "is not authorized"),
    ErrorMatch("FailedResourceAccessException", "is invalid"),
)
# Of a group that tasks are in only a moment: EC2's scaling says "Target group not attached"
# (terraform-aws-autoscaling#279).
LABEL_NOT_YET = tuple(
    ErrorMatch("ValidationException", words, SHOWN_WITHIN) for words in ("arget group", "resource label")
)
RATE_EXCEEDED = ErrorMatch("FailedResourceAccessException", "Rate exceeded", SHOWN_WITHIN)  # ECS's


def ensure_scalable_target(want: ScalableTarget, live: Live[ScalableTarget] | None) -> Iterator[Step]:
    resource_id = Text("service/{}/{}", (want.cluster, want.ecs_service))
    target = {"ResourceId": resource_id, **SCALABLE_DIMENSION}
    have = live.spec if live else None
    if have is None or _encode_range(want) != _encode_range(have) or want.suspended != have.suspended:
        yield _register(want, have, target)
    old = have.policies if have else {}
    for name in sorted(old):
        if name not in want.policies or old[name].metric != want.policies[name].metric:
            yield _make_call("delete_scaling_policy", target | {"PolicyName": name}, ignore=NOT_FOUND)
    not_yet = (RATE_EXCEEDED, *if_new((*TARGET_NOT_FOUND, *ROLE_NOT_YET), want.ref()))
    for name, policy in sorted(want.policies.items()):
        if old.get(name) != policy:
            of_group = if_new(LABEL_NOT_YET, *policy.label.refs) if isinstance(policy.label, Text) else ()
            params = target | encode_policy(name, policy)
            yield _make_call("put_scaling_policy", params, retry=(*not_yet, *of_group))
    yield from _schedule(want, have.schedules if have else {}, target)


def _schedule(
    want: ScalableTarget, old: Mapping[str, ScheduledAction], target: Mapping[str, Any]
) -> Iterator[Step]:
    """Yield the calls that delete and put scheduled actions."""
    for name in sorted(old.keys() - want.schedules.keys()):
        params = {**target, "ScheduledActionName": name}
        yield _make_call("delete_scheduled_action", params, ignore=NOT_FOUND)
    not_yet = (RATE_EXCEEDED, *if_new(TARGET_NOT_FOUND, want.ref()))
    for name, action in sorted(want.schedules.items()):
        if old.get(name) != action:
            yield _make_call("put_scheduled_action", {**target, **encode_action(name, action)}, retry=not_yet)


def _register(want: ScalableTarget, have: ScalableTarget | None, target: Mapping[str, Any]) -> Call:
    params = dict(target)
    if have is None or _encode_range(want) != _encode_range(have):  # what is not sent stays as it is
        params |= _encode_range(want)
    if want.suspended != (have.suspended if have else frozenset()):
        states = {state: activity in want.suspended for activity, state in SUSPENDED_STATES.items()}
        params["SuspendedState"] = states
    # The answer does not name the target; a cluster and a service have their names in the plan in AWS too.
    outputs = {"id": f"'service/{want.cluster.name}/{want.ecs_service.name}'"}
    not_yet = (*if_new(ROLE_NOT_YET, want.ref()), *if_new(SERVICE_NOT_FOUND, want.ecs_service))
    return _make_call("register_scalable_target", params, outputs, retry=not_yet)


def _encode_range(spec: ScalableTarget) -> dict[str, int]:
    return {"MinCapacity": spec.min_capacity, "MaxCapacity": spec.max_capacity}


def _make_call(
    operation: str,
    params: Mapping[str, Any],
    outputs: Mapping[str, str] | None = None,
    ignore: ErrorMatches = (),
    retry: ErrorMatches = (),
) -> Call:
    service, patience = "application-autoscaling", IN_FORCE_WITHIN
    return Call(service, operation, params, outputs or {}, ignore=ignore, retry=retry, patience=patience)


def remove(live: Live[ScalableTarget]) -> Iterator[Step]:
    """Yield the one call that deregisters it. AWS deletes its policies with it."""
    target = {"ResourceId": live.outputs["id"], **SCALABLE_DIMENSION}
    yield _make_call("deregister_scalable_target", target, ignore=NOT_FOUND)
