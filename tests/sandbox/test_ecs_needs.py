import json
from dataclasses import replace
from typing import Any

import pytest
from stage import Stage

from reconciler.sandbox import CALM, Clock, install

TRUST = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}


@pytest.fixture
def iam(client: Any) -> Any:
    return client("iam")


@pytest.fixture
def stage(client: Any, clock: Clock) -> Stage:
    """Create everything but the role and the route."""
    install(replace(CALM, needs=True, iam_propagation=10), clock=clock)
    stage = Stage(client)
    uri = stage.ecr.create_repository(repositoryName="repo")["repository"]["repositoryUri"]
    stage.task_definition = stage.define(image=f"{uri}:latest")
    return stage


def give_role(iam: Any) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    iam.create_role(RoleName="execution", AssumeRolePolicyDocument=document)


def give_route(stage: Stage) -> None:
    gateway = stage.ec2.describe_internet_gateways(
        Filters=[{"Name": "attachment.vpc-id", "Values": [stage.vpc]}]
    )
    main = stage.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [stage.vpc]}])["RouteTables"][
        0
    ]
    stage.ec2.create_route(
        RouteTableId=main["RouteTableId"],
        DestinationCidrBlock="0.0.0.0/0",
        GatewayId=gateway["InternetGateways"][0]["InternetGatewayId"],
    )


def outcome(stage: Stage, **fields: Any) -> str:
    """Return the rollout's state, or why its last task stopped."""
    if stage.ecs.describe_services(cluster="c", services=["s"])["services"]:
        stage.update(forceNewDeployment=True)
    else:
        stage.service(deploymentConfiguration=BREAKER, **fields)
    deployment = stage.described()["deployments"][0]
    stopped = stage.ecs.list_tasks(cluster="c", startedBy=deployment["id"], desiredStatus="STOPPED")["taskArns"]
    if deployment["rolloutState"] == "COMPLETED":
        return "COMPLETED"
    return str(stage.ecs.describe_tasks(cluster="c", tasks=stopped[:1])["tasks"][0]["stoppedReason"])


def test_a_task_needs_role_permission_and_route(stage: Stage, iam: Any, clock: Clock) -> None:
    assert "unable to assume the role" in outcome(stage)
    give_role(iam)
    clock.advance(10)
    assert "connection issue between the task and Amazon ECR" in outcome(stage)
    give_route(stage)
    assert "not authorized to perform: ecr:GetAuthorizationToken" in outcome(stage)
    iam.attach_role_policy(RoleName="execution", PolicyArn=EXECUTION)
    clock.advance(10)
    assert outcome(stage) == "COMPLETED"


def test_a_new_role_and_a_new_policy_take_time(stage: Stage, iam: Any, clock: Clock) -> None:
    give_route(stage)
    give_role(iam)
    assert "unable to assume the role" in outcome(stage)
    clock.advance(10)
    iam.attach_role_policy(RoleName="execution", PolicyArn=EXECUTION)
    assert "not authorized" in outcome(stage)
    clock.advance(9)
    iam.attach_role_policy(RoleName="execution", PolicyArn=EXECUTION)
    clock.advance(1)
    assert outcome(stage) == "COMPLETED"


def test_without_a_public_address_a_gateway_is_no_way_out(stage: Stage, iam: Any, clock: Clock) -> None:
    give_route(stage)
    give_role(iam)
    iam.attach_role_policy(RoleName="execution", PolicyArn=EXECUTION)
    clock.advance(10)
    private = {"awsvpcConfiguration": {"subnets": stage.subnets, "securityGroups": [stage.group]}}
    assert "connection issue" in outcome(stage, networkConfiguration=private)


def test_secrets_and_logs_need_permissions_of_their_own(
    stage: Stage, iam: Any, client: Any, clock: Clock
) -> None:
    give_route(stage)
    give_role(iam)
    secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf"
    container = {"name": "app", "image": "nginx", "secrets": [{"name": "A", "valueFrom": secret}]}
    stage.task_definition = stage.register([container])
    clock.advance(10)
    assert "secretsmanager:GetSecretValue" in outcome(stage)
    statement = {"Effect": "Allow", "Action": ["secretsmanager:Get*"], "Resource": secret}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    iam.put_role_policy(RoleName="execution", PolicyName="p", PolicyDocument=document)
    clock.advance(10)
    assert outcome(stage) == "COMPLETED"


def test_a_balancer_must_be_let_in(stage: Stage, iam: Any, clock: Clock) -> None:
    give_route(stage)
    give_role(iam)
    iam.attach_role_policy(RoleName="execution", PolicyArn=EXECUTION)
    clock.advance(10)
    group = stage.balanced()
    balancer = {"targetGroupArn": group, "containerName": "app", "containerPort": 8080}
    assert "Task failed ELB health checks" in outcome(stage, loadBalancers=[balancer])
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 8080,
        "ToPort": 8080,
        "IpRanges": [{"CidrIp": "10.0.0.0/16"}],
    }
    stage.ec2.authorize_security_group_ingress(GroupId=stage.group, IpPermissions=[permission])
    assert outcome(stage) == "COMPLETED"


def test_a_calm_world_asks_for_none_of_it(client: Any) -> None:
    assert outcome(Stage(client)) == "COMPLETED"


SECRETS, PARAMETERS = (
    "arn:aws:secretsmanager:us-east-1:123456789012:secret",
    "arn:aws:ssm:us-east-1:123456789012",
)


@pytest.mark.parametrize(
    ("value_from", "granted", "result"),
    [
        (f"{SECRETS}:db-AbCdEf:password::", f"{SECRETS}:db-AbCdEf", "COMPLETED"),
        (f"{SECRETS}:prod/db", f"{SECRETS}:prod/db-??????", "COMPLETED"),
        (f"{SECRETS}:prod/db:password::", f"{SECRETS}:prod/db-??????", "COMPLETED"),
        (f"{SECRETS}:prod/db", f"{SECRETS}:prod/db", "not authorized"),
        (f"{SECRETS}:db-AbCdEf:password", f"{SECRETS}:*", "unexpected ARN format"),
        ("/shop/db", f"{PARAMETERS}:parameter/shop/db", "COMPLETED"),
        ("db", f"{PARAMETERS}:parameter/db", "COMPLETED"),
        (f"{PARAMETERS}:parameter/db", f"{PARAMETERS}:parameter/db", "COMPLETED"),
    ],
)
def test_iam_is_asked_for_the_whole_arn_of_a_secret_without_its_selectors(
    stage: Stage, iam: Any, clock: Clock, value_from: str, granted: str, result: str
) -> None:
    give_route(stage)
    give_role(iam)
    container = {"name": "app", "image": "nginx", "secrets": [{"name": "A", "valueFrom": value_from}]}
    stage.task_definition = stage.register([container])
    statement = {"Effect": "Allow", "Action": ["secretsmanager:Get*", "ssm:Get*"], "Resource": granted}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    iam.put_role_policy(RoleName="execution", PolicyName="p", PolicyDocument=document)
    clock.advance(10)
    assert result in outcome(stage)
