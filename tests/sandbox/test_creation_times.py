"""Creation times of roles and log groups come from the clock of ECS deployments, in the order of the calls."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from reconciler.sandbox import CALM, HARSH, REAL, Clock, Profile, install, process
from reconciler.sandbox.private import MIDNIGHT, private

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
)
PROFILES = (CALM, REAL, replace(HARSH, throttled=0, failed=0, lost=0))
LAG = 10  # seconds after which every read of every profile sees a new role


class Account:
    """A service on EC2 capacity without tasks, a role and a log group."""

    def __init__(self, endpoint: str | None = None) -> None:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        session = boto3.Session(region_name="us-east-1", **keys)
        self.ecs, self.iam, self.logs = (
            session.client(name, endpoint_url=endpoint) for name in ("ecs", "iam", "logs")
        )
        self.ecs.create_cluster(clusterName="c")
        web = {"name": "web", "image": "nginx", "memory": 128}
        self.ecs.register_task_definition(family="web", containerDefinitions=[web])

    def create_service(self) -> None:
        self.ecs.create_service(cluster="c", serviceName="s", taskDefinition="web", desiredCount=0)

    def deploy(self) -> datetime:
        """Begin a deployment, and return its `createdAt`."""
        update = self.ecs.update_service(cluster="c", service="s", forceNewDeployment=True)
        return update["service"]["deployments"][0]["createdAt"]

    def renew_role(self) -> None:
        if self.iam.list_roles(PathPrefix="/of-tests/")["Roles"]:
            self.iam.delete_role(RoleName="r")
        self.iam.create_role(RoleName="r", Path="/of-tests/", AssumeRolePolicyDocument=TRUST)

    def role_date(self) -> datetime:
        """Return the role's `CreateDate`, which is the same in three calls."""
        details = self.iam.get_account_authorization_details(Filter=["Role"])["RoleDetailList"]
        told = [self.iam.get_role(RoleName="r")["Role"], *self.iam.list_roles()["Roles"], *details]
        dates = [role["CreateDate"] for role in told if role["RoleName"] == "r"]
        assert len(dates) == 3
        assert len(set(dates)) == 1
        assert dates[0].microsecond == 0
        return dates[0]

    def renew_group(self) -> datetime:
        """Re-create the log group, and return its `creationTime`."""
        if self.logs.describe_log_groups()["logGroups"]:
            self.logs.delete_log_group(logGroupName="g")
        self.logs.create_log_group(logGroupName="g")
        millis = self.logs.describe_log_groups()["logGroups"][0]["creationTime"]
        return datetime.fromtimestamp(millis / 1000, UTC)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
@pytest.mark.parametrize("speed", [0, 1, 60])
def test_what_is_made_after_a_deployment_tells_a_later_time(profile: Profile, speed: float) -> None:
    clock = Clock(speed=speed)
    with mock_aws():
        install(CALM, clock=clock)
        account = Account()
        account.create_service()
        install(profile, clock=clock)
        for _ in range(3):
            deployed = account.deploy()
            account.renew_role()
            clock.advance(LAG)
            assert account.role_date() > deployed
            deployed = account.deploy()
            assert account.renew_group() > deployed


@pytest.mark.parametrize("speed", [0, 1, 60])
def test_what_was_made_before_a_deployment_tells_no_later_time(speed: float) -> None:
    with mock_aws():
        install(CALM, clock=Clock(speed=speed))
        account = Account()
        account.create_service()
        for _ in range(3):
            account.deploy()
            account.renew_role()
            group, deployed = account.renew_group(), account.deploy()
            assert account.role_date() <= deployed
            assert group <= deployed


def test_in_a_rehearsal_times_are_those_of_its_clock() -> None:
    begun = datetime.fromtimestamp(MIDNIGHT, UTC)
    with private(CALM) as clock:
        account = Account()
        account.renew_role()
        assert account.role_date() == account.renew_group() == begun
        clock.advance(90)
        account.renew_role()
        assert (account.role_date() - begun).seconds == 90
        assert (account.renew_group() - begun).seconds == 90


@pytest.mark.parametrize("offset", [0.0, 0.1, 0.2499999, 0.5, 0.9999999])
def test_a_date_after_a_moment_is_later_however_close_both_are(offset: float) -> None:
    clock = Clock(speed=0, epoch=MIDNIGHT + offset)
    for unit in (1.0, 0.001):
        for _ in range(50):
            moment = clock.now()
            date = clock.date_after(moment, unit)
            assert date > clock.date(moment)
            assert date <= clock.date(clock.now())
            clock.advance(0.0137)


def test_a_date_in_a_later_second_lets_no_time_pass() -> None:
    clock = Clock(speed=0, epoch=MIDNIGHT)
    clock.advance(2.5)
    assert clock.date_after(1.9) == datetime.fromtimestamp(MIDNIGHT + 2, UTC)
    assert clock.now() == 2.5


def test_the_server_keeps_the_order_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("RECONCILER_STATE_DIR", str(tmp_path))
    try:
        account = Account(process.start("calm").endpoint)
        process.advance(3600)
        account.create_service()
        for _ in range(2):
            deployed = account.deploy()
            account.renew_role()
            assert account.role_date() > deployed
            assert account.renew_group() > deployed
            assert account.role_date() <= account.deploy()
    finally:
        process.stop()
