"""Refused calls of Application Auto Scaling."""

from collections.abc import Callable, Mapping
from typing import Any

from makers import client_of

from refusals.probe import Probe

OPERATIONS = (
    "RegisterScalableTarget",
    "DescribeScalableTargets",
    "DeregisterScalableTarget",
    "PutScalingPolicy",
    "DescribeScalingPolicies",
    "DeleteScalingPolicy",
    "PutScheduledAction",
    "DescribeScheduledActions",
    "DeleteScheduledAction",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
)

Params = Callable[[], Mapping[str, Any]]
ECS = {"ServiceNamespace": "ecs"}
TARGET = {**ECS, "ResourceId": "service/c/s", "ScalableDimension": "ecs:service:DesiredCount"}
ABSENT = {**TARGET, "ResourceId": "service/c/absent"}
RANGE = {"MinCapacity": 1, "MaxCapacity": 4}
ABSENT_ARN = "arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/absent"
CPU = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
REQUESTS = {"PredefinedMetricType": "ALBRequestCountPerTarget"}
OTHER_LABEL = "app/alb/778d41231b141a0f/targetgroup/web/943f017f100becff"
STEP = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [{"ScalingAdjustment": 1}]}
INVALID, NOT_FOUND, TOKEN = "ValidationException", "ObjectNotFoundException", "InvalidNextTokenException"
TAGS = {f"k{number}": "v" for number in range(51)}


def given(**params: Any) -> Params:
    return lambda: params


def service(**params: Any) -> Params:
    """Make the service `s` of cluster `c`, and return these parameters."""

    def make() -> Mapping[str, Any]:
        ecs, ec2 = client_of("ecs"), client_of("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
        ecs.create_cluster(clusterName="c")
        ecs.register_task_definition(
            family="f",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "app", "image": "nginx"}],
        )
        ecs.create_service(
            cluster="c",
            serviceName="s",
            taskDefinition="f",
            desiredCount=0,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet]}},
        )
        return params

    return make


def target(**params: Any) -> Params:
    """Make a scalable target, and return these parameters."""

    def make() -> Mapping[str, Any]:
        service()()
        client_of("application-autoscaling").register_scalable_target(**TARGET, **RANGE)
        return params

    return make


def of_arn(**params: Any) -> Params:
    def make() -> Mapping[str, Any]:
        service()()
        made = client_of("application-autoscaling").register_scalable_target(**TARGET, **RANGE)
        return {"ResourceARN": made["ScalableTargetARN"], **params}

    return make


def tracking(metric: Mapping[str, str] | None = None, value: float = 50, **more: Any) -> dict[str, Any]:
    specification = {"PredefinedMetricSpecification": metric} if metric else {}
    return {
        **TARGET,
        "PolicyName": "policy",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": value, **specification, **more},
    }


def stepping(**changes: Any) -> dict[str, Any]:
    return {
        **TARGET,
        "PolicyName": "policy",
        "PolicyType": "StepScaling",
        "StepScalingPolicyConfiguration": {**STEP, **changes},
    }


def tracked(params: Mapping[str, Any]) -> Params:
    """Make a policy that tracks the use of the processor, and return these parameters."""

    def make() -> Mapping[str, Any]:
        target()()
        client_of("application-autoscaling").put_scaling_policy(**tracking(CPU))
        return params

    return make


def action(**changes: Any) -> dict[str, Any]:
    wanted = {"Schedule": "rate(5 minutes)", "ScalableTargetAction": {"MinCapacity": 1}, **changes}
    return {**TARGET, "ScheduledActionName": "action", **{k: v for k, v in wanted.items() if v is not None}}


def interval(low: float | None, high: float | None) -> dict[str, float]:
    bounds = {"MetricIntervalLowerBound": low, "MetricIntervalUpperBound": high}
    return {"ScalingAdjustment": 1, **{key: value for key, value in bounds.items() if value is not None}}


