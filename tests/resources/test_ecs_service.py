from dataclasses import replace
from typing import Any

import pytest
from services import (
    REGISTRY,
    SERVICE,
    TARGET,
    image,
    service,
)
from support import calls

from reconciler.model import tags
from reconciler.model.newness import while_new
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Rollout
from reconciler.plan.matching import required_change
from reconciler.resources.ecs_cluster import Share
from reconciler.resources.ecs_service import KIND, EcsService

DEFINITION = "arn:aws:ecs:us-east-1:1:task-definition/task-web-dev:3"
ARN = "arn:aws:ecs:us-east-1:1:service/ecs-cluster-dev/svc-web-dev"
SPOT = {"FARGATE_SPOT": Share(weight=1)}


def live(**fields: Any) -> Live[EcsService]:
    return Live(service(**fields), {"id": SERVICE, "arn": ARN, "deployment": "ecs-svc/1"})


def sent(want: EcsService, have: Live[EcsService] | None) -> dict[str, Any]:
    [(_, params)] = calls(KIND.ensure(want, have))
    return params


def test_all_is_set_in_the_create_call():
    wanted = service(targets={TARGET}, registries={REGISTRY}, grace_period=60, propagate_tags="SERVICE")
    params = sent(wanted, None)
    assert params["desiredCount"] == 2
    assert params["loadBalancers"] == [
        {"targetGroupArn": TARGET.target_group, "containerName": "web", "containerPort": 8080}
    ]
    assert params["serviceRegistries"] == [{"registryArn": REGISTRY}]
    assert params["healthCheckGracePeriodSeconds"] == 60
    assert params["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert params["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "ENABLED"
    assert (params["propagateTags"], params["enableECSManagedTags"]) == ("SERVICE", True)
    assert not params.keys() & {"launchType", "role", "forceNewDeployment"}


def test_a_grace_period_is_sent_only_with_a_load_balancer():
    assert "healthCheckGracePeriodSeconds" not in sent(service(grace_period=60), None)


def test_a_declared_count_wins_over_the_one_to_begin_with():
    assert sent(service(desired_count=5, initial_count=2), None)["desiredCount"] == 5


def test_a_service_that_was_deleted_by_hand_is_no_repetition_of_the_first_request():
    assert "clientToken" not in sent(service(), None)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"task_definition": DEFINITION}, {"taskDefinition"}),
        ({"desired_count": 3}, {"desiredCount"}),
        ({"capacity_providers": SPOT}, {"capacityProviderStrategy", "forceNewDeployment"}),
        ({"public_address": False}, {"networkConfiguration"}),
        ({"subnets": {"s-1"}}, {"networkConfiguration"}),
        ({"security_groups": {"g"}}, {"networkConfiguration"}),
        ({"targets": {TARGET}, "grace_period": 60}, {"loadBalancers", "healthCheckGracePeriodSeconds"}),
        ({"registries": {REGISTRY}}, {"serviceRegistries"}),
        ({"minimum_healthy_percent": 100}, {"deploymentConfiguration"}),
        ({"maximum_percent": 150}, {"deploymentConfiguration"}),
        ({"circuit_breaker": "off"}, {"deploymentConfiguration"}),
        ({"breaker_threshold": "COUNT 3"}, {"deploymentConfiguration"}),
        ({"breaker_resets": False}, {"deploymentConfiguration"}),
        ({"propagate_tags": "NONE"}, {"propagateTags", "forceNewDeployment"}),
        ({"managed_tags": False}, {"enableECSManagedTags", "forceNewDeployment"}),
        ({"execute_command": True}, {"enableExecuteCommand", "forceNewDeployment"}),
        ({"images": frozenset({image("v2").ref()})}, {"forceNewDeployment"}),
    ],
)
def test_an_update_sends_only_what_differs(fields: dict[str, Any], names: set[str]):
    assert sent(service(**fields), live()).keys() - {"cluster", "service"} == names


@pytest.mark.parametrize("changed", [{"breaker_threshold": "COUNT 1"}, {"breaker_resets": False}])
def test_limits_of_the_breaker_are_sent_only_to_change_them(changed: dict[str, Any]):
    """ECS keeps those that are not sent, and an older botocore does not know them."""
    flags, limits = {"enable", "rollback"}, {"thresholdConfiguration", "resetOnHealthyTask"}
    new = sent(service(), None)["deploymentConfiguration"]["deploymentCircuitBreaker"]
    other = sent(service(maximum_percent=150), live())["deploymentConfiguration"]["deploymentCircuitBreaker"]
    assert new.keys() == other.keys() == flags
    own = sent(service(**changed), None)["deploymentConfiguration"]["deploymentCircuitBreaker"]
    assert own.keys() == flags | limits
    back = sent(service(), live(**changed))["deploymentConfiguration"]["deploymentCircuitBreaker"]
    assert back.keys() == flags | limits
    assert (back["thresholdConfiguration"], back["resetOnHealthyTask"]) == (
        {"type": "BOUNDED_PERCENT", "value": 50},
        True,
    )


