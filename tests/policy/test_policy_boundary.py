"""With a permissions boundary in the file, nobody who holds its policies gets more rights than it allows."""

from pathlib import Path

import pytest
from uses import ACCOUNT, documents_of, facts_of, granted

from desired_state import DEFAULT_FILE, Platform, load
from reconciler.model.tags import STACK
from reconciler.policy import Use, policies
from reconciler.sandbox.authorization.decisions import Request, Target, find_refused

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/edge"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ecs-task-api-gateway-dev"


def bounded(folder: Path, boundary: str = BOUNDARY) -> Platform:
    file = folder / "platform.yaml"
    file.write_text(f"roles: {{boundary: '{boundary}'}}\n{DEFAULT_FILE.read_text()}")
    return load(file, "dev", environ={}, region="us-east-1")


def is_allowed(platform: Platform, use: Use, action: str, arn: str = ROLE, **keys: tuple[str, ...]) -> bool:
    of_ours = {f"aws:{kind}tag/{STACK}": (platform.stack,) for kind in ("resource", "request")}
    request = Request(action, (Target(arn, {**of_ours, **keys}),), of_ours)
    return not [*find_refused(granted(documents_of(platform, use)), [request])]


GAINS = ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"]


@pytest.mark.parametrize("use", [Use.APPLY, Use.CORRECT])
@pytest.mark.parametrize("action", GAINS)
def test_a_role_is_written_only_with_the_boundary(tmp_path, use, action):
    platform, key = bounded(tmp_path), "iam:permissionsboundary"
    assert is_allowed(platform, use, action, **{key: (BOUNDARY,)})
    assert not is_allowed(platform, use, action)
    assert not is_allowed(platform, use, action, **{key: (f"arn:aws:iam::{ACCOUNT}:policy/wide",)})


def test_only_the_files_managed_policies_are_attached(tmp_path):
    platform, both = bounded(tmp_path), {"iam:permissionsboundary": (BOUNDARY,)}
    name = "arn:aws:iam::aws:policy/{}"
    known = {"iam:policyarn": (name.format("service-role/AmazonECSTaskExecutionRolePolicy"),)}
    assert is_allowed(platform, Use.APPLY, "iam:AttachRolePolicy", **both, **known)
    admin = {"iam:policyarn": (name.format("AdministratorAccess"),)}
    assert not is_allowed(platform, Use.APPLY, "iam:AttachRolePolicy", **both, **admin)


@pytest.mark.parametrize("use", [Use.APPLY, Use.CORRECT, Use.DESTROY])
def test_the_boundary_is_neither_removed_nor_changed(tmp_path, use):
    """Also where another policy of the holder would allow it: there are denials, not only no permissions."""
    statements = [
        s for d in documents_of(bounded(tmp_path), use) for s in d["Statement"] if s["Effect"] == "Deny"
    ]
    denied = {a for s in statements for a in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])}
    assert denied == {
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:DeleteRolePermissionsBoundary",
        "iam:PutRolePermissionsBoundary",
        "iam:SetDefaultPolicyVersion",
    }


def test_a_boundary_that_the_file_takes_away_may_be_removed(tmp_path):
    assert is_allowed(bounded(tmp_path, "none"), Use.APPLY, "iam:DeleteRolePermissionsBoundary")


def test_a_boundary_that_the_file_leaves_open_is_not_touched(tmp_path):
    platform = load(DEFAULT_FILE, "dev", environ={}, region="us-east-1")
    for action in ("iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"):
        assert not is_allowed(platform, Use.APPLY, action)


@pytest.mark.parametrize("use", Use)
def test_what_the_holder_could_become_without_a_boundary_is_told(tmp_path, use):
    without = load(DEFAULT_FILE, "dev", environ={}, region="us-east-1")
    told = policies(without, facts_of(without), use).escalation
    assert ("administrator" in told) == (use in (Use.APPLY, Use.CORRECT))
    within = bounded(tmp_path)
    assert policies(within, facts_of(within), use).escalation == ""


@pytest.mark.parametrize(
    ("role", "service", "allowed"),
    [
        ("ecs-task-api-gateway-dev", "ecs-tasks.amazonaws.com", True),
        ("ecs-task-execution-dev", "ecs-tasks.amazonaws.com", True),
        ("ecs-task-api-gateway-dev", "ec2.amazonaws.com", False),
        ("ecs-task-api-gateway-dev", "scheduler.amazonaws.com", False),
        ("ecs-task-api-gateway-prod", "ecs-tasks.amazonaws.com", False),
        ("admin", "ecs-tasks.amazonaws.com", False),
    ],
)
def test_only_the_stacks_roles_are_passed_and_only_to_tasks(role, service, allowed):
    platform = load(DEFAULT_FILE, "dev", environ={}, region="us-east-1")
    arn, key = f"arn:aws:iam::{ACCOUNT}:role/{role}", {"iam:passedtoservice": (service,)}
    assert is_allowed(platform, Use.APPLY, "iam:PassRole", arn, **key) == allowed
