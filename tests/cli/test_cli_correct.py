"""`drift --correct`, in this process, on an embedded AWS in this process."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shop_file import FILE, changed
from support import Counted, client, connection, let_time_pass

from desired_state.windows import DAYS, parse_window
from reconciler.apply import apply
from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.apply.ledger import Forbids
from reconciler.aws.clock import Clock
from reconciler.aws.lease import Lease, Terms, hold_lease, item, protocol
from reconciler.aws.lease.process import this_process
from reconciler.cli import main
from reconciler.drift.correction import attempt
from reconciler.drift.correction_rules import Rules
from reconciler.model.correction import Reason
from reconciler.model.plan import Outcome, Plan
from reconciler.resources import KINDS
from reconciler.resources.ecs_service import lost
from reconciler.run import open_session
from reconciler.session import Session
from reconciler.target import Target

CLUSTER, SERVICE, LOGS = "ecs-cluster-dev", "svc-web-dev", "/aws/ecs/web-dev"
STACK = "shop/dev/us-east-1"
COUNT = f"ecs_service.{SERVICE}.desired_count"
RETENTION = f"log_group.{LOGS}.retention_days"
SSH = "security_group_rules.ecs-tasks-dev.ingress.tcp 22 0.0.0.0/0"


@pytest.fixture
def file(tmp_path: Path, aws: object) -> Path:
    path = tmp_path / "platform.yaml"
    head = 'suffix: "{environment}"\nregion: us-east-1\n'
    path.write_text(FILE.replace("region: us-east-1\n", head).replace("512}", "512, desired_count: 2}"))
    return path


def shut_down() -> None:
    client("ecs").update_service(cluster=CLUSTER, service=SERVICE, desiredCount=0)


def shorten_logs() -> None:
    client("logs").put_retention_policy(logGroupName=LOGS, retentionInDays=1)


def open_ssh() -> None:
    (group,) = client("ec2").describe_security_groups(
        Filters=[{"Name": "tag:ecs-reconciler:name", "Values": ["ecs-tasks-dev"]}]
    )["SecurityGroups"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    client("ec2").authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])


def correct(
    file: Path, capsys: pytest.CaptureFixture[str], *options: str, code: int
) -> tuple[set[str], dict[str, str]]:
    """Return what was corrected, and what is left with the reason."""
    assert main(["drift", str(file), "--correct", "--json", *options]) == code
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    done = {c["key"] for c in document["corrections"] if c["ended"] == "corrected"}
    drift = [d for d in document["differences"] if d["status"] == "drift"]
    assert {w["key"]: w["words"] for w in document["waiting"]}.items() <= {
        d["key"]: d["held"] for d in drift
    }.items()
    return done, {d["key"]: d["held"] for d in drift}


def with_drift(file: Path, text: str) -> Path:
    """Say in the file what becomes of drift, which is nothing to apply."""
    file.write_text(f"{file.read_text()}drift: {{{text}}}\n")
    return file


def closed() -> str:
    """Return a window that opens the day after tomorrow."""
    return f'windows: ["{DAYS[(datetime.now(UTC) + timedelta(days=2)).weekday()]} 11:00-12:00 UTC"]'


@pytest.fixture
def damaged(applied: Path) -> Path:
    for damage in (shut_down, shorten_logs, open_ssh):
        damage()
    return applied


def test_a_count_outside_of_the_range_of_scaling_is_put_into_it(file, capsys):
    changed(file, "desired_count: 2}", "desired_count: 2, scaling: {min: 2, max: 4, cpu: 70}}")
    assert main(["apply", str(file), "--yes"]) == 0
    let_time_pass()
    capsys.readouterr()
    shut_down()
    assert correct(file, capsys, code=0) == ({COUNT}, {})
    (service,) = client("ecs").describe_services(cluster=CLUSTER, services=[SERVICE])["services"]
    assert service["desiredCount"] == 2


def test_what_is_damaged_is_put_right_and_the_last_apply_stays_what_it_was(
    damaged: Path, capsys: pytest.CaptureFixture[str]
):
    before = item.read(client("dynamodb"), STACK)
    assert main(["drift", str(damaged), "--correct"]) == 0
    out = capsys.readouterr().out
    assert "No drift: all of it was compared, and is as the file says.\n3 corrected.\n" in out
    assert f"    ✓ {SSH}: put right (security)\n    ✓ {COUNT}: put right (availability)\n" in out
    after = item.read(client("dynamodb"), STACK)
    assert before.applied
    assert after == before
    with Counted() as calls:
        assert main(["drift", str(damaged), "--correct"]) == 0
    assert "UpdateItem" not in calls  # nothing to correct: it takes no lease


def test_the_severities_that_are_named_are_corrected_and_no_others(
    damaged: Path, capsys: pytest.CaptureFixture[str]
):
    done, left = correct(damaged, capsys, "--only", "security,availability", code=2)
    assert done == {SSH, COUNT}
    assert left == {RETENTION: "it is not among what --only names: availability, security"}


def test_all_but_security_waits_for_a_window(damaged: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["drift", str(with_drift(damaged, closed())), "--correct", "--json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert {c["key"] for c in document["corrections"]} == {SSH}
    assert {(w["key"], w["reason"]) for w in document["waiting"]} == {(COUNT, "window"), (RETENTION, "window")}
    opens = datetime.fromisoformat(document["waiting"][0]["until"])
    assert timedelta(days=1) < opens - datetime.now(UTC) < timedelta(days=3)


def test_what_a_window_closes_on_waits_and_what_is_begun_is_finished(damaged: Path):
    now = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)

    def close_after(event: ProgressEvent) -> None:
        nonlocal now
        if event.what is EventKind.BEGUN and event.change.address.kind == "log_group":
            now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)

    def make_changes(session: Session, plan: Plan, forbids: Forbids) -> Outcome:
        return apply(session.reads, KINDS, plan, workers=1, report=close_after, forbids=forbids)

    rules = Rules(windows=[parse_window("Mon-Sun 08:00-09:00 UTC")], date=lambda: now)
    with open_session(Target(damaged)) as session:
        made = attempt(session, rules, make_changes)
    assert {c.key for c in made.corrections} == {SSH, RETENTION}
    assert {key: (hold.reason, hold.until) for key, hold in made.late.items()} == {
        COUNT: (Reason.WINDOW, "2026-11-28T08:00:00+00:00")
    }


@pytest.mark.parametrize(("allowed", "done"), [("none", set()), ("security", {SSH})])
def test_the_file_says_how_far_corrections_go(
    damaged: Path, capsys: pytest.CaptureFixture[str], allowed: str, done: set[str]
):
    assert correct(with_drift(damaged, f"correct: {allowed}"), capsys, code=2)[0] == done


def test_tasks_that_lost_their_log_group_are_not_started_anew_unasked(
    applied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(lost, "CLOCK_DIFFERENCE", timedelta(0))  # or the tasks would count as younger
    client("logs").delete_log_group(logGroupName=LOGS)
    done, left = correct(applied, capsys, code=2)
    assert done == {f"log_group.{LOGS}"}
    assert [*left.values()] == ["tasks would be started anew: allow it with --allow-restart"]
    (key,) = left
    assert key.startswith(f"ecs_service.{SERVICE}.lost_by_tasks.")
    assert correct(applied, capsys, "--allow-restart", code=0)[0] == {key}


def test_a_file_that_was_not_applied_corrects_nothing(damaged: Path, capsys: pytest.CaptureFixture[str]):
    changed(damaged, "desired_count: 2", "desired_count: 3")
    with Counted() as calls:
        done, left = correct(damaged, capsys, code=2)
    assert not done
    assert all(words.startswith("this file is not the one last applied") for words in left.values())
    assert not {"UpdateItem", "UpdateService", "PutRetentionPolicy"} & calls.keys()


@pytest.fixture
def held(damaged: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lease]:
    """Let another run hold the lease, which renews it whenever somebody looks."""
    clock = Clock(lambda: 0.0, lambda _seconds: None)
    with hold_lease(
        connection(), STACK, this_process("drift --correct", "arn:other"), Terms(clock=clock)
    ) as lease:
        put, beats = item.put_holder, iter(range(1, 99))

        def put_after_a_heartbeat(*args: Any, **kwargs: Any) -> Any:
            item.put_version(lease.client, STACK, lease.holder.run, next(beats))
            return put(*args, **kwargs)

        monkeypatch.setattr(item, "put_holder", put_after_a_heartbeat)
        monkeypatch.setattr(protocol, "LOOK_EVERY", 0.1)
        yield lease


def test_the_second_of_two_that_correct_reports_and_writes_nothing(
    damaged: Path, held: Lease, capsys: pytest.CaptureFixture[str]
):
    with Counted() as calls:
        done, left = correct(damaged, capsys, code=2)
    assert not done
    assert {words.split(":")[0] for words in left.values()} == {f"another run of {STACK} is under way"}
    assert not {"UpdateService", "PutRetentionPolicy"} & calls.keys()


def test_a_correction_that_is_refused_fails_and_what_does_not_depend_on_it_is_made(
    damaged: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    iam = client("iam")
    iam.create_user(UserName="bob")
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "logs:PutRetentionPolicy", "Resource": "*"},
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName="bob", PolicyName="most", PolicyDocument=policy)
    key = iam.create_access_key(UserName="bob")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    done, left = correct(damaged, capsys, code=1)
    assert done == {SSH}
    assert left == {
        RETENTION: "its correction failed",
        COUNT: f"it waits for log_group.{LOGS}, which failed",  # as in an apply: the service comes after it
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--only", "security"], "are for --correct"),
        (["--allow-delete"], "are for --correct"),
        (["--correct", "--only", "safety"], "'safety' is no severity; they are security, availability"),
    ],
)
def test_options_that_mean_nothing_are_refused(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str]
):
    assert main(["drift", *options]) == 1
    assert words in " ".join(capsys.readouterr().err.split())
