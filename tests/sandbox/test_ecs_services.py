from typing import Any

import pytest
from botocore.exceptions import ClientError
from stage import Stage

from reconciler.sandbox import Clock, Profile, install

OFF = {  # the circuit breaker that a new service reads back
    "enable": False,
    "rollback": False,
    "resetOnHealthyTask": True,
    "thresholdConfiguration": {"type": "BOUNDED_PERCENT", "value": 50},
}


@pytest.fixture
def stage(client: Any) -> Stage:
    return Stage(client)


def test_every_field_that_is_sent_is_given_back(stage: Stage) -> None:
    sent = {
        "capacityProviderStrategy": [
            {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
            {"capacityProvider": "FARGATE_SPOT", "base": 0, "weight": 4},
        ],
        "enableECSManagedTags": True,
        "propagateTags": "SERVICE",
        "enableExecuteCommand": True,
        "platformVersion": "LATEST",
        "availabilityZoneRebalancing": "DISABLED",
        "schedulingStrategy": "REPLICA",
        "networkConfiguration": {
            "awsvpcConfiguration": {**stage.network["awsvpcConfiguration"], "subnets": stage.subnets[:1]}
        },
    }
    configuration = {
        "deploymentCircuitBreaker": {**OFF, "enable": True, "rollback": True},
        "maximumPercent": 200,
        "minimumHealthyPercent": 50,
    }
    stage.service(**sent, deploymentConfiguration=configuration)
    told = stage.described()
    assert {key: told[key] for key in sent} == sent
    assert configuration.items() <= told["deploymentConfiguration"].items()
    assert "launchType" not in told


def test_defaults_are_those_of_aws(stage: Stage) -> None:
    told = stage.service()
    assert told["deploymentConfiguration"] == {
        "deploymentCircuitBreaker": OFF,
        "maximumPercent": 200,
        "minimumHealthyPercent": 100,
        "strategy": "ROLLING",
        "bakeTimeInMinutes": 0,
    }
    assert (told["platformVersion"], told["propagateTags"], told["schedulingStrategy"]) == (
        "LATEST",
        "NONE",
        "REPLICA",
    )
    assert told["availabilityZoneRebalancing"] == "ENABLED"
    assert told["healthCheckGracePeriodSeconds"] == 0
    assert (told["placementConstraints"], told["placementStrategy"]) == ([], [])
    assert told["roleArn"].endswith(":role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS")


def test_groups_that_nobody_gave_are_an_empty_list(stage: Stage) -> None:
    network = {"awsvpcConfiguration": {"subnets": stage.subnets}}
    told = stage.service(networkConfiguration=network)["networkConfiguration"]["awsvpcConfiguration"]
    assert (told["securityGroups"], told["assignPublicIp"]) == ([], "DISABLED")


def test_a_daemon_is_not_rebalanced_and_has_no_desired_count(stage: Stage) -> None:
    web = {"name": "app", "image": "nginx", "memory": 128}
    stage.ecs.register_task_definition(family="d", containerDefinitions=[web])
    daemon = {"cluster": "c", "taskDefinition": "d", "launchType": "EC2", "schedulingStrategy": "DAEMON"}
    told = stage.ecs.create_service(serviceName="s", **daemon)["service"]
    limits = told["deploymentConfiguration"]
    assert told["availabilityZoneRebalancing"] == "DISABLED"
    assert (limits["maximumPercent"], limits["minimumHealthyPercent"], told["desiredCount"]) == (100, 0, 0)
    assert "roleArn" not in told
    with pytest.raises(ClientError, match="does not support a desired count"):
        stage.update(desiredCount=1)


def test_a_breaker_is_replaced_but_its_optional_members_are_kept(stage: Stage) -> None:
    breaker = {"enable": True, "rollback": True}
    more = {"resetOnHealthyTask": False, "thresholdConfiguration": {"type": "COUNT", "value": 4}}
    stage.service(deploymentConfiguration={"deploymentCircuitBreaker": breaker | more})
    stage.update(deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": False}})
    after = stage.described()["deploymentConfiguration"]["deploymentCircuitBreaker"]
    assert after == {"enable": True, "rollback": False, **more}


def test_a_family_is_told_as_the_full_arn_of_its_revision(stage: Stage) -> None:
    assert stage.service(taskDefinition="t")["taskDefinition"] == stage.task_definition


def test_an_update_changes_only_what_it_sends(stage: Stage) -> None:
    before = stage.service(enableECSManagedTags=True)
    stage.update(deploymentConfiguration={"minimumHealthyPercent": 50})
    after = stage.described()
    assert after["enableECSManagedTags"] is True
    assert after["networkConfiguration"] == before["networkConfiguration"]
    assert after["deploymentConfiguration"]["maximumPercent"] == 200
    assert after["deploymentConfiguration"]["minimumHealthyPercent"] == 50


def test_an_update_to_a_strategy_drops_the_launch_type(stage: Stage) -> None:
    stage.service()
    stage.update(
        capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}], forceNewDeployment=True
    )
    told = stage.described()
    assert "launchType" not in told
    assert told["deployments"][0]["capacityProviderStrategy"][0]["capacityProvider"] == "FARGATE_SPOT"
    assert {task["capacityProviderName"] for task in stage.running()} == {"FARGATE_SPOT"}


