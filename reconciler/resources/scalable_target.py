"""Application Auto Scaling of ECS services. A service that is made again has lost its target and policies."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, Text, refers_to
from reconciler.model.spec import IMMUTABLE, Live, Part, Spec
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.running_services import described

DIMENSION = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
AT_ONCE = 50  # resource ids that DescribeScalableTargets takes
METRICS = {"cpu": "ECSServiceAverageCPUUtilization", "memory": "ECSServiceAverageMemoryUtilization"}
SHORT = {long: short for short, long in METRICS.items()}
SUSPENDED = {  # AWS's names of what can be suspended
    "scale_in": "DynamicScalingInSuspended",
    "scale_out": "DynamicScalingOutSuspended",
    "scheduled": "ScheduledScalingSuspended",
}
BUSY = ("ConcurrentUpdateException",)
NOT_YET = (
    *BUSY,
    ErrorMatch("ValidationException", "ECS service doesn't exist"),
    ErrorMatch("ValidationException", "Unable to assume IAM role"),
)
NOT_YET_POLICY = (
    *BUSY,
    "ObjectNotFoundException",
    ErrorMatch("FailedResourceAccessException", "Rate exceeded"),
    ErrorMatch("FailedResourceAccessException", "is not authorized"),
    ErrorMatch("FailedResourceAccessException", "is invalid"),
)
PATIENCE = 120  # seconds of IAM's and ECS's propagation (terraform-provider-aws)


class TargetTracking(Part):
    """A policy that keeps a metric at its target."""

    metric: str
    """cpu or memory; of a policy that is not ours, what AWS calls it."""
    target: float
    """Percent."""
    scale_in_cooldown: int = 300
    """Seconds."""
    scale_out_cooldown: int = 300
    """Seconds."""
    scale_in: bool = True


class ScalableTarget(Spec):
    """The range of a service's count, and the policies by which it moves."""

    kind: ClassVar[str] = "scalable_target"
    ecs_service: Annotated[Ref, refers_to("ecs_service"), IMMUTABLE]
    cluster: Annotated[Ref, refers_to("ecs_cluster"), IMMUTABLE]
    min_capacity: int
    max_capacity: int
    policies: Mapping[str, TargetTracking]
    suspended: frozenset[Literal["scale_in", "scale_out", "scheduled"]] = frozenset()
    """What does not happen for now, whatever the policies say."""


def read(reads: Reads) -> Iterator[Live[ScalableTarget]]:
    """Those of ACTIVE services: without one, a target is no more, or soon will be."""
    owners = {
        f"service/{s['clusterArn'].rpartition('/')[2]}/{s['serviceName']}": tags.owner(
            tags.parse(s.get("tags"))
        )
        for s in described(reads)
        if s["status"] == "ACTIVE"
    }
    candidates = sorted(i for i, owner in owners.items() if owner == reads.stack.name or _is_wanted(reads, i))
    if not candidates:
        return
    policies = reads.pool.submit(_policies, reads)  # meanwhile; one list for all is less than a call to each
    targets = reads.in_batches(lambda batch: _described(reads, batch), candidates, AT_ONCE)
    own: dict[str, list[Mapping[str, Any]]] = {}
    for policy in policies.result():
        own.setdefault(policy["ResourceId"], []).append(policy)
    for target in targets:
        found = from_aws(target, own.get(target["ResourceId"], []))
        yield Live(found, {"id": target["ResourceId"]}, owners[target["ResourceId"]])


def _is_wanted(reads: Reads, resource_id: str) -> bool:
    return resource_id.rpartition("/")[2] in reads.names("scalable_target")


def _described(reads: Reads, ids: list[str]) -> list[Mapping[str, Any]]:
    asked: dict[str, Any] = {"ResourceIds": ids, **DIMENSION}
    return reads.pages("application-autoscaling", "describe_scalable_targets", "ScalableTargets[]", **asked)


def _policies(reads: Reads) -> list[Mapping[str, Any]]:
    asked: dict[str, Any] = {**DIMENSION}
    return reads.pages("application-autoscaling", "describe_scaling_policies", "ScalingPolicies[]", **asked)


