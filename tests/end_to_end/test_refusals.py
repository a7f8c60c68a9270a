"""What AWS refuses for a moment is tried again; what it refuses for good is told at once."""

from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from refused import refused
from support import act
from whole import applied, default, planned, varied

from reconciler.aws.reads import Stack
from reconciler.model.plan import Outcome

FOR_EVER = 10_000  # times
ROLE = "arn:aws:iam::123456789012:role/ecs-task-execution-dev123"
PASS_ROLE = (
    f"User: arn:aws:sts::1:assumed-role/ci is not authorized to perform: iam:PassRole on resource: {ROLE}"
)

pytestmark = pytest.mark.usefixtures("aws")


def apply_change(folder: Path) -> Outcome:
    """Apply the default platform with more memory: new revisions, and updates of the services."""
    platform = varied(folder, memory=1024)
    return act(planned(platform), Stack(platform.stack, platform.suffix))


@pytest.mark.parametrize(
    ("operation", "code", "message"),
    [
        ("ecs.RegisterTaskDefinition", "AccessDeniedException", PASS_ROLE),
        ("ecs.RegisterTaskDefinition", "ClientException", "Role is not valid"),
        (
            "ecs.RegisterTaskDefinition",
            "ClientException",
            "Too many concurrent attempts to create a new revision",
        ),
        ("ecs.CreateService", "ClusterNotFoundException", "Cluster not found."),
        ("ec2.CreateSubnet", "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist"),
        ("iam.CreateRole", "ConcurrentModification", "The request was rejected, try again"),
        ("iam.PutRolePolicy", "NoSuchEntity", "The role with name ecs-task-execution-dev123 cannot be found."),
        ("elbv2.CreateRule", "TargetGroupNotFound", "One or more target groups not found"),
        ("logs.PutRetentionPolicy", "OperationAbortedException", "A conflicting operation is in progress"),
        ("ec2.CreateVpc", "EC2ThrottledException", "slow down"),
        ("cloudwatch.PutDashboard", "ConflictException", "try again"),
    ],
)
def test_a_first_apply_stands_it(operation: str, code: str, message: str):
    with refused(operation, code, message, times=2) as made:
        applied(default())
    assert len(made) > 2


def test_the_first_update_of_a_service_stands_that_ecs_does_not_find_it(tmp_path: Path):
    applied(default())
    with refused("ecs.UpdateService", "ServiceNotFoundException", "Service not found.") as made:
        assert not apply_change(tmp_path).failed
    assert len(made) == 1 + 3


def test_a_role_that_is_not_new_is_not_waited_for(tmp_path: Path):
    applied(default())
    with refused("ecs.RegisterTaskDefinition", "AccessDeniedException", PASS_ROLE, FOR_EVER) as made:
        outcome = apply_change(tmp_path)
    errors = list(outcome.failed.values())
    assert len(made) == len(errors) == 3  # one try for each definition
    assert all(isinstance(error, ClientError) for error in errors)


def test_that_one_may_not_pass_an_older_role_is_told_though_another_role_is_new(tmp_path: Path):
    applied(default())
    platform = varied(tmp_path, further=1)
    with refused("ecs.RegisterTaskDefinition", "AccessDeniedException", PASS_ROLE, FOR_EVER) as made:
        outcome = act(planned(platform), Stack(platform.stack, platform.suffix))
    assert (len(made), len(outcome.failed)) == (1, 1)
