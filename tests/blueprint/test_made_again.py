"""An apply makes again what somebody deleted, and replaces only the tasks that cannot use it any more."""

import json
from collections.abc import Callable

import pytest
from crash import platforms
from crash.cloud import cloud, run
from support import client

from reconciler.model.plan import Op, Plan
from reconciler.render.plan_text import plan_text
from reconciler.sandbox import CALM

HOUR = 3600.0
SERVICE = "ecs_service.svc-market-data-crash"


def changes(plan: Plan) -> dict[str, Op]:
    return {str(change.address): change.op for change in plan.changes}


def delete_role(name: str) -> None:
    iam = client("iam")
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def delete_log_group(name: str) -> None:
    client("logs").delete_log_group(logGroupName=name)


def delete_repository(name: str) -> None:
    client("ecr").delete_repository(repositoryName=name, force=True)


LOST = [
    (delete_role, "ecs-task-market-data-crash", "iam_role"),
    (delete_log_group, "/aws/ecs/market-data-crash", "log_group"),
]


@pytest.mark.parametrize(("delete", "name", "kind"), LOST, ids=["task role", "log group"])
def test_tasks_that_have_lost_it_are_started_anew_and_nothing_else(
    delete: Callable[[str], None], name: str, kind: str
):
    with cloud(CALM) as clock:
        run(platforms.default(), clock)
        clock.advance(HOUR)
        delete(name)
        mended = run(platforms.default(), clock)
        assert changes(mended.todo) == {f"{kind}.{name}": Op.CREATE, SERVICE: Op.UPDATE}
        assert f"      its tasks have lost {kind} {name}, and are replaced\n" in plan_text(mended.todo)
        assert {c.key: c.after for c in mended.todo.changes}[SERVICE] == {f"{kind}.{name}"}
        assert mended.clean
        assert run(platforms.default(), clock).todo.changes == ()


def make_role_again(name: str) -> None:
    iam = client("iam")
    role = iam.get_role(RoleName=name)["Role"]
    policies = {
        p: iam.get_role_policy(RoleName=name, PolicyName=p)
        for p in iam.list_role_policies(RoleName=name)["PolicyNames"]
    }
    delete_role(name)
    trust = json.dumps(role["AssumeRolePolicyDocument"])
    iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=trust, Description=role["Description"], Tags=role["Tags"]
    )
    for policy, answer in policies.items():
        document = json.dumps(answer["PolicyDocument"])
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)


def make_log_group_again(name: str) -> None:
    logs = client("logs")
    (group,) = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    tags = logs.list_tags_for_resource(resourceArn=group["arn"].removesuffix(":*"))["tags"]
    logs.delete_log_group(logGroupName=name)
    logs.create_log_group(logGroupName=name, tags=tags)
    logs.put_retention_policy(logGroupName=name, retentionInDays=group["retentionInDays"])


@pytest.mark.parametrize(
    ("make_again", "name"),
    [
        (make_role_again, "ecs-task-market-data-crash"),
        (make_log_group_again, "/aws/ecs/market-data-crash"),
    ],
)
def test_tasks_have_lost_it_also_when_it_was_made_again_already(make_again: Callable[[str], None], name: str):
    """Somebody else made it, or an apply that was killed before it deployed the service."""
    with cloud(CALM) as clock:
        run(platforms.default(), clock)
        clock.advance(HOUR)
        make_again(name)
        mended = run(platforms.default(), clock)
        assert changes(mended.todo) == {SERVICE: Op.UPDATE}
        assert mended.clean
        assert run(platforms.default(), clock).todo.changes == ()


@pytest.mark.parametrize(
    ("delete", "name", "kind"),
    [
        (delete_role, "ecs-task-execution-crash", "iam_role"),
        (delete_repository, "ecr-repo-market-data-crash", "ecr_repository"),
    ],
)
def test_what_only_new_tasks_need_is_made_and_no_task_is_touched(
    delete: Callable[[str], None], name: str, kind: str
):
    with cloud(CALM) as clock:
        run(platforms.default(), clock)
        clock.advance(HOUR)
        delete(name)
        mended = run(platforms.default(), clock)
        assert changes(mended.todo) == {f"{kind}.{name}": Op.CREATE}
        assert mended.clean
        assert run(platforms.default(), clock).todo.changes == ()
