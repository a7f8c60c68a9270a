"""The rights of the job that corrects drift."""

import json

import pytest

from desired_state.drift import DriftCorrection
from desired_state.load import DEFAULT_FILE, load
from desired_state.roles import Roles
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.references import resolve
from reconciler.resources.iam_role import IamRole, Statement

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
BOUNDARY = "arn:aws:iam::123456789012:policy/limit"
INLINE = 10_240  # characters of a role's inline policies (IAM user guide, "IAM and AWS STS quotas")


def role(boundary: str | None = None) -> IamRole:
    keys = {
        "drift_correction": DriftCorrection(events=True),
        "roles": Roles(boundary=boundary) if boundary else Roles(),
    }
    platform = load(DEFAULT_FILE, "dev123", environ={}).model_copy(update=keys)
    (found,) = (s for s in blueprint(platform, FACTS) if s.name == "ecs-task-drift-correction-dev123")
    assert isinstance(found, IamRole)
    return found


def statements(boundary: str | None = None) -> list[Statement]:
    return [s for policy in role(boundary).policies.values() for s in policy.statements if s.effect == "Allow"]


def conditions_of(action: str, boundary: str | None) -> list[set[str]]:
    found = [s for s in statements(boundary) if action in s.actions]
    return [{key for _, key, _ in s.conditions} for s in found]


@pytest.mark.parametrize("action", ["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"])
def test_a_boundary_that_the_file_leaves_open_is_not_the_jobs_to_change(action: str):
    assert conditions_of(action, None) == []


def test_a_boundary_of_the_file_stays_and_roles_are_written_only_with_it():
    assert conditions_of("iam:DeleteRolePermissionsBoundary", BOUNDARY) == []
    for action in ("iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreateRole"):
        assert conditions_of(action, BOUNDARY) == [{"iam:PermissionsBoundary"}]


def test_of_the_leases_only_the_stacks_own_may_be_written():
    assert conditions_of("dynamodb:UpdateItem", None) == [{"dynamodb:LeadingKeys"}]


@pytest.mark.parametrize("boundary", [None, "none", BOUNDARY])
def test_the_policies_fit_into_a_role(boundary: str | None):
    documents = [policy.document for policy in role(boundary).policies.values()]
    text = json.dumps(resolve(documents, lambda ref: ref.name), separators=(",", ":"))
    assert len(text) <= INLINE