@pytest.mark.parametrize(
    ("before", "after", "rebalancing"),
    [
        (None, 100, "DISABLED"),
        (None, 200, None),
        (200, 100, "DISABLED"),
        (100, 150, "ENABLED"),
        (150, 200, None),
    ],
)
def test_tasks_are_not_rebalanced_where_none_may_run_beside_those_wanted(before, after, rebalancing):
    have = live(maximum_percent=before) if before else None
    assert sent(service(maximum_percent=after), have).get("availabilityZoneRebalancing") == rebalancing


def test_a_failed_deployment_is_begun_again():
    assert sent(service(), live(deployment="FAILED: no luck"))["forceNewDeployment"] is True


def test_a_target_that_is_not_wanted_is_taken_off():
    assert sent(service(), live(targets={TARGET}))["loadBalancers"] == []


def test_images_that_nobody_knows_of_deploy_nothing():
    assert required_change(KIND, service(), live(images=None)) == ((), ())
    assert list(KIND.ensure(service(), live(images=None))) == []


def test_a_change_is_followed_to_the_end_of_its_deployment_and_tags_alone_are_not():
    *_, last = KIND.ensure(service(desired_count=3), live())
    assert isinstance(last, Rollout)
    assert last.params["deployment"] == Ref("ecs_service", SERVICE, "deployment")
    strange = Live(service().model_copy(update={"tags": {}}), live().outputs)
    assert [type(step).__name__ for step in KIND.ensure(service(), strange)] == ["Call"]


def test_a_draining_namesake_deserves_more_patience_than_a_race():
    create = next(iter(KIND.ensure(service(stops_within=4500), None)))
    patience = {
        refusal.message_contains: refusal.patience
        for refusal in create.retry
        if isinstance(refusal, ErrorMatch)
    }
    assert patience["draining"] is None
    assert patience["does not have an associated load balancer"] == 240
    assert create.patience == 4500


def test_a_role_that_ecs_cannot_assume_is_waited_for_if_this_run_made_it():
    role = Ref("iam_role", "task-dev", "arn")
    for want, have in ((service(after={role}), None), (service(after={role}, execute_command=True), live())):
        call = next(step for step in KIND.ensure(want, have) if isinstance(step, Call))
        error = ErrorMatch("InvalidParameterException", "unable to assume role", 600)
        patience = {
            made: [
                e.patience for e in while_new(call.retry, made) if e.message_contains == error.message_contains
            ]
            for made in (frozenset({role.address}), frozenset())
        }
        assert [*patience.values()] == [[600], [30]]


def test_waiting_is_as_long_as_the_service_says():
    *_, rollout = KIND.ensure(service(settles_within=7200), None)
    assert rollout.patience == 7200
    assert {step.patience for step in KIND.remove(live(stops_within=4500))} == {4500}


def test_one_that_drains_is_only_waited_for():
    assert calls(KIND.remove(live(draining=True))) == []
    [(operation, params)] = calls(KIND.remove(live()))
    assert (operation, params["force"]) == ("delete_service", True)


def test_two_of_one_name_clash_also_in_two_clusters():
    assert KIND.relations.clashes is not None
    assert KIND.relations.clashes(
        service().model_copy(update={"name": f"{SERVICE} (draining)", "aws_name": SERVICE}), service()
    )
    assert KIND.relations.clashes(service(cluster=Ref("ecs_cluster", "old", by_id=True)), service())


@pytest.mark.parametrize(
    ("want", "now", "words"),
    [
        (
            {"execute_command": True},
            {},
            "its tasks are renewed: those that run now cannot get another execute_command",
        ),
        (
            {"propagate_tags": "NONE"},
            {},
            "its tasks are renewed: those that run now cannot get another propagate_tags",
        ),
        (
            {"tags": {"team": "a"}},
            {"tags": {"team": "b"}},
            "the tasks that run now keep the tags that they started with (changed: team)",
        ),
        (
            {"tags": {"team": "a"}},
            {"tags": {}},
            "the tasks that run now keep the tags that they started with (changed: team)",
        ),
        ({"tags": {"team": "a"}, "propagate_tags": "NONE"}, {"tags": {}, "propagate_tags": "NONE"}, ""),
        ({"tags": {"team": "a"}, "task_definition": DEFINITION}, {"tags": {}}, ""),
        ({"execute_command": True, "task_definition": DEFINITION}, {}, ""),
        ({"tags": {tags.SERVICE: "web"}}, {"tags": {}}, ""),
        ({"tags": {}}, {"tags": {"team": "b"}}, ""),
    ],
)
def test_the_plan_says_whether_running_tasks_get_what_tasks_start_with(want, now, words):
    was = replace(live(), spec=service().model_copy(update=now))
    (warning,) = [*KIND.warn(service().model_copy(update=want), was)] or [""]
    assert warning.startswith(words)
    assert bool(warning) == bool(words)
    assert warning.endswith("--region us-east-1") == ("to renew them: aws" in warning)


def test_a_tag_restarts_nothing():
    want = service().model_copy(update={"tags": {tags.SERVICE: "web", "team": "a"}})
    assert [operation for operation, _ in calls(KIND.ensure(want, live()))] == ["tag_resource"]
