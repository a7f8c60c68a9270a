"""`drift`, in this process, on an embedded AWS in this process: a platform, damaged in more than ten ways."""

import json
from pathlib import Path
from typing import Any

import by_hand
import pytest
from by_hand import CLUSTER, PLATFORM, find_balancer, find_group, open_ssh
from shop_file import changed
from support import client, let_time_pass, make_lease_table

from reconciler.cli import main


@pytest.fixture
def shop(tmp_path: Path, aws: object, capsys: pytest.CaptureFixture[str]) -> str:
    """Apply the platform, and return its file."""
    file = tmp_path / "platform.yaml"
    file.write_text(PLATFORM)
    make_lease_table()
    assert main(["apply", str(file), "--yes"]) == 0
    let_time_pass()
    capsys.readouterr()
    return str(file)


def update(service: str, **changes: Any) -> None:
    client("ecs").update_service(cluster=CLUSTER, service=f"svc-{service}-dev", **changes)


def deploy_theirs() -> None:
    ecs = client("ecs")
    container = {"name": "mail", "image": "public.ecr.aws/other/thing:1", "essential": True}
    registered = ecs.register_task_definition(
        family="task-mail-dev",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )
    update("mail", taskDefinition=registered["taskDefinition"]["taskDefinitionArn"])


def open_listener() -> None:
    answer = {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": "hello"}
    client("elbv2").create_listener(
        LoadBalancerArn=find_balancer(client),
        Protocol="HTTP",
        Port=8081,
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": answer}],
    )


def register_target() -> None:
    (group,) = client("elbv2").describe_target_groups()["TargetGroups"]
    target = {"Id": "10.0.0.250", "Port": 8080}
    client("elbv2").register_targets(TargetGroupArn=group["TargetGroupArn"], Targets=[target])


def share_images() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("ecr").set_repository_policy(repositoryName="ecr-repo-web-dev", policyText=policy)


DAMAGE = [  # what somebody does, and what is told of it
    (open_ssh, "security_group_rules.ecs-tasks-dev.ingress.tcp 22 0.0.0.0/0", "security"),
    (by_hand.shut_out, "security_group_rules.alb-dev.ingress.tcp 80 0.0.0.0/0", "availability"),
    (by_hand.give_everything, "iam_role.ecs-task-web-dev.policies.mine", "security"),
    (by_hand.stop_service, "ecs_service.svc-web-dev.desired_count", "availability"),
    (by_hand.suspend_scaling, "scalable_target.svc-worker-dev.suspended.scale_out", "availability"),
    (by_hand.leave_range, "ecs_service.svc-worker-dev.desired_count", "availability"),
    (lambda _: deploy_theirs(), "ecs_service.svc-mail-dev.task_definition", "availability"),
    (by_hand.delete_rule, "listener_rule.alb-dev-http-web", "availability"),
    (
        by_hand.forget_sooner,
        "log_group./aws/ecs/web-dev.retention_days",
        "configuration",
    ),
    (by_hand.retag, "log_group./aws/ecs/web-dev.tags.team", "tags"),
    (
        by_hand.delete_dashboard,
        "dashboard.ecs-services-dev",
        "configuration",
    ),
]


def test_each_damage_is_found_with_its_severity(shop: str, capsys: pytest.CaptureFixture[str]):
    assert main(["drift", shop]) == 0
    assert "\nNo drift: all of it was compared, and is as the file says.\n" in capsys.readouterr().out
    for damage, _, _ in DAMAGE:
        damage(client)
    open_listener()
    share_images()
    register_target()
    assert main(["drift", shop, "--json"]) == 2
    report = json.loads(capsys.readouterr().out)
    found = {d["key"]: d["severity"] for d in report["differences"]}
    assert found == {key: severity for _, key, severity in DAMAGE}
    assert not report["not_compared"]
    assert report["obstacle"] is None
    assert [(r["what"], r["severity"]) for r in report["dangerous"]] == [
        ("ecr_repository.ecr-repo-web-dev", "security")
    ]
    assert [(r["words"].partition(" (")[0], r["severity"]) for r in report["foreign"]] == [
        ("in or on load_balancer.alb-dev, does not carry this stack's tags", "security"),
        ("target 10.0.0.250:8080, which is no task of this stack", "security"),
    ]


def test_what_the_file_changed_is_not_applied_yet(shop: str, capsys: pytest.CaptureFixture[str]):
    open_ssh(client)
    changed(Path(shop), "desired_count: 2", "desired_count: 3")
    assert main(["drift", shop, "--json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert {d["key"]: d["status"] for d in report["differences"]} == {
        "security_group_rules.ecs-tasks-dev.ingress.tcp 22 0.0.0.0/0": "drift",
        "ecs_service.svc-web-dev.desired_count": "not applied yet",
    }
    assert report["obstacle"].startswith("this file is not the one last applied (by arn:aws:")
    assert report["obstacle"].endswith("): run apply")
    assert "resources" not in report["applied"]


def test_what_is_ignored_is_listed_and_no_reason_for_exit_code_2(shop: str, capsys: pytest.CaptureFixture[str]):
    update("web", desiredCount=1)
    file = Path(shop)
    file.write_text(f'{PLATFORM}drift: {{ignore: ["service.web.desired_count"]}}\n')
    assert main(["drift", shop]) == 0
    out = capsys.readouterr().out
    assert "Ignored, as the file says:\n    ecs_service.svc-web-dev: desired_count is 1, by the file 2" in out
    assert "Nothing is corrected" not in out  # what becomes of drift is nothing to apply


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("log_grup.*.tags", "'log_grup' is no resource type; did you mean log_group?"),
        ("service.web.desired_cuont", "'desired_cuont' is no field of service; did you mean desired_count?"),
        ("*.*.wheels", "'wheels' is no field of any resource type"),
        ("web", "is not right: a resource type, a name and a field"),
    ],
)
def test_a_pattern_that_can_match_nothing_is_a_mistake_of_the_file(
    file: Path, pattern: str, words: str, capsys: pytest.CaptureFixture[str]
):
    file.write_text(f'{file.read_text()}drift: {{ignore: ["{pattern}"]}}\n')
    assert main(["drift", str(file)]) == 1
    err = capsys.readouterr().err
    assert words in err
    assert f"{file}:10:" in err


