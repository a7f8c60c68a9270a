from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of, code_of

TARGET = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/c/s",
    "ScalableDimension": "ecs:service:DesiredCount",
}
CPU = {"PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}


@pytest.fixture
def scaling(aws) -> Any:
    return client_of("application-autoscaling")


@pytest.fixture
def service(aws) -> str:
    client_of("ecs").create_cluster(clusterName="c")
    return make_service()


def make_service() -> str:
    ecs = client_of("ecs")
    web = {"name": "web", "image": "nginx", "memory": 128}
    ecs.register_task_definition(family="web", containerDefinitions=[web])
    return ecs.create_service(cluster="c", serviceName="s", taskDefinition="web", desiredCount=1)["service"][
        "serviceName"
    ]


def register(scaling: Any, low: int = 1, high: int = 10, **more: Any) -> str:
    return scaling.register_scalable_target(MinCapacity=low, MaxCapacity=high, **TARGET, **more)[
        "ScalableTargetARN"
    ]


def put(scaling: Any, name: str = "cpu", value: float = 70, metric: Any = CPU) -> str:
    tracking = {"TargetValue": value, **metric}
    return scaling.put_scaling_policy(
        PolicyName=name,
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking,
        **TARGET,
    )["PolicyARN"]


def targets(scaling: Any) -> list[dict[str, Any]]:
    return scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]


def policies(scaling: Any, **asked: Any) -> list[dict[str, Any]]:
    return scaling.describe_scaling_policies(ServiceNamespace="ecs", **asked)["ScalingPolicies"]


def test_an_absent_service_cannot_be_scaled(scaling):
    with pytest.raises(ClientError, match="ECS service doesn't exist"):
        register(scaling)


def test_registering_moves_the_count_into_the_range(scaling, service):
    register(scaling, 3, 5)
    assert (
        client_of("ecs").describe_services(cluster="c", services=[service])["services"][0]["desiredCount"] == 3
    )
    register(scaling, 1, 2)
    assert (
        client_of("ecs").describe_services(cluster="c", services=[service])["services"][0]["desiredCount"] == 2
    )


def test_registering_again_changes_what_is_sent(scaling, service):
    arn = register(scaling)
    scaling.register_scalable_target(MaxCapacity=4, **TARGET)
    read = targets(scaling)[0]
    assert (read["ScalableTargetARN"], read["MinCapacity"], read["MaxCapacity"]) == (arn, 1, 4)
    assert read["RoleARN"].endswith("AWSServiceRoleForApplicationAutoScaling_ECSService")
    assert set(read["SuspendedState"].values()) == {False}


def test_the_least_is_not_above_the_most(scaling, service):
    with pytest.raises(ClientError) as refused:
        register(scaling, 5, 2)
    assert code_of(refused) == "ValidationException"


