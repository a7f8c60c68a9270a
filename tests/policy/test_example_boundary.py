"""The boundary in the examples lets the job correct, and none of its roles become more than it says."""

import json
from pathlib import Path

import pytest
from uses import ACCOUNT, facts_of, with_the_job

from desired_state import DEFAULT_FILE, load
from desired_state.names import JOB
from desired_state.roles import Roles
from reconciler.blueprint import blueprint
from reconciler.model.spec import parts
from reconciler.policy.documents import LIMIT, size
from reconciler.rights import find_roles
from reconciler.sandbox.authorization.decisions import Policies, Request, Target, evaluate

EXAMPLE = (Path(__file__).parents[2] / "examples" / "drift" / "boundary.json").read_text()
BOUNDARY, ROLE = f"arn:aws:iam::{ACCOUNT}:policy/edge-of-tasks", f"arn:aws:iam::{ACCOUNT}:role/ecs-task-web-dev"
BOUNDED = {"iam:permissionsboundary": (BOUNDARY,)}
ANYTHING = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def is_within(action: str, arn: str = ROLE, **keys: tuple[str, ...]) -> bool:
    """Tell whether a role with the boundary, and any policy, may do that."""
    request = Request(action, (Target(arn, keys),))
    return evaluate(Policies((ANYTHING,), EXAMPLE), request).is_allowed


def test_iam_takes_it_as_one_policy():
    assert size(json.loads(EXAMPLE)) <= LIMIT


def test_all_that_the_job_may_do_is_within_it():
    platform = with_the_job(load(DEFAULT_FILE, "dev", environ={}, region="us-east-1"))
    bounded = platform.model_copy(update={"roles": Roles(boundary=BOUNDARY)})
    (role,) = (
        r
        for r in find_roles(parts(blueprint(bounded, facts_of(bounded))).values())
        if r.name == platform.names.task_role(JOB)
    )
    assert role.boundary == BOUNDARY
    keys = {**BOUNDED, "iam:passedtoservice": ("ecs-tasks.amazonaws.com",)}
    statements = [s for policy in role.policies.values() for s in policy.statements if s.effect == "Allow"]
    for statement in statements:
        for action in statement.actions:
            of_service = {arn for arn in statement.resources if f":{action.partition(':')[0]}:" in arn}
            assert all(is_within(action, arn, **keys) for arn in of_service or {ROLE}), action


@pytest.mark.parametrize(
    ("action", "arn", "keys"),
    [
        ("iam:CreateRole", ROLE, {}),
        ("iam:PutRolePolicy", ROLE, {}),
        ("iam:AttachRolePolicy", ROLE, {"iam:permissionsboundary": (f"arn:aws:iam::{ACCOUNT}:policy/wide",)}),
        ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/admin", BOUNDED),
        ("iam:DeleteRolePermissionsBoundary", ROLE, BOUNDED),
        ("iam:CreatePolicyVersion", BOUNDARY, {}),
        ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/mallory", {}),
        ("iam:PassRole", ROLE, {"iam:passedtoservice": ("ec2.amazonaws.com",)}),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/admin", {}),
    ],
)
def test_no_role_gets_out_of_it(action: str, arn: str, keys: dict[str, tuple[str, ...]]):
    assert not is_within(action, arn, **keys)
