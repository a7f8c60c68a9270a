"""The table of an ECS service's parameters, and services as DescribeServices gives them."""

import pytest
from services import BOTH, CLUSTER, SERVICE

from reconciler.model.spec import IMMUTABLE, UNCOMPARED
from reconciler.resources.ecs_service import EcsService, Target, from_aws
from reconciler.resources.ecs_service.parameters import NEW_DEPLOYMENT_FIELDS, PARAMETERS, Parameter

DEFINITION = "arn:aws:ecs:us-east-1:1:task-definition/task-web-dev:3"
TOLD = {
    "serviceName": SERVICE,
    "serviceArn": f"arn:aws:ecs:us-east-1:1:service/{CLUSTER}/{SERVICE}",
    "clusterArn": f"arn:aws:ecs:us-east-1:1:cluster/{CLUSTER}",
    "status": "ACTIVE",
    "taskDefinition": DEFINITION,
    "desiredCount": 2,
    "platformVersion": "LATEST",
    "availabilityZoneRebalancing": "ENABLED",
    "schedulingStrategy": "REPLICA",
    "capacityProviderStrategy": [
        {"capacityProvider": "FARGATE_SPOT", "weight": 4, "base": 0},
        {"capacityProvider": "FARGATE", "weight": 1, "base": 1},
    ],
    "networkConfiguration": {
        "awsvpcConfiguration": {"subnets": ["s-2", "s-1"], "securityGroups": ["g"], "assignPublicIp": "ENABLED"}
    },
    "loadBalancers": [{"targetGroupArn": "arn:tg", "containerName": "web", "containerPort": 8080}],
    "serviceRegistries": [{"registryArn": "arn:registry"}],
    "deploymentConfiguration": {
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "maximumPercent": 200,
        "minimumHealthyPercent": 50,
    },
    "healthCheckGracePeriodSeconds": 60,
    "propagateTags": "SERVICE",
    "enableECSManagedTags": True,
    "enableExecuteCommand": False,
}


NOT_UPDATED = {"name", "tags"} | {
    name
    for name, info in EcsService.model_fields.items()
    if {IMMUTABLE, UNCOMPARED}.intersection(m for m in info.metadata if isinstance(m, str))
}


@pytest.mark.parametrize("field", sorted(EcsService.model_fields.keys() - NOT_UPDATED))
def test_a_field_is_sent_in_exactly_one_parameter_or_deploys_anew(field: str):
    rows = [row.name for row in PARAMETERS if field in row.fields]
    assert len(rows) == 1 or (not rows and field in NEW_DEPLOYMENT_FIELDS)


@pytest.mark.parametrize("row", PARAMETERS, ids=[row.name for row in PARAMETERS])
def test_a_parameter_is_read_back_as_the_fields_that_make_it(row: Parameter):
    assert row.decode(TOLD).keys() == set(row.fields)


def test_a_service_is_told_by_its_fields():
    assert from_aws(TOLD) == EcsService(
        name=SERVICE,
        cluster=CLUSTER,
        task_definition=DEFINITION,
        desired_count=2,
        capacity_providers=BOTH,
        subnets={"s-1", "s-2"},
        security_groups={"g"},
        public_address=True,
        targets={Target(target_group="arn:tg", container="web", port=8080)},
        registries={"arn:registry"},
        minimum_healthy_percent=50,
        circuit_breaker="rollback",
        strategy="ROLLING",
        deployment_alarms=frozenset(),
        grace_period=60,
    )


@pytest.mark.parametrize(
    ("enable", "rollback", "breaker"),
    [(True, True, "rollback"), (True, False, "enabled"), (False, False, "off"), (False, True, "off")],
)
def test_a_circuit_breaker_is_one_word(enable: bool, rollback: bool, breaker: str):
    told = {"deploymentCircuitBreaker": {"enable": enable, "rollback": rollback}}
    assert from_aws({**TOLD, "deploymentConfiguration": told}).circuit_breaker == breaker


def test_what_services_made_since_july_2026_tell_of_their_breaker_is_awss_default():
    told = {
        "deploymentCircuitBreaker": {
            "enable": True,
            "rollback": True,
            "resetOnHealthyTask": True,
            "thresholdConfiguration": {"type": "BOUNDED_PERCENT", "value": 50},
        },
        "alarms": {"alarmNames": [], "enable": False, "rollback": False},
        "bakeTimeInMinutes": 0,
        "maximumPercent": 200,
        "minimumHealthyPercent": 50,
        "strategy": "ROLLING",
    }
    assert from_aws({**TOLD, "deploymentConfiguration": told}) == from_aws(TOLD)


def test_limits_of_the_breaker_by_hand_are_told():
    limits = {"resetOnHealthyTask": False, "thresholdConfiguration": {"type": "COUNT", "value": 7}}
    told = from_aws({**TOLD, "deploymentConfiguration": {"deploymentCircuitBreaker": limits}})
    assert (told.breaker_threshold, told.breaker_resets) == ("COUNT 7", False)


def test_alarms_that_are_not_enabled_end_no_deployment():
    told = {"alarms": {"alarmNames": ["late"], "enable": False, "rollback": False}}
    assert from_aws({**TOLD, "deploymentConfiguration": told}).deployment_alarms == frozenset()


def test_another_launch_type_has_no_strategy():
    told = {k: v for k, v in TOLD.items() if k != "capacityProviderStrategy"} | {"launchType": "FARGATE"}
    assert from_aws(told).capacity_providers == {}


def test_what_ecs_does_not_tell_is_none_of_it():
    told = {name: TOLD[name] for name in ("serviceName", "clusterArn", "taskDefinition")}
    assert from_aws(told) == EcsService(
        name=SERVICE,
        cluster=CLUSTER,
        task_definition=DEFINITION,
        desired_count=0,
        capacity_providers={},
        subnets=frozenset(),
        security_groups=frozenset(),
        grace_period=0,
        propagate_tags="NONE",
        managed_tags=False,
        strategy="ROLLING",
        deployment_alarms=frozenset(),
    )


def test_a_classic_load_balancer_is_a_target_by_its_name():
    told = {**TOLD, "loadBalancers": [{"loadBalancerName": "old", "containerName": "web", "containerPort": 80}]}
    assert from_aws(told).targets == {Target(target_group="old", container="web", port=80)}
