"""The rights of the job that corrects drift."""

import json
from typing import Any

import pytest

from desired_state.drift import Drift, DriftCorrection, Hidden, Notified
from desired_state.load import DEFAULT_FILE, load
from desired_state.mistakes import LoadError
from desired_state.platform import Platform
from desired_state.roles import Roles
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.blueprint.limits import require_within_limits
from reconciler.resources.iam_role import IamRole, Statement

ACCOUNT = "123456789012"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/limit-of-all-roles"
INLINE = 10_240  # characters of a role's inline policies (IAM user guide, "IAM and AWS STS quotas")
TOLD = (
    Notified(sns=f"arn:aws:sns:ap-southeast-1:{ACCOUNT}:drift-of-the-platforms"),
    Notified(webhook=Hidden(secret="drift/webhook-url"), key=Hidden(secret="drift/webhook-key")),
)
READS = ("Describe", "Get", "List", "Lookup")
EVENTS = DriftCorrection(events=True)  # so that it has resources of all types


def platform(job: DriftCorrection = EVENTS, **keys: Any) -> Platform:
    found = load(DEFAULT_FILE, "dev123", environ={}, region="us-east-1")
    return found.model_copy(update={"drift_correction": job, **keys})


def bounded(boundary: str | None) -> Roles:
    return Roles(boundary=boundary) if boundary else Roles()


def role(platform: Platform) -> IamRole:
    region = str(platform.region)
    facts = Facts(ACCOUNT, "aws", region, (f"{region}a", f"{region}b"))
    name = f"ecs-task-drift-correction-{platform.suffix}"
    (found,) = (spec for spec in blueprint(platform, facts) if spec.name == name)
    assert isinstance(found, IamRole)
    return found


def statements(platform: Platform) -> list[Statement]:
    return [s for policy in role(platform).policies.values() for s in policy.statements if s.effect == "Allow"]


def conditions_of(action: str, boundary: str | None) -> list[set[str]]:
    found = [s for s in statements(platform(roles=bounded(boundary))) if action in s.actions]
    return [{key for _, key, _ in s.conditions} for s in found]


@pytest.mark.parametrize("action", ["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"])
def test_a_boundary_that_the_file_leaves_open_is_not_the_jobs_to_change(action: str):
    assert conditions_of(action, None) == []


def test_a_boundary_of_the_file_stays_and_roles_get_rights_only_with_it():
    assert conditions_of("iam:DeleteRolePermissionsBoundary", BOUNDARY) == []
    for action in ("iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:CreateRole"):
        assert ["iam:PermissionsBoundary" in keys for keys in conditions_of(action, BOUNDARY)] == [True]


def test_of_the_leases_only_the_stacks_own_may_be_written():
    assert conditions_of("dynamodb:UpdateItem", None) == [{"dynamodb:LeadingKeys"}]


def test_only_these_writes_are_held_neither_by_a_tag_nor_by_a_name():
    """As in `policy --for correct`, which says why (`Any…`)."""
    tagged = ("aws:ResourceTag/", "aws:RequestTag/")
    loose = [
        statement
        for statement in statements(platform())
        if not any(key.startswith(tagged) for op, key, _ in statement.conditions if not op.endswith("IfExists"))
        and any(arn.endswith(("*", "/*")) and "dev123" not in arn for arn in statement.resources)
    ]
    writes = {a for s in loose for a in s.actions if not a.partition(":")[2].startswith(READS)}
    assert writes == {
        "application-autoscaling:DeleteS*",
        "application-autoscaling:PutS*",
        "application-autoscaling:RegisterScalableTarget",
        "cloudwatch:TagResource",
        "ec2:AuthorizeSecurityGroup*",
        "ec2:RevokeSecurityGroup*",
        "ec2:UpdateSecurityGroupRuleDescriptions*",
        "ecs:DeregisterTaskDefinition",
        "route53:ChangeResourceRecordSets",
        "route53:CreateHostedZone",
        "servicediscovery:TagResource",
    }


@pytest.mark.parametrize(("job", "drift"), [("none", "safe"), (None, "none")])
def test_a_job_that_corrects_nothing_only_reads_and_remembers(job: Any, drift: Any):
    found = statements(platform(DriftCorrection(correct=job), drift=Drift(correct=drift)))
    writes = {a for s in found for a in s.actions if not a.partition(":")[2].startswith(READS)}
    assert writes == {"dynamodb:UpdateItem"}


def test_it_may_tell_whom_its_own_notify_names_and_nobody_else():
    drift, job = Drift(notify=TOLD), DriftCorrection(notify=TOLD[:1])
    own = {a for s in statements(platform(job, drift=drift)) for a in s.actions}
    assert "sns:Publish" in own
    assert "secretsmanager:GetSecretValue" not in own
    assert "secretsmanager:GetSecretValue" in {a for s in statements(platform(drift=drift)) for a in s.actions}


@pytest.mark.parametrize("boundary", [None, "none", BOUNDARY])
@pytest.mark.parametrize(
    "suffix", ["dev", "customer-platform-production", "longest-that-is-without-a-balancer"]
)
def test_the_policies_fit_into_a_role(boundary: str | None, suffix: str):
    """With the longest names of a platform with a load balancer, 28 characters, and of one without, 34."""
    long = {"platform": "customer-platform", "environment": "production", "region": "ap-southeast-1"}
    drift, roles = Drift(notify=TOLD), bounded(boundary)
    found = role(platform(suffix=suffix, drift=drift, roles=roles, **long))
    text = json.dumps([policy.document for policy in found.policies.values()], separators=(",", ":"))
    assert len(text) <= INLINE


def test_names_that_are_too_long_for_it_are_a_mistake_of_the_file():
    with pytest.raises(LoadError, match=r"drift_correction: the inline policies of .* notify fewer"):
        require_within_limits(platform(platform="x" * 200), "aws")
