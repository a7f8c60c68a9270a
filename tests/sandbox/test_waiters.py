"""The waiters of the AWS CLI end on the embedded AWS as they do on AWS. None of them sleeps here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import WaiterError
from makers import client_of
from stage import Stage

from reconciler.sandbox import Clock, Profile, install

SLOW = Profile(
    "slow",
    load_balancer=100,
    task_start=30,
    task_stop=10,
    target_healthy=60,
    deployment_settles=10,
    drain=60,
    table=10,
)


@dataclass
class Waited:
    """What is waited for: how to ask for it, and what its waiter asks about."""

    service: str
    waiter: str
    prepare: Callable[[Stage], dict[str, Any]]
    seconds: float = 0  # virtual ones until the waiter ends well; 0 if it does at once


def service(stage: Stage) -> dict[str, Any]:
    stage.service()
    return {"cluster": "c", "services": ["s"]}


def deleted_service(stage: Stage) -> dict[str, Any]:
    stage.service(desiredCount=0)
    stage.ecs.delete_service(cluster="c", service="s", force=True)
    return {"cluster": "c", "services": ["s"]}


def task(stage: Stage) -> dict[str, Any]:
    run = {"cluster": "c", "taskDefinition": "t", "launchType": "FARGATE"}
    (own,) = stage.ecs.run_task(**run, networkConfiguration=stage.network)["tasks"]
    return {"cluster": "c", "tasks": [own["taskArn"]]}


def exiting_task(stage: Stage) -> dict[str, Any]:
    stage.define(SANDBOX_EXIT="0")
    return task(stage)


def balancer(stage: Stage) -> dict[str, Any]:
    made = stage.elb.create_load_balancer(Name="lb", Subnets=stage.subnets)["LoadBalancers"][0]
    return {"LoadBalancerArns": [made["LoadBalancerArn"]]}


def deleted_balancer(stage: Stage) -> dict[str, Any]:
    asked = balancer(stage)
    stage.elb.delete_load_balancer(LoadBalancerArn=asked["LoadBalancerArns"][0])
    return asked


def target(stage: Stage) -> dict[str, Any]:
    group = stage.balanced()
    stage.service(loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 8080}])
    return {"TargetGroupArn": group}


def former_target(stage: Stage) -> dict[str, Any]:
    group = stage.balanced()
    address = [{"Id": "10.0.0.9", "Port": 8080}]
    stage.elb.register_targets(TargetGroupArn=group, Targets=address)
    stage.elb.deregister_targets(TargetGroupArn=group, Targets=address)
    return {"TargetGroupArn": group, "Targets": address}


def table(stage: Stage) -> dict[str, Any]:
    client_of("dynamodb").create_table(
        TableName="table",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return {"TableName": "table"}


def interface(stage: Stage) -> dict[str, Any]:
    made = stage.ec2.create_network_interface(SubnetId=stage.subnets[0])["NetworkInterface"]
    return {"NetworkInterfaceIds": [made["NetworkInterfaceId"]]}


CASES = [
    Waited("ecs", "services_stable", service, 30),
    Waited("ecs", "services_inactive", deleted_service, 60),
    Waited("ecs", "tasks_running", task, 30),
    Waited("ecs", "tasks_stopped", exiting_task, 40),
    Waited("elbv2", "load_balancer_available", balancer, 100),
    Waited("elbv2", "load_balancers_deleted", deleted_balancer),
    Waited("elbv2", "target_in_service", target, 100),
    Waited("elbv2", "target_deregistered", former_target, 300),
    Waited("ec2", "vpc_available", lambda stage: {"VpcIds": [stage.vpc]}),
    Waited("ec2", "subnet_available", lambda stage: {"SubnetIds": stage.subnets}),
    Waited("ec2", "security_group_exists", lambda stage: {"GroupIds": [stage.group]}),
    Waited("ec2", "internet_gateway_exists", lambda stage: {"InternetGatewayIds": [stage.gateway]}),
    Waited("ec2", "network_interface_available", interface),
    Waited("iam", "role_exists", lambda _: {"RoleName": "execution"}),
    Waited("dynamodb", "table_exists", table, 10),
    Waited("dynamodb", "table_not_exists", lambda _: {"TableName": "absent"}),
]


def wait(case: Waited, asked: dict[str, Any]) -> None:
    once = {"Delay": 0, "MaxAttempts": 1}
    client_of(case.service).get_waiter(case.waiter).wait(**asked, WaiterConfig=once)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.service}-{case.waiter}")
def test_a_waiter_ends_when_the_time_has_come(client: Any, clock: Clock, case: Waited) -> None:
    stage = Stage(client)
    install(SLOW, clock=clock)
    asked = case.prepare(stage)
    if case.seconds:
        with pytest.raises(WaiterError, match="Max attempts exceeded"):
            wait(case, asked)
        clock.advance(case.seconds)
    wait(case, asked)


def test_a_task_that_stops_fails_the_waiter_for_running_tasks(client: Any) -> None:
    asked = exiting_task(Stage(client))
    with pytest.raises(WaiterError, match="terminal failure state"):
        wait(Waited("ecs", "tasks_running", task), asked)
