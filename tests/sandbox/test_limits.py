from collections.abc import Callable
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from makers import code_of

from reconciler.sandbox import CALM, REAL, Clock, install
from reconciler.sandbox.limits.table import Limit
from reconciler.sandbox.limits.throttling import Bucket, take_token

ONCE = Config(retries={"total_max_attempts": 1})


def once(service: str, region: str = "us-east-1") -> Any:
    return boto3.client(service, region_name=region, config=ONCE)


def call_often(call: Callable[[], Any]) -> None:
    for _ in range(101):
        call()


def register(ecs: Any) -> None:
    ecs.register_task_definition(
        family="f", containerDefinitions=[{"name": "c", "image": "nginx", "memory": 128}]
    )


def test_twenty_registrations_at_once_then_one_a_second(aws, clock: Clock):
    install(REAL, clock=clock)
    ecs = once("ecs")
    for _ in range(20):
        register(ecs)
    with pytest.raises(ClientError, match="Rate exceeded") as refused:
        register(ecs)
    assert code_of(refused) == "ThrottlingException"
    clock.advance(1)
    register(ecs)
    with pytest.raises(ClientError):
        register(ecs)


def test_buckets_are_of_a_region_and_of_a_kind_of_call(aws, clock: Clock):
    install(REAL, clock=clock)
    ecs = once("ecs")
    for _ in range(20):
        register(ecs)
    assert ecs.list_task_definitions()["taskDefinitionArns"]
    register(once("ecs", "eu-west-1"))


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "code"),
    [
        ("ec2", "describe_vpcs", {}, "RequestLimitExceeded"),
        ("elbv2", "describe_load_balancers", {}, "ThrottlingException"),
        ("iam", "list_roles", {}, "Throttling"),
        ("servicediscovery", "list_namespaces", {}, "RequestLimitExceeded"),
        ("logs", "describe_log_groups", {}, "ThrottlingException"),
        ("ecr", "describe_repositories", {}, "ThrottlingException"),
        ("cloudwatch", "list_dashboards", {}, "Throttling"),
        (
            "application-autoscaling",
            "describe_scalable_targets",
            {"ServiceNamespace": "ecs"},
            "ThrottlingException",
        ),
        ("resourcegroupstaggingapi", "get_resources", {}, "ThrottledException"),
    ],
)
def test_each_service_says_no_in_its_own_code(aws, clock: Clock, service, operation, arguments, code):
    install(REAL, clock=clock)
    call = partial(getattr(once(service), operation), **arguments)
    with pytest.raises(ClientError) as refused:
        call_often(call)
    assert code_of(refused) == code


def test_a_calm_aws_has_no_limits(aws, clock: Clock):
    install(CALM, clock=clock)
    ecs = once("ecs")
    for _ in range(30):
        register(ecs)
    assert len(ecs.list_task_definitions()["taskDefinitionArns"]) == 30


def test_a_bucket_holds_no_more_than_its_burst():
    buckets: dict[tuple[str, ...], Bucket] = {}
    limit = Limit("b", burst=2, rate=1)
    taken = [take_token(buckets, ("k",), limit, now) for now in (0, 0, 0, 1, 1, 100, 100, 100)]
    assert taken == [True, True, False, True, False, True, True, False]
