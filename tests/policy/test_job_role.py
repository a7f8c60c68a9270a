"""The role of the job, as AWS has it: it corrects what a correction may, and nothing of others or its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from crash import platforms
from crash.cloud import Run, cloud, run
from crash.damage import damage_services
from support import client, connection
from uses import READS, TAGS, of_another, with_the_job

from desired_state import Platform
from reconciler.sandbox import CALM
from reconciler.sandbox.authorization.calls import recording
from reconciler.sandbox.authorization.decisions import Policies, Request, find_refused
from reconciler.sandbox.authorization.principals import policies_of
from reconciler.sandbox.callers import begin_session, caller_in_role

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ecs-task-drift-correction-crash"
OWN = ("drift-correction-crash", "ecs-task-execution-crash", "drift-correction-dead-letters-crash")
ANYWHERE = {  # what IAM cannot narrow: docs/drift.md says so
    "application-autoscaling:PutScalingPolicy",
    "application-autoscaling:RegisterScalableTarget",
    "cloudwatch:PutDashboard",  # by its name
    "dynamodb:GetItem",  # by its key
    "dynamodb:UpdateItem",
    "iam:PassRole",  # by its name
}


@dataclass(frozen=True)
class Round:
    """An apply, damage, a correction in a session of the job's role, and a plan of what is left."""

    made: Sequence[Request]
    corrected: Run
    asked: Sequence[Request]
    left: Run
    role: Policies
    platform: Platform


@pytest.fixture(scope="module")
def a_round() -> Iterator[Round]:
    platform = with_the_job(platforms.default())
    with cloud(CALM) as clock:
        with recording() as made:
            assert run(platform, clock).clean
        damage_services("market-data")
        damage_further()
        role = policies_of(caller_in_role(ROLE, "round"))
        with in_a_session_of_the_job(), recording() as asked:
            corrected = run(platform, clock, correct=True)
        yield Round(made, corrected, asked, run(platform, clock), role, platform)


@contextmanager
def in_a_session_of_the_job() -> Iterator[None]:
    credentials = connection().session.get_credentials()
    former, credentials.access_key = credentials.access_key, begin_session(ROLE, "round")["aws_access_key_id"]
    try:
        yield
    finally:
        credentials.access_key = former


def damage_further() -> None:
    """Take away, tag otherwise and turn off what `damage` leaves."""
    client("ecr").delete_lifecycle_policy(repositoryName="ecr-repo-api-gateway-crash")
    client("ecr").put_image_tag_mutability(
        repositoryName="ecr-repo-order-processor-crash", imageTagMutability="IMMUTABLE"
    )
    client("events").remove_targets(Rule="drift-events-crash", Ids=["queue"])
    url = client("sqs").get_queue_url(QueueName="drift-events-crash")["QueueUrl"]
    client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "60"})
    client("sqs").tag_queue(QueueUrl=url, Tags={"ecs-reconciler:service": "x"})
    where = [{"Name": "tag:ecs-reconciler:name", "Values": ["subnet-public-1-crash"]}]
    (subnet,) = client("ec2").describe_subnets(Filters=where)["Subnets"]
    client("ec2").create_tags(Resources=[subnet["SubnetId"]], Tags=[{"Key": "Name", "Value": "x"}])
    client("ec2").modify_subnet_attribute(SubnetId=subnet["SubnetId"], MapPublicIpOnLaunch={"Value": False})
    client("iam").tag_role(
        RoleName="ecs-task-order-processor-crash", Tags=[{"Key": "ecs-reconciler:service", "Value": "x"}]
    )
    client("iam").delete_role_policy(RoleName="ecs-task-market-data-crash", PolicyName="telemetry")
    client("iam").delete_role(RoleName="ecs-task-market-data-crash")
    client("ecs").update_cluster_settings(
        cluster="ecs-cluster-crash", settings=[{"name": "containerInsights", "value": "disabled"}]
    )


def refused(policies: Policies, requests: Sequence[Request]) -> list[str]:
    return [f"{d.action} on {d.resource}: {d.why}" for d in find_refused(policies, requests)]


def writes(requests: Sequence[Request]) -> list[Request]:
    return [r for r in requests if not r.action.partition(":")[2].startswith(READS)]


def test_the_job_puts_right_all_that_was_damaged(a_round):
    assert a_round.corrected.clean
    assert {change.address.kind for change in a_round.corrected.todo.changes} >= {
        *(
            "dashboard",
            "ecr_repository",
            "ecs_cluster",
            "ecs_service",
            "event_rule",
            "iam_role",
            "listener_rule",
        ),
        *("log_group", "scalable_target", "security_group_rules", "sqs_queue", "subnet"),
    }
    assert a_round.left.todo.changes == ()


def test_it_could_make_anew_all_that_is_not_its_own(a_round):
    """What an apply in an empty account asks for, but for what is made once an account."""
    others = [r for r in a_round.made if not any(is_its_own(t.arn) for t in r.targets)]
    assert len(others) > len(a_round.made) / 2
    assert {word.partition(" ")[0] for word in refused(a_round.role, others)} == {
        *("dynamodb:CreateTable", "dynamodb:DescribeTable", "dynamodb:TagResource"),
        "iam:CreateServiceLinkedRole",
    }


def is_its_own(arn: str) -> bool:
    return any(name in arn for name in OWN)


def test_it_may_write_nothing_that_it_runs_by(a_round):
    own = [r for r in writes(a_round.made) if r.action != "iam:PassRole" and is_its_own(r.targets[0].arn)]
    assert {r.action.partition(":")[0] for r in own} == {"ecr", "ecs", "iam", "logs", "scheduler", "sqs"}
    assert len(refused(a_round.role, own)) == len(own)


def test_it_may_write_nothing_of_another_stack(a_round):
    asked = writes([*a_round.made, *a_round.asked])
    for tag in TAGS:
        theirs = [other for request in asked if (other := of_another(request, tag))]
        refusals = {word.partition(" ")[0] for word in refused(a_round.role, theirs)}
        assert refusals
        assert {request.action for request in theirs} - refusals <= ANYWHERE