def test_tags_go_with_the_first_registration_only(scaling, service):
    arn = register(scaling, Tags={"k": "v"})
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"k": "v"}
    with pytest.raises(ClientError) as refused:
        register(scaling, Tags={"k": "v"})
    assert code_of(refused) == "ValidationException"
    scaling.tag_resource(ResourceARN=arn, Tags={"more": "too"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["k"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"more": "too"}


def test_tags_of_an_absent_target_are_refused(scaling):
    with pytest.raises(ClientError) as refused:
        scaling.list_tags_for_resource(
            ResourceARN="arn:aws:application-autoscaling:us-east-1:1:scalable-target/x"
        )
    assert code_of(refused) == "ResourceNotFoundException"


def test_a_policy_needs_its_target(scaling, service):
    with pytest.raises(ClientError) as refused:
        put(scaling)
    assert code_of(refused) == "ObjectNotFoundException"


def test_a_policy_keeps_its_arn_and_its_two_alarms(scaling, service):
    register(scaling)
    assert put(scaling, value=70) == put(scaling, value=50)
    read = policies(scaling)[0]
    assert read["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 50
    alarms = client_of("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {a["AlarmName"] for a in alarms} == {a["AlarmName"] for a in read["Alarms"]}
    assert len(alarms) == 2


def test_a_metric_is_tracked_once(scaling, service):
    register(scaling)
    put(scaling)
    with pytest.raises(ClientError, match="Only one TargetTrackingScaling policy"):
        put(scaling, "other")


def test_policies_are_found_by_name(scaling, service):
    register(scaling)
    put(scaling)
    put(
        scaling,
        "memory",
        metric={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageMemoryUtilization"}
        },
    )
    assert [p["PolicyName"] for p in policies(scaling, PolicyNames=["memory"])] == ["memory"]
    first = scaling.describe_scaling_policies(ServiceNamespace="ecs", MaxResults=1)
    rest = policies(scaling, NextToken=first["NextToken"])
    assert [p["PolicyName"] for p in rest] == ["memory"]


def test_deregistering_takes_the_policies_and_their_alarms_along(scaling, service):
    register(scaling)
    put(scaling)
    scaling.deregister_scalable_target(**TARGET)
    assert policies(scaling) == []
    assert client_of("cloudwatch").describe_alarms()["MetricAlarms"] == []


def test_what_is_absent_is_said_to_be(scaling, service):
    with pytest.raises(ClientError) as refused:
        scaling.deregister_scalable_target(**TARGET)
    assert code_of(refused) == "ObjectNotFoundException"
    with pytest.raises(ClientError) as refused:
        scaling.delete_scaling_policy(PolicyName="cpu", **TARGET)
    assert code_of(refused) == "ObjectNotFoundException"


def test_with_the_service_its_target_and_policies_go(scaling, service):
    register(scaling)
    put(scaling)
    client_of("ecs").delete_service(cluster="c", service=service, force=True)
    client_of("ecs").describe_services(cluster="c", services=[service])
    make_service()
    assert targets(scaling) == []
    assert policies(scaling) == []


def test_fifty_targets_are_described_by_id_at_once(scaling):
    ids = [f"service/c/s{n}" for n in range(51)]
    scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=ids[:50])
    with pytest.raises(ClientError) as refused:
        scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=ids)
    assert code_of(refused) == "ValidationException"


def test_policies_come_by_ten_and_by_name(scaling, service):
    register(scaling)
    step = {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0}],
    }
    for number in range(11):
        scaling.put_scaling_policy(PolicyName=f"p{number}", StepScalingPolicyConfiguration=step, **TARGET)
    first = scaling.describe_scaling_policies(ServiceNamespace="ecs")
    rest = policies(scaling, NextToken=first["NextToken"])
    assert (len(first["ScalingPolicies"]), len(rest)) == (10, 1)
    assert [policy["PolicyName"] for policy in policies(scaling, PolicyNames=["p7"])] == ["p7"]


def test_scheduled_actions_are_told_by_name_and_go_with_their_target(scaling, service):
    register(scaling)
    for name in ("b", "a"):
        scaling.put_scheduled_action(
            ScheduledActionName=name,
            Schedule="cron(0 8 ? * MON-FRI *)",
            Timezone="Europe/Berlin",
            ScalableTargetAction={"MinCapacity": 2},
            **TARGET,
        )
    told = scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
    assert [action["ScheduledActionName"] for action in told] == ["a", "b"]
    scaling.deregister_scalable_target(**TARGET)
    assert scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"] == []


def test_the_alarms_of_a_policy_follow_its_target_value(scaling, service):
    register(scaling)
    for value in (70, 50):
        put(scaling, value=value)
        alarms = client_of("cloudwatch").describe_alarms()["MetricAlarms"]
        told = {(a["ComparisonOperator"], a["EvaluationPeriods"], a["Threshold"]) for a in alarms}
        assert told == {("GreaterThanThreshold", 3, value), ("LessThanThreshold", 15, value * 0.9)}
        assert {(a["Namespace"], a["MetricName"]) for a in alarms} == {("AWS/ECS", "CPUUtilization")}


def test_the_arn_of_a_scheduled_action_names_its_resource_and_stays(scaling, service):
    register(scaling)
    arns = set()
    for hour in (1, 2):
        scaling.put_scheduled_action(
            ScheduledActionName="night",
            Schedule=f"cron(0 {hour} * * ? *)",
            ScalableTargetAction={"MinCapacity": 1},
            **TARGET,
        )
        found = scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
        arns |= {action["ScheduledActionARN"] for action in found}
    (arn,) = arns
    assert arn.endswith(":resource/ecs/service/c/s:scheduledActionName/night")


def test_a_count_that_is_moved_into_the_range_is_an_activity(scaling, service):
    register(scaling, low=3)
    (activity,) = scaling.describe_scaling_activities(ServiceNamespace="ecs")["ScalingActivities"]
    assert activity["Description"] == "Setting desired count to 3."
    assert activity["Cause"] == "minimum capacity was set to 3"
    assert activity["StatusCode"] == "Successful"


def test_services_make_their_service_linked_roles(scaling, service):
    register(scaling)
    roles = {role["RoleName"] for role in client_of("iam").list_roles()["Roles"]}
    assert roles == {"AWSServiceRoleForECS", "AWSServiceRoleForApplicationAutoScaling_ECSService"}