def from_aws(target: Mapping[str, Any], policies: list[Mapping[str, Any]]) -> ScalableTarget:
    """What DescribeScalableTargets and DescribeScalingPolicies tell of it."""
    _, cluster, service = target["ResourceId"].split("/")
    suspended = target.get("SuspendedState", {})
    return ScalableTarget(
        name=service,
        ecs_service=service,
        cluster=cluster,
        min_capacity=target["MinCapacity"],
        max_capacity=target["MaxCapacity"],
        policies={p["PolicyName"]: _tracking(p) for p in policies},
        suspended=frozenset(ours for ours, theirs in SUSPENDED.items() if suspended.get(theirs)),
    )


def _tracking(policy: Mapping[str, Any]) -> TargetTracking:
    told = policy.get("TargetTrackingScalingPolicyConfiguration") or {}
    metric = told.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    return TargetTracking(
        metric=SHORT.get(metric, metric or policy["PolicyType"]),
        target=told.get("TargetValue", 0),
        scale_in_cooldown=told.get("ScaleInCooldown", 300),  # 300: AWS's for ECS
        scale_out_cooldown=told.get("ScaleOutCooldown", 300),
        scale_in=not told.get("DisableScaleIn", False),
    )


def ensure_target(want: ScalableTarget, live: Live[ScalableTarget] | None) -> Iterator[Step]:
    at = {"ResourceId": Text("service/{}/{}", (want.cluster, want.ecs_service)), **DIMENSION}
    have = live.spec if live else None
    resumes = want.suspended != (have.suspended if have else frozenset())
    limits = (want.min_capacity, want.max_capacity)
    if have is None or resumes or limits != (have.min_capacity, have.max_capacity):
        params = at | {"MinCapacity": want.min_capacity, "MaxCapacity": want.max_capacity}
        state = {theirs: ours in want.suspended for ours, theirs in SUSPENDED.items()}
        params |= {"SuspendedState": state} if resumes else {}
        # The answer does not name it: its names here are AWS's too.
        outputs = {"id": f"'service/{want.cluster.name}/{want.ecs_service.name}'"}
        yield _call("register_scalable_target", params, outputs, retry=NOT_YET)
    old = have.policies if have else {}
    for name in sorted(old):
        if name not in want.policies or old[name].metric != want.policies[name].metric:
            yield _call("delete_scaling_policy", at | {"PolicyName": name}, ignore=("ObjectNotFoundException",))
    for name, policy in sorted(want.policies.items()):
        if old.get(name) != policy:
            yield _call("put_scaling_policy", at | _put(name, policy), retry=NOT_YET_POLICY)


def _put(name: str, policy: TargetTracking) -> dict[str, Any]:
    metric = METRICS.get(policy.metric, policy.metric)
    return {
        "PolicyName": name,
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": policy.target,
            "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
            "ScaleInCooldown": policy.scale_in_cooldown,
            "ScaleOutCooldown": policy.scale_out_cooldown,
            "DisableScaleIn": not policy.scale_in,
        },
    }


def _call(
    operation: str, params: Mapping[str, Any], outputs: Mapping[str, str] | None = None, **more: Any
) -> Call:
    return Call(
        "application-autoscaling",
        operation,
        params,
        outputs or {},
        **{"retry": BUSY, "patience": PATIENCE, **more},
    )


def remove(live: Live[ScalableTarget]) -> Iterator[Step]:
    """Its policies go with it."""
    at = {"ResourceId": live.outputs["id"], **DIMENSION}
    yield _call("deregister_scalable_target", at, ignore=("ObjectNotFoundException",))


def clashes(live: ScalableTarget, want: ScalableTarget) -> bool:
    """Whether both are of one name: what is deregistered late would take the new one with it."""
    return live.name == want.name


KIND = Kind(
    ScalableTarget,
    read,
    ensure_target,
    remove,
    relations=Relations(clashes=clashes, parents=lambda target: target.ecs_service),
    actions=actions(
        "application-autoscaling",
        "DeleteScalingPolicy DeregisterScalableTarget DescribeScalableTargets "
        "DescribeScalingPolicies PutScalingPolicy RegisterScalableTarget",
    )
    | actions(
        "ecs",
        "DescribeClusters DescribeServices DescribeTaskDefinition DescribeTasks ListClusters "
        "ListServices ListTaskDefinitionFamilies ListTaskDefinitions ListTasks",
    )
    | actions("iam", "CreateServiceLinkedRole"),
)
