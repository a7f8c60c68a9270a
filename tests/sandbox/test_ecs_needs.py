import json
from dataclasses import replace
from typing import Any

import pytest
from stage import FROM_BALANCERS, Stage

from reconciler.sandbox import CALM, PROFILES, Clock, Profile, install

BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}


@pytest.fixture
def stage(client: Any, clock: Clock) -> Stage:
    """Create everything but the role, the route and the rule of the group."""
    install(replace(CALM, iam_propagation=10), clock=clock)
    stage = Stage(client, ready=False)
    uri = stage.ecr.create_repository(repositoryName="repo")["repository"]["repositoryUri"]
    stage.task_definition = stage.define(image=f"{uri}:latest")
    return stage


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


def test_a_task_needs_role_permission_and_route(stage: Stage, clock: Clock) -> None:
    assert "unable to assume the role" in outcome(stage)
    stage.give_role()
    clock.advance(10)
    assert "connection issue between the task and Amazon ECR" in outcome(stage)
    stage.give_route()
    assert "not authorized to perform: ecr:GetAuthorizationToken" in outcome(stage)
    stage.permit_pulls()
    clock.advance(10)
    assert outcome(stage) == "COMPLETED"


def test_a_new_role_and_a_new_policy_take_time(stage: Stage, clock: Clock) -> None:
    stage.give_route()
    stage.give_role()
    assert "unable to assume the role" in outcome(stage)
    clock.advance(10)
    stage.permit_pulls()
    assert "not authorized" in outcome(stage)
    clock.advance(9)
    stage.permit_pulls()
    clock.advance(1)
    assert outcome(stage) == "COMPLETED"


def test_without_a_public_address_a_gateway_is_no_way_out(stage: Stage, clock: Clock) -> None:
    stage.give_route()
    stage.give_role()
    stage.permit_pulls()
    clock.advance(10)
    private = {"awsvpcConfiguration": {"subnets": stage.subnets, "securityGroups": [stage.group]}}
    assert "connection issue" in outcome(stage, networkConfiguration=private)


def test_secrets_and_logs_need_permissions_of_their_own(stage: Stage, client: Any, clock: Clock) -> None:
    stage.give_route()
    stage.give_role()
    secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf"
    container = {"name": "app", "image": "nginx", "secrets": [{"name": "A", "valueFrom": secret}]}
    stage.task_definition = stage.register([container])
    clock.advance(10)
    assert "secretsmanager:GetSecretValue" in outcome(stage)
    statement = {"Effect": "Allow", "Action": ["secretsmanager:Get*"], "Resource": secret}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    stage.iam.put_role_policy(RoleName="execution", PolicyName="p", PolicyDocument=document)
    clock.advance(10)
    assert outcome(stage) == "COMPLETED"


def test_env_files_need_a_way_and_a_permission(stage: Stage, clock: Clock) -> None:
    stage.give_role()
    clock.advance(10)
    file = "arn:aws:s3:::shop/web.env"
    container = {"name": "app", "image": "nginx", "environmentFiles": [{"value": file, "type": "s3"}]}
    stage.task_definition = stage.register([container])
    assert "failed to download env files" in outcome(stage)
    stage.give_route()
    assert "not authorized to perform: s3:GetObject on resource: arn:aws:s3:::shop/web.env" in outcome(stage)
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": file}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    stage.iam.put_role_policy(RoleName="execution", PolicyName="p", PolicyDocument=document)
    clock.advance(10)
    assert outcome(stage) == "COMPLETED"


def test_a_balancer_must_be_let_in(stage: Stage, clock: Clock) -> None:
    stage.give_route()
    stage.give_role()
    stage.permit_pulls()
    clock.advance(10)
    group = stage.balanced()
    balancer = {"targetGroupArn": group, "containerName": "app", "containerPort": 8080}
    assert "Task failed ELB health checks" in outcome(stage, loadBalancers=[balancer])
    assert any("(reason Request timed out)" in event["message"] for event in stage.described()["events"])
    stage.let_balancers_in()
    assert outcome(stage) == "COMPLETED"


def test_a_target_is_told_as_it_is_reached_now(client: Any) -> None:
    stage = Stage(client)
    group = stage.balanced()
    stage.service(loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 8080}])
    assert states(stage, group) == {("healthy", None)}
    stage.ec2.revoke_security_group_ingress(GroupId=stage.group, IpPermissions=[FROM_BALANCERS])
    assert states(stage, group) == {("unhealthy", "Target.Timeout")}


def test_a_task_that_is_let_in_in_time_stays(client: Any, clock: Clock) -> None:
    stage = Stage(client)
    install(Profile("slow", target_healthy=60), clock=clock)
    stage.ec2.revoke_security_group_ingress(GroupId=stage.group, IpPermissions=[FROM_BALANCERS])
    group = stage.balanced()
    stage.service(loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 8080}])
    clock.advance(30)
    stage.let_balancers_in()
    clock.advance(30)
    assert stage.described()["deployments"][0]["rolloutState"] == "COMPLETED"
    assert stage.stopped() == []


def states(stage: Stage, group: str) -> set[tuple[str, str | None]]:
    told = stage.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return {(each["TargetHealth"]["State"], each["TargetHealth"].get("Reason")) for each in told}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_profile_asks_for_it(profile: Profile) -> None:
    assert profile.needs


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
    stage: Stage, clock: Clock, value_from: str, granted: str, result: str
) -> None:
    stage.give_route()
    stage.give_role()
    container = {"name": "app", "image": "nginx", "secrets": [{"name": "A", "valueFrom": value_from}]}
    stage.task_definition = stage.register([container])
    statement = {"Effect": "Allow", "Action": ["secretsmanager:Get*", "ssm:Get*"], "Resource": granted}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    stage.iam.put_role_policy(RoleName="execution", PolicyName="p", PolicyDocument=document)
    clock.advance(10)
    assert result in outcome(stage)
