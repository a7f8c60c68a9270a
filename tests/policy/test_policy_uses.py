"""Each use succeeds with exactly its policies: on what it was recorded to ask for, and as their holder."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from crash import platforms
from crash.cloud import Run, cloud, run
from support import client, connection
from uses import READS, TAGS, documents_of, granted, of_another, recorded, refused

from desired_state import Platform
from reconciler.policy import Use
from reconciler.policy.documents import Document
from reconciler.render.explain_error import explain_error
from reconciler.sandbox import CALM
from reconciler.sandbox.authorization.decisions import find_refused

BY_NAME = {  # writes that are narrowed by the names of the stack, as there are no tags that IAM looks at
    "cloudwatch:DeleteDashboards",
    "cloudwatch:PutDashboard",
    "dynamodb:CreateTable",
    "dynamodb:DescribeTable",
    "dynamodb:GetItem",
    "dynamodb:TagResource",
    "dynamodb:UpdateItem",
    "ecs:DeleteTaskDefinitions",
    "iam:CreateServiceLinkedRole",
    "iam:PassRole",
    "route53:ChangeResourceRecordSets",  # by the zone, or the names in it
    "scheduler:CreateSchedule",
    "scheduler:DeleteSchedule",
    "scheduler:UpdateSchedule",
}
ANYWHERE = {  # writes that IAM cannot narrow: the statements with a reason
    "application-autoscaling:DeleteScalingPolicy",
    "application-autoscaling:DeleteScheduledAction",
    "application-autoscaling:DeregisterScalableTarget",
    "application-autoscaling:PutScalingPolicy",
    "application-autoscaling:PutScheduledAction",
    "application-autoscaling:RegisterScalableTarget",
    "ecs:DeregisterTaskDefinition",
    "route53:CreateHostedZone",
    "route53:DeleteHostedZone",
}
OTHER_TAGS = {"cloudwatch:TagResource", "servicediscovery:TagResource"}  # but for the stack's tag


def without(documents: Sequence[Document], action: str) -> list[Document]:
    """Return the documents in which no statement allows the action."""

    def left(statement: dict[str, object]) -> str | list[str]:
        actions = statement["Action"]
        kept = [a for a in ([actions] if isinstance(actions, str) else [*actions]) if a != action]
        return kept[0] if len(kept) == 1 else kept  # as short as it was: a document may be at the limit

    return [
        {**d, "Statement": [{**s, "Action": left(s)} for s in d["Statement"] if left(s)]} for d in documents
    ]


@pytest.mark.parametrize("use", Use)
def test_all_that_a_use_asks_for_is_allowed(use):
    for platform, requests in recorded()[use]:
        assert refused(platform, use, requests) == []


@pytest.mark.parametrize("use", Use)
def test_each_action_is_missed_by_name_if_it_is_taken_away(use):
    for platform, requests in recorded()[use]:
        documents = documents_of(platform, use)
        for action in {request.action for request in requests}:
            of_it, left = [r for r in requests if r.action == action], granted(without(documents, action))
            assert [d.action for d in find_refused(left, of_it)] == [action] * len(of_it)


@pytest.mark.parametrize("use", [Use.PLAN, Use.DRIFT])
def test_a_use_that_only_looks_may_change_nothing(use):
    platform, requests = recorded()[Use.APPLY][0]
    writes = [r for r in requests if not r.action.partition(":")[2].startswith(READS)]
    allowed = {r.action for r in writes} - {d.action for d in refused(platform, use, writes)}
    assert allowed <= ({"dynamodb:UpdateItem"} if use is Use.DRIFT else set())


def test_a_correction_may_delete_no_resource():
    platform, requests = recorded()[Use.DESTROY][0]
    gone = {d.action for d in refused(platform, Use.CORRECT, requests)}
    assert {"ec2:DeleteVpc", "ecs:DeleteService", "iam:DeleteRole", "elasticloadbalancing:DeleteRule"} <= gone


def test_a_destroy_may_create_nothing():
    platform, requests = recorded()[Use.APPLY][0]
    made = {r.action for r in requests if ":Create" in r.action}
    allowed = made - {d.action for d in refused(platform, Use.DESTROY, requests)}
    assert allowed == {"dynamodb:CreateTable"}


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("use", [Use.APPLY, Use.CORRECT, Use.DESTROY])
def test_what_is_another_stacks_may_not_be_changed_nor_made(use, tag):
    for platform, requests in recorded()[use]:
        writes = [r for r in requests if not r.action.partition(":")[2].startswith(READS)]
        theirs = [other for r in writes if (other := of_another(r, tag))]
        allowed = {r.action for r in theirs} - {d.action for d in refused(platform, use, theirs)}
        assert allowed <= BY_NAME | ANYWHERE
        assert theirs or use is Use.DESTROY


def test_each_write_is_held_by_tags_or_is_known_not_to_be():
    for platform, requests in recorded()[Use.APPLY]:
        writes = [r for r in requests if not r.action.partition(":")[2].startswith(READS)]
        for request in writes:
            held = [other for tag in TAGS if (other := of_another(request, tag))]
            assert any(refused(platform, Use.APPLY, [other]) for other in held) or (
                request.action in BY_NAME | ANYWHERE | OTHER_TAGS
            ), request.action


@contextmanager
def alice(documents: Sequence[Document]) -> Iterator[None]:
    """Let the shared connection be that of a user with these policies, within the block."""
    iam = client("iam")
    iam.create_user(UserName="alice")
    for number, document in enumerate(documents):
        made = iam.create_policy(PolicyName=f"own-{number}", PolicyDocument=json.dumps(document))
        iam.attach_user_policy(UserName="alice", PolicyArn=made["Policy"]["Arn"])
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    credentials = connection().session.get_credentials()
    former = credentials.access_key
    credentials.access_key = key["AccessKeyId"]
    try:
        yield
    finally:
        credentials.access_key = former
        iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
        for policy in iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"]:
            iam.detach_user_policy(UserName="alice", PolicyArn=policy["PolicyArn"])
            iam.delete_policy(PolicyArn=policy["PolicyArn"])
        iam.delete_user(UserName="alice")


def as_alice(platform: Platform, clock: object, use: Use, lacking: str = "") -> Run:
    with alice(without(documents_of(platform, use), lacking)):
        return run(platform, clock, destroy=use is Use.DESTROY)


def test_alice_applies_and_destroys_with_exactly_her_policies_and_is_told_what_she_lacks():
    platform = platforms.default()
    with cloud(CALM) as clock:
        lacking = as_alice(platform, clock, Use.APPLY, lacking="ecs:CreateService")
        assert {
            explain_error(error).remedy.partition(" to ")[0] for error in lacking.outcome.failed.values()
        } == {"allow ecs:CreateService"}
        assert as_alice(platform, clock, Use.APPLY).clean
        lacking = as_alice(platform, clock, Use.DESTROY, lacking="ec2:DeleteVpc")
        assert [explain_error(e).remedy.partition(" to ")[0] for e in lacking.outcome.failed.values()] == [
            "allow ec2:DeleteVpc"
        ]
        assert as_alice(platform, clock, Use.DESTROY).clean