PROBES = [
    Probe("RegisterScalableTarget", INVALID, given(**ABSENT, **RANGE), "ECS service doesn't exist"),
    Probe("RegisterScalableTarget", INVALID, given(**{**TARGET, **RANGE, "ResourceId": "s"}), "Unsupported"),
    Probe(
        "RegisterScalableTarget",
        INVALID,
        given(**{**TARGET, **RANGE, "ScalableDimension": "rds:cluster:ReadReplicaCount"}),
        "Unsupported",
    ),
    Probe("RegisterScalableTarget", INVALID, given(**{**TARGET, **RANGE, "ServiceNamespace": "s3"})),
    Probe(
        "RegisterScalableTarget", INVALID, service(**TARGET, MinCapacity=3, MaxCapacity=2), "Maximum capacity"
    ),
    Probe("RegisterScalableTarget", INVALID, service(**TARGET, MinCapacity=-1, MaxCapacity=2)),
    Probe("RegisterScalableTarget", INVALID, service(**TARGET, MinCapacity=1)),
    Probe("RegisterScalableTarget", INVALID, target(**TARGET, MinCapacity=5)),
    Probe("RegisterScalableTarget", INVALID, target(**TARGET, Tags={"k": "v"}), "TagResource"),
    Probe("RegisterScalableTarget", INVALID, service(**TARGET, **RANGE, Tags={"aws:k": "v"})),
    Probe("RegisterScalableTarget", INVALID, service(**TARGET, **RANGE, Tags=TAGS)),
    Probe("DescribeScalableTargets", INVALID, given(**ECS, MaxResults=51)),
    Probe("DescribeScalableTargets", INVALID, given(ServiceNamespace="s3")),
    Probe("DescribeScalableTargets", INVALID, given(**ECS, ScalableDimension=TARGET["ScalableDimension"])),
    Probe("DescribeScalableTargets", TOKEN, given(**ECS, NextToken="no token")),
    Probe("DeregisterScalableTarget", NOT_FOUND, given(**ABSENT)),
    Probe("DeregisterScalableTarget", INVALID, given(**{**TARGET, "ResourceId": "s"})),
    Probe("PutScalingPolicy", NOT_FOUND, given(**tracking(CPU))),
    Probe("PutScalingPolicy", INVALID, target(**tracking(CPU, value=0)), "TargetValue"),
    Probe("PutScalingPolicy", INVALID, target(**tracking(CPU, ScaleInCooldown=-1))),
    Probe("PutScalingPolicy", INVALID, target(**tracking())),
    Probe(
        "PutScalingPolicy",
        INVALID,
        target(**tracking({"PredefinedMetricType": "RDSReaderAverageCPUUtilization"})),
        "not supported",
    ),
    Probe("PutScalingPolicy", INVALID, target(**tracking(REQUESTS)), "Resource label should be specified"),
    Probe("PutScalingPolicy", INVALID, target(**tracking({**REQUESTS, "ResourceLabel": "label"}))),
    Probe("PutScalingPolicy", INVALID, target(**tracking({**REQUESTS, "ResourceLabel": OTHER_LABEL}))),
    Probe("PutScalingPolicy", INVALID, target(**tracking({**CPU, "ResourceLabel": OTHER_LABEL}))),
    Probe("PutScalingPolicy", INVALID, target(**{**stepping(), "PolicyType": "TargetTrackingScaling"})),
    Probe("PutScalingPolicy", INVALID, target(**stepping(StepAdjustments=[]))),
    Probe("PutScalingPolicy", INVALID, target(**stepping(StepAdjustments=[interval(5, 1)]))),
    Probe(
        "PutScalingPolicy",
        INVALID,
        target(**stepping(StepAdjustments=[interval(0, 5), interval(10, None)])),
        "gap",
    ),
    Probe("PutScalingPolicy", INVALID, target(**stepping(MinAdjustmentMagnitude=2))),
    Probe("PutScalingPolicy", INVALID, tracked(stepping()), "type of a scaling policy"),
    Probe("PutScalingPolicy", INVALID, tracked({**tracking(CPU), "PolicyName": "another"}), "Only one"),
    Probe("DescribeScalingPolicies", INVALID, given(**ECS, MaxResults=11), "from 1 to 10"),
    Probe("DescribeScalingPolicies", TOKEN, given(**ECS, NextToken="no token")),
    Probe("DeleteScalingPolicy", NOT_FOUND, target(**TARGET, PolicyName="absent")),
    Probe("DeleteScalingPolicy", INVALID, given(**{**TARGET, "ServiceNamespace": "s3", "PolicyName": "p"})),
    Probe("PutScheduledAction", NOT_FOUND, given(**action())),
    Probe("PutScheduledAction", INVALID, target(**action(Schedule=None))),
    Probe("PutScheduledAction", INVALID, target(**action(ScalableTargetAction=None))),
    Probe(
        "PutScheduledAction",
        INVALID,
        target(**action(ScalableTargetAction={"MinCapacity": 2, "MaxCapacity": 1})),
    ),
    Probe("PutScheduledAction", INVALID, target(**action(Schedule="rate(1 minutes)"))),
    Probe("PutScheduledAction", INVALID, target(**action(Schedule="cron(0 8 * * *)"))),
    Probe("PutScheduledAction", INVALID, target(**action(Schedule="cron(61 8 * * ? *)"))),
    Probe("PutScheduledAction", INVALID, target(**action(Schedule="at(2030-13-01T00:00:00)"))),
    Probe("PutScheduledAction", INVALID, target(**action(Timezone="Europe/Nowhere"))),
    Probe("PutScheduledAction", INVALID, target(**action(StartTime=2_000_000_000, EndTime=1_900_000_000))),
    Probe("PutScheduledAction", INVALID, target(**{**action(), "ScheduledActionName": "a:b"})),
    Probe("DescribeScheduledActions", INVALID, given(**ECS, MaxResults=51)),
    Probe("DescribeScheduledActions", TOKEN, given(**ECS, NextToken="no token")),
    Probe("DeleteScheduledAction", NOT_FOUND, target(**TARGET, ScheduledActionName="absent")),
    Probe(
        "DeleteScheduledAction",
        INVALID,
        given(**{**TARGET, "ServiceNamespace": "s3", "ScheduledActionName": "a"}),
    ),
    Probe("TagResource", "ResourceNotFoundException", given(ResourceARN=ABSENT_ARN, Tags={"k": "v"})),
    Probe("TagResource", INVALID, of_arn(Tags={"aws:k": "v"})),
    Probe("TagResource", "TooManyTagsException", of_arn(Tags=TAGS)),
    Probe("UntagResource", "ResourceNotFoundException", given(ResourceARN=ABSENT_ARN, TagKeys=["k"])),
    Probe("UntagResource", INVALID, given(ResourceARN="no-arn", TagKeys=["k"])),
    Probe("ListTagsForResource", "ResourceNotFoundException", given(ResourceARN=ABSENT_ARN)),
]
