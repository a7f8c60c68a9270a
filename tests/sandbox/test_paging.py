import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import NOT_FOUND, client_of, code_of, make_alb, make_group, make_listener, make_network

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
    ],
}


def task_definition(number: int) -> None:
    web = {"name": "web", "image": "nginx", "memory": 128}
    client_of("ecs").register_task_definition(family=f"family-{number}", containerDefinitions=[web])


def log_group(number: int) -> None:
    client_of("logs").create_log_group(logGroupName=f"/group-{number}")


def repository(number: int) -> None:
    client_of("ecr").create_repository(repositoryName=f"repo-{number}")


def role(number: int) -> None:
    client_of("iam").create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument=json.dumps(TRUST))


def cluster(number: int) -> None:
    client_of("ecs").create_cluster(clusterName=f"cluster-{number}")


def alarm(number: int) -> None:
    client_of("cloudwatch").put_metric_alarm(
        AlarmName=f"alarm-{number}",
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        MetricName="m",
        Namespace="n",
        Period=60,
        Statistic="Sum",
        Threshold=1,
    )


@pytest.mark.parametrize(
    ("make", "service", "operation", "member", "page"),
    [
        (task_definition, "ecs", "list_task_definitions", "taskDefinitionArns", 100),
        (task_definition, "ecs", "list_task_definition_families", "families", 100),
        (cluster, "ecs", "list_clusters", "clusterArns", 100),
        (repository, "ecr", "describe_repositories", "repositories", 100),
        (log_group, "logs", "describe_log_groups", "logGroups", 50),
        (alarm, "cloudwatch", "describe_alarms", "MetricAlarms", 50),
        (role, "iam", "list_roles", "Roles", 100),
        (role, "iam", "get_account_authorization_details", "RoleDetailList", 100),
    ],
)
def test_a_list_comes_by_pages(aws, make: Callable[[int], None], service, operation, member, page):
    for number in range(page + 3):
        make(number)
    client = client_of(service)
    pages = [len(found[member]) for found in client.get_paginator(operation).paginate()]
    assert len(getattr(client, operation)()[member]) == page
    assert sum(pages) == page + 3


def test_load_balancing_pages_as_asked(aws):
    elb, network = client_of("elbv2"), make_network(client_of("ec2"), "10.0")
    alb = make_alb(elb, network)
    for number in range(3):
        make_group(elb, network, f"group-{number}")
        make_listener(elb, alb, NOT_FOUND, 80 + number)
        make_alb(elb, network, f"alb-{number}")
    asked = {
        "describe_target_groups": {},
        "describe_listeners": {"LoadBalancerArn": alb},
        "describe_load_balancers": {},
    }
    found = {
        operation: [
            next(iter(page.values())) for page in elb.get_paginator(operation).paginate(PageSize=2, **more)
        ]
        for operation, more in asked.items()
    }
    assert [len(page) for page in found["describe_target_groups"]] == [2, 1]
    assert [len(page) for page in found["describe_listeners"]] == [2, 1]
    assert [len(page) for page in found["describe_load_balancers"]] == [2, 2]


def subnets(**asked: Any) -> dict[str, Any]:
    return client_of("ec2").describe_subnets(**asked)


def test_ec2_pages_only_when_asked(aws):
    network = make_network(client_of("ec2"), "10.0")
    everything = len(subnets()["Subnets"])
    first = subnets(MaxResults=5)
    assert (len(first["Subnets"]), everything > 5) == (5, True)
    rest = subnets(MaxResults=1000, NextToken=first["NextToken"])
    assert len(rest["Subnets"]) == everything - 5
    with pytest.raises(ClientError) as refused:
        subnets(MaxResults=5, SubnetIds=network.subnets)
    assert code_of(refused) == "InvalidParameterCombination"


def test_a_bad_token_is_refused(aws):
    with pytest.raises(ClientError) as refused:
        client_of("ecr").describe_repositories(nextToken="mine")
    assert code_of(refused) == "InvalidParameterException"