def test_an_identical_create_answers_with_what_is_there(stage: Stage) -> None:
    first = stage.service()["deployments"][0]["id"]
    assert stage.service()["deployments"][0]["id"] == first


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"desiredCount": 3}, "InvalidParameterException", "Creation of service was not idempotent."),
        (
            {"serviceName": "x", "taskDefinition": "absent"},
            "ClientException",
            "Unable to describe task definition.",
        ),
        ({"serviceName": "x", "cluster": "absent"}, "ClusterNotFoundException", "Cluster not found."),
        (
            {"serviceName": "x", "capacityProviderStrategy": [{"capacityProvider": "OTHER"}]},
            "InvalidParameterException",
            "cannot contain a capacity provider that is not associated",
        ),
    ],
)
def test_creates_are_refused_as_aws_does(stage: Stage, change: dict[str, Any], code: str, words: str) -> None:
    stage.service()
    with pytest.raises(ClientError, match=words) as refusal:
        stage.service(**change)
    assert refusal.value.response["Error"]["Code"] == code


def test_a_target_group_that_nothing_forwards_to_is_refused(stage: Stage) -> None:
    balancer = {"targetGroupArn": stage.target_group("lonely"), "containerName": "app", "containerPort": 8080}
    with pytest.raises(ClientError, match="does not have an associated load balancer"):
        stage.service(loadBalancers=[balancer])


def test_a_service_is_in_five_target_groups_at_most(stage: Stage) -> None:
    balancers = [{"targetGroupArn": stage.balanced(), "containerName": "app", "containerPort": 8080}] * 6
    with pytest.raises(ClientError, match="load balancers can have at most 5 items"):
        stage.service(loadBalancers=balancers)


def test_an_inactive_task_definition_is_refused(stage: Stage) -> None:
    stage.ecs.deregister_task_definition(taskDefinition=stage.task_definition)
    with pytest.raises(ClientError, match="TaskDefinition is inactive"):
        stage.service()


def test_eleven_services_are_too_many_to_describe(stage: Stage) -> None:
    with pytest.raises(ClientError, match="at most 10"):
        stage.ecs.describe_services(cluster="c", services=[f"s{n}" for n in range(11)])


def test_lists_come_in_pages_of_ten(stage: Stage) -> None:
    for n in range(12):
        stage.service(serviceName=f"s{n}", desiredCount=0)
    first = stage.ecs.list_services(cluster="c")
    second = stage.ecs.list_services(cluster="c", nextToken=first["nextToken"])
    assert (len(first["serviceArns"]), len(second["serviceArns"])) == (10, 2)


