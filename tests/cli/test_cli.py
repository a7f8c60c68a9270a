"""What commands have in common, in this process, on an embedded AWS in this process."""

import json
import re

import pytest
from shop_file import changed
from support import client

from reconciler.cli import main

APPLIED = {"stack", "outcome", "seconds", "counts", "changes", "done", "held", "failed", "skipped", "left"}
APPLIED |= {"account", "region", "warnings", "interrupted", "outputs"}
PLANNED = {"stack", "account", "region", "changes", "conflicts", "warnings", "foreign", "counts", "refusals"}
PLANNED |= {"monthly_usd", "not_in_file"}


def test_a_platform_from_nothing_to_nothing(file, capsys):
    """Plan, apply, nothing to do, a change, destroy: each with its exit code and its last line."""
    steps = [
        (["plan"], 2, r"Plan: \d+ to create; \d+ AWS calls\."),
        (["apply", "--yes"], 0, r"Dashboard +https://\S+"),
        (["plan"], 0, r"Nothing to do\."),
        (["plan", "--destroy"], 2, r"Plan: \d+ to delete; \d+ AWS calls\."),
        (["destroy", "--yes"], 0, r"\d+ done in \d+ s\."),
        (["plan", "--destroy"], 0, r"Nothing to do\."),
    ]
    for words, code, last in steps:
        assert main([*words, str(file)]) == code, words
        assert re.fullmatch(last, capsys.readouterr().out.splitlines()[-1]), words
    assert not client("ecs").list_clusters()["clusterArns"]


@pytest.mark.parametrize(
    ("words", "code", "keys"),
    [
        (["plan"], 2, PLANNED),
        (["apply"], 0, APPLIED),
        (["outputs"], 1, {"error"}),
        (["plan", "--env", "No Good"], 1, {"error"}),
    ],
)
def test_json_is_one_document_on_stdout(file, capsys, words, code, keys):
    assert main([*words, str(file), "--json"]) == code
    assert json.loads(capsys.readouterr().out).keys() == keys


def test_another_account_is_left_alone(file, capsys):
    changed(file, "region:", 'account: "999999999999"\nregion:')
    assert main(["apply", str(file), "--yes"]) == 1
    assert "for account 999999999999, but these credentials belong to 123456789012" in capsys.readouterr().err


def test_every_mistake_in_the_file_is_told_at_once(file, capsys):
    changed(file, "{cpu: 256, memory: 512}", "{cpu: 250, memory: 7}")
    assert main(["plan", str(file), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["error"]["mistakes"]
    assert [(m["line"], m["where"]) for m in found] == [
        (5, "service_defaults.cpu"),
        (5, "service_defaults.memory"),
    ]


def test_the_environment_of_the_command_line_wins(file, capsys, monkeypatch):
    monkeypatch.setenv("RECONCILER_ENV", "stage")
    assert main(["plan", str(file), "--env", "qa"]) == 2
    assert "vpc.vpc-shop-qa\n" in capsys.readouterr().out


def test_without_credentials_it_says_what_to_do(file, capsys, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert main(["plan", str(file)]) == 1
    err = capsys.readouterr().err
    assert "boto3 found no AWS credentials" in err
    assert "Traceback" not in err


def test_a_region_that_is_not_there_is_told_before_anything_is_asked(file, capsys, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    changed(file, "us-east-1", "us-est-1")
    for command in ("plan", "rehearse"):
        assert main([command, str(file)]) == 1
        assert (
            "✗ there is no region us-est-1; did you mean us-east-1 or us-west-1?\n" in capsys.readouterr().err
        )


def test_without_a_region_it_says_where_to_give_one(file, capsys, monkeypatch):
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    assert main(["plan", changed(file, "region: us-east-1\n", "")]) == 1
    assert "no region is known" in capsys.readouterr().err


def test_every_call_is_logged_where_it_is_asked_for(file, capsys):
    changed(file, "    image:", "    environment: {DB_PASSWORD: hunter2}\n    image:")
    assert main(["plan", str(file), "--log-level", "debug"]) == 2
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    calls = {line["call"]: line for line in lines if line["event"] == "call"}
    assert {"sts.GetCallerIdentity", "ec2.DescribeVpcs", "iam.ListRoles"} <= calls.keys()
    assert calls["ec2.DescribeVpcs"].keys() == {
        "event",
        "level",
        "timestamp",
        "call",
        "seconds",
        "request",
        "tries",
    }
    assert main(["apply", str(file), "--log-level", "debug"]) == 0
    err = capsys.readouterr().err
    assert '"call": "ecs.RegisterTaskDefinition"' in err
    assert "hunter2" not in err
