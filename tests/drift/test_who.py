"""Who made a difference: alice with keys of her own, a run of ours, or somebody who claims to be one."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from by_hand import (
    ALL,
    CLUSTER,
    PLATFORM,
    Clients,
    delete_dashboard,
    delete_repository,
    delete_rule,
    forget_sooner,
    give_everything,
    idle_longer,
    leave_range,
    open_ssh,
    retag,
    shut_out,
    stop_service,
    suspend_scaling,
)
from moto import mock_aws
from support import let_time_pass

from reconciler.aws.agent import agent_of
from reconciler.aws.trail import Pace, Window
from reconciler.cli import main
from reconciler.drift import ask_who, find_drift, with_authors
from reconciler.drift.last_apply import LastApply
from reconciler.model.drift import Attribution, DriftReport, Known
from reconciler.render.drift_text import drift_text
from reconciler.run import open_session
from reconciler.sandbox import install
from reconciler.target import Target

REGION = "us-east-1"


def make_user(name: str) -> Clients:
    iam = boto3.client("iam", region_name=REGION)
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(ALL))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    session = boto3.Session(made["AccessKeyId"], made["SecretAccessKey"], region_name=REGION)
    return session.client


def make_pace() -> Pace:
    """Return a pace whose rests take no time."""
    passed = [0.0]

    def rest(seconds: float) -> None:
        passed[0] += seconds

    return Pace(lambda: passed[0], rest)


DAMAGE: Mapping[str, tuple[Callable[[Clients], None], str, bool]] = {  # key -> by what, the call, is it exact
    "security_group_rules.ecs-tasks-dev.ingress.tcp 22 0.0.0.0/0": (
        open_ssh,
        "AuthorizeSecurityGroupIngress",
        True,
    ),
    "security_group_rules.alb-dev.ingress.tcp 80 0.0.0.0/0": (shut_out, "RevokeSecurityGroupIngress", True),
    "iam_role.ecs-task-web-dev.policies.mine": (give_everything, "PutRolePolicy", True),
    "ecs_service.svc-web-dev.desired_count": (stop_service, "UpdateService", True),
    "scalable_target.svc-worker-dev.suspended.scale_out": (suspend_scaling, "RegisterScalableTarget", False),
    "ecs_service.svc-worker-dev.desired_count": (leave_range, "UpdateService", True),
    "listener_rule.alb-dev-http-web": (delete_rule, "DeleteRule", True),
    "load_balancer.alb-dev.attributes.idle_timeout.timeout_seconds": (
        idle_longer,
        "ModifyLoadBalancerAttributes",
        True,
    ),
    "log_group./aws/ecs/web-dev.retention_days": (forget_sooner, "PutRetentionPolicy", True),
    "log_group./aws/ecs/web-dev.tags.team": (retag, "TagResource", True),
    "dashboard.ecs-services-dev": (delete_dashboard, "DeleteDashboards", True),
    "ecr_repository.ecr-repo-worker-dev": (delete_repository, "DeleteRepository", True),
}


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[tuple[Path, DriftReport]]:
    """A platform that alice has damaged, the report with its authors."""
    file = tmp_path / "whole.yaml"
    file.write_text(PLATFORM)
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        install()
        assert main(["apply", str(file), "--yes"]) == 0
        let_time_pass()
        alice = make_user("alice")
        with suppress(ClientError):  # what AWS refuses changes nothing
            alice("ecs").update_service(cluster=CLUSTER, service="svc-web-dev", desiredCount=-1)
        for damage, _, _ in DAMAGE.values():
            damage(alice)
        boto3.client("ecs", region_name=REGION).describe_services(cluster=CLUSTER, services=["svc-web-dev"])
        with open_session(Target(file)) as session:
            report = with_authors(session, find_drift(session), pace=make_pace())
        yield file, report


def test_each_damage_is_attributed_to_who_did_it(damaged: tuple[Path, DriftReport], tmp_path: Path):
    file, report = damaged
    told = {key: (who.actor, who.event, who.exact) for key, who in report.who.items() if key in DAMAGE}
    assert told == {key: ("user alice", event, exact) for key, (_, event, exact) in DAMAGE.items()}
    assert not any(who.by_us for who in report.who.values())
    check_what_is_not_told(report)
    check_text(drift_text(report))
    check_claims(file, tmp_path / "platform.yaml")


def check_what_is_not_told(report: DriftReport) -> None:
    """The image went with its repository: no call names it."""
    assert report.who.keys() == {difference.key for difference in report.drift}
    others = {key: who.known for key, who in report.who.items() if key not in DAMAGE}
    assert others == {"image.ecr-repo-worker-dev:latest": Known.NOT_FOUND}


def check_text(text: str) -> None:
    by_alice = r"ingress has tcp 22 .*\n +by user alice, 20\d\d-.* UTC \(AuthorizeSecurityGroupIngress\)"
    assert re.search(by_alice, text)
    assert "last touched by user alice" in text


def check_claims(file: Path, without_worker: Path) -> None:
    """What a run made is ours; what another made in its name only claims to be."""
    agent = agent_of("0.1.0", "shop/dev/us-east-1", "00")
    make_user("mallory")("logs", config=Config(user_agent_extra=agent)).put_retention_policy(
        logGroupName="/aws/ecs/worker-dev", retentionInDays=5
    )
    without_worker.write_text(PLATFORM[: PLATFORM.index("  worker:")])
    ours = who_of(without_worker, "ecs_service.svc-worker-dev#svc-worker-dev")
    claimed = who_of(file, "log_group./aws/ecs/worker-dev.retention_days")
    assert (ours.actor, ours.event, ours.by_us, ours.through) == ("the root user", "CreateService", True, "")
    assert (claimed.actor, claimed.event, claimed.by_us) == ("user mallory", "PutRetentionPolicy", False)
    assert claimed.through == "claims to be ecs-reconciler for shop/dev/us-east-1"


def who_of(file: Path, key: str) -> Attribution:
    """Return who made one difference of a file, whatever its status."""
    with open_session(Target(file)) as session:
        report = find_drift(session)
        window = Window(datetime.fromisoformat(report.at))
        asked = [difference for difference in report.differences if difference.key == key]
        return ask_who(session, LastApply(report.applied), asked, window, pace=make_pace())[key]