def test_a_service_above_zero_is_deleted_only_by_force(stage: Stage) -> None:
    stage.service()
    with pytest.raises(ClientError, match="cannot be stopped while it is scaled above 0"):
        stage.ecs.delete_service(cluster="c", service="s")
    assert stage.ecs.delete_service(cluster="c", service="s", force=True)["service"]["status"] == "DRAINING"


def test_a_deleted_service_drains_and_then_frees_its_name(stage: Stage, clock: Clock) -> None:
    install(Profile("slow", drain=60), clock=clock)
    stage.service()
    stage.ecs.delete_service(cluster="c", service="s", force=True)
    assert stage.described()["status"] == "DRAINING"
    assert stage.ecs.list_services(cluster="c")["serviceArns"] == []
    with pytest.raises(ClientError, match="still Draining"):
        stage.service(desiredCount=1)
    with pytest.raises(ClientError) as refusal:
        stage.update(desiredCount=1)
    assert refusal.value.response["Error"]["Code"] == "ServiceNotActiveException"
    clock.advance(60)
    assert stage.described()["status"] == "INACTIVE"
    assert stage.service(desiredCount=1)["status"] == "ACTIVE"


def test_a_service_drains_at_least_until_its_tasks_have_stopped(stage: Stage, clock: Clock) -> None:
    install(Profile("slow", task_stop=100, drain=1), clock=clock)
    stage.service()
    stage.described()
    stage.ecs.delete_service(cluster="c", service="s", force=True)
    clock.advance(99)
    assert stage.described()["status"] == "DRAINING"
    clock.advance(1)
    assert stage.described()["status"] == "INACTIVE"


def test_an_absent_service_is_missing_or_not_found(stage: Stage) -> None:
    failures = stage.ecs.describe_services(cluster="c", services=["absent"])["failures"]
    assert [failure["reason"] for failure in failures] == ["MISSING"]
    with pytest.raises(ClientError) as refusal:
        stage.ecs.delete_service(cluster="c", service="absent")
    assert refusal.value.response["Error"]["Code"] == "ServiceNotFoundException"


def test_tags_are_told_to_those_who_ask(stage: Stage) -> None:
    arn = stage.service(tags=[{"key": "a", "value": "1"}])["serviceArn"]
    stage.ecs.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}])
    assert {tag["key"] for tag in stage.described()["tags"]} == {"a", "b"}
    plain = stage.ecs.describe_services(cluster="c", services=["s"])["services"][0]
    assert plain.get("tags", []) == []


def test_a_call_that_nothing_answers_is_refused_once(stage: Stage) -> None:
    with pytest.raises(ClientError) as refusal:
        stage.ecs.submit_task_state_change(cluster="c")
    assert refusal.value.response["Error"]["Code"] == "UnknownOperationException"


@pytest.mark.parametrize(
    "rebalancing", [{}, {"availabilityZoneRebalancing": "ENABLED"}], ids=["default", "told"]
)
def test_what_may_not_exceed_its_count_is_not_rebalanced(stage: Stage, rebalancing: dict[str, str]) -> None:
    limits = {"maximumPercent": 100, "minimumHealthyPercent": 0}
    with pytest.raises(ClientError, match="rebalancing is not supported"):
        stage.service(deploymentConfiguration=limits, **rebalancing)
    off = {"availabilityZoneRebalancing": "DISABLED"}
    assert stage.service(deploymentConfiguration=limits, **off)["availabilityZoneRebalancing"] == "DISABLED"


def test_a_new_service_of_replicas_needs_a_desired_count(stage: Stage) -> None:
    with pytest.raises(ClientError, match="desiredCount is required"):
        stage.ecs.create_service(
            cluster="c",
            serviceName="s",
            taskDefinition=stage.define(),
            launchType="FARGATE",
            networkConfiguration=stage.network,
        )


def test_a_service_tells_who_created_it(stage: Stage) -> None:
    stage.service()
    assert stage.described()["createdBy"] == "arn:aws:iam::123456789012:root"