def test_a_stack_that_is_not_there_was_not_applied(file: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["drift", str(file), "--json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert {d["status"] for d in report["differences"]} == {"not applied yet"}
    assert report["obstacle"] == "it is not known what was applied last: run apply"


def test_after_a_destroy_nothing_has_drifted(applied: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["destroy", str(applied), "--yes"]) == 0
    capsys.readouterr()
    assert main(["drift", str(applied), "--json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert {d["status"] for d in report["differences"]} == {"not applied yet"}
    assert report["applied"] is None


def act_as_one_who_may_not(monkeypatch: pytest.MonkeyPatch, *actions: str) -> None:
    """Go on with the keys of a user who may do all but these actions."""
    iam = client("iam")
    iam.create_user(UserName="bob")
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": [*actions], "Resource": "*"},
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName="bob", PolicyName="most", PolicyDocument=policy)
    key = iam.create_access_key(UserName="bob")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


def test_what_may_not_be_read_is_told_and_the_rest_is_compared(
    shop: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    open_ssh(client)
    act_as_one_who_may_not(monkeypatch, "ec2:DescribeRouteTables", "dynamodb:GetItem")
    assert main(["drift", shop, "--json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert [d["key"] for d in report["differences"]] == [
        "security_group_rules.ecs-tasks-dev.ingress.tcp 22 0.0.0.0/0"
    ]
    (table,) = report["not_compared"]
    assert table["what"] == "route_table"
    assert "ec2.describe_route_tables" in table["why"]
    assert report["obstacle"].startswith("it is not known what was applied last: the record")


def test_what_has_lost_its_tags_is_not_missing(shop: str, capsys: pytest.CaptureFixture[str]):
    (vpc,) = client("ec2").describe_vpcs(Filters=[{"Name": "tag-key", "Values": ["ecs-reconciler:stack"]}])[
        "Vpcs"
    ]
    ids = [vpc["VpcId"], find_group(client, "ecs-tasks-dev")["GroupId"]]
    client("ec2").delete_tags(Resources=ids)
    (service,) = client("ecs").describe_services(cluster=CLUSTER, services=["svc-worker-dev"])["services"]
    client("ecs").untag_resource(resourceArn=service["serviceArn"], tagKeys=["ecs-reconciler:stack"])
    assert main(["drift", shop, "--json"]) == 2
    report = json.loads(capsys.readouterr().out)
    told = {(d["address"], d["finding"], d["severity"]) for d in report["differences"]}
    assert told == {
        ("vpc.vpc-dev", "changed", "tags"),
        ("security_group.ecs-tasks-dev", "changed", "tags"),
        ("ecs_service.svc-worker-dev", "changed", "tags"),
    }
    assert all("aws e" in d["held"] for d in report["differences"])
    assert {n["what"] for n in report["not_compared"]} == {
        "vpc.vpc-dev",
        "security_group.ecs-tasks-dev",
        "security_group_rules.ecs-tasks-dev",
        "ecs_service.svc-worker-dev",
        "scalable_target.svc-worker-dev",
    }
