"""The command line in this process, on an embedded AWS in this process."""

import json
import re
from pathlib import Path

import pytest
from support import client

from reconciler.cli import main
from reconciler.sandbox import install

FILE = """
platform: shop
environment: dev
region: us-east-1
service_defaults: {cpu: 256, memory: 512}
services:
  web:
    routes: [{priority: 1, paths: ["/*"]}]
    image: {uri: "public.ecr.aws/nginx/nginx:1.27"}
"""
OWN_IMAGE = FILE.replace('image: {uri: "public.ecr.aws/nginx/nginx:1.27"}', "image: {tag: v1}")


APPLIED = {"stack", "outcome", "seconds", "counts", "changes", "done", "held", "failed", "skipped"}
APPLIED |= {"interrupted", "outputs"}


@pytest.fixture
def file(tmp_path: Path, aws: object) -> Path:
    path = tmp_path / "platform.yaml"
    path.write_text(FILE)
    return path


@pytest.fixture
def standing(file: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The file of a platform that stands."""
    assert main(["apply", str(file), "--yes"]) == 0
    capsys.readouterr()
    return file


def changed(file: Path, old: str, new: str) -> str:
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    return str(file)


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


def test_a_second_apply_does_nothing_and_tells_the_url_again(standing, capsys):
    assert main(["apply", str(standing)]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(r"Nothing to do\.\nURL  http://\S+/\n", out)
    assert err == ""


def test_what_changes_is_told_field_by_field(standing, capsys):
    assert main(["plan", changed(standing, "memory: 512", "memory: 1024"), "--calls"]) == 2
    out = capsys.readouterr().out
    assert "  ~ task_definition.task-web-shop-dev\n      memory: 512 → 1024\n" in out
    assert "task_definition: task-web-shop-dev:1 → task-web-shop-dev (new)" in out
    assert "      > ecs.register_task_definition family=task-web-shop-dev " in out


def test_outputs_are_one_flat_object(standing, capsys):
    assert main(["outputs", str(standing), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert next(iter(found)) == "URL"
    assert found["URL"] == f"http://{found['LoadBalancerDNS']}/"
    assert found["ClusterName"] == "ecs-cluster-shop-dev"
    assert found["NamespaceName"] == "services-shop-dev.local"
    assert found["DiscoveryName.web"] == "web.services-shop-dev.local:8080"
    assert found["ServiceName.web"] == "svc-web-shop-dev"
    assert found["LogGroup.web"] == "/aws/ecs/web-shop-dev"
    assert found["Dashboard"].endswith("#dashboards/dashboard/ecs-services-shop-dev")
    assert {type(value) for value in found.values()} == {str}


def test_outputs_of_nothing_are_an_error(file, capsys):
    assert main(["outputs", str(file)]) == 1
    assert "nothing of shop/dev/us-east-1 is deployed yet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "keys"),
    [
        (["plan"], 2, {"stack", "changes", "conflicts", "foreign", "counts"}),
        (["apply"], 0, APPLIED),
        (["outputs"], 1, {"error"}),
        (["plan", "--env", "No Good"], 1, {"error"}),
    ],
)
def test_json_is_one_document_on_stdout(file, capsys, words, code, keys):
    assert main([*words, str(file), "--json"]) == code
    assert json.loads(capsys.readouterr().out).keys() == keys


def test_progress_goes_to_stderr(file, capsys):
    assert main(["apply", str(file), "--json", "--no-wait"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["outcome"] == "done"
    assert "✓ create vpc.vpc-shop-dev (" in err


def test_what_waits_for_a_person_is_held(file, capsys):
    install(images=False)
    file.write_text(OWN_IMAGE)
    assert main(["plan", str(file)]) == 2
    assert "needs image ecr-repo-web-shop-dev:v1 by then" in capsys.readouterr().out
    assert main(["apply", str(file), "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["outcome"] == "held"
    assert {h["key"] for h in found["held"]} == {
        "image.ecr-repo-web-shop-dev:v1",
        "ecs_service.svc-web-shop-dev",
    }
    assert 'docker push "$REPOSITORY:v1"' in found["held"][0]["remedy"]
    assert main(["plan", str(file)]) == 2
    out = capsys.readouterr().out
    assert "held: it is not there yet" in out
    assert "docker push" in out
    assert main(["apply", str(file)]) == 3
    out, err = capsys.readouterr()
    assert "‖ image.ecr-repo-web-shop-dev:v1: held: it is not there yet\n    REPOSITORY=" in out
    assert "held because of it: ecs_service.svc-web-shop-dev" in out
    assert out.count("docker push") == 1
    assert re.search(r"‖ await image.ecr-repo-web-shop-dev:v1 \(.* s\): it is not there yet\n", err)


def test_a_digest_that_is_not_there_holds_its_service(file, capsys):
    digest = f"sha256:{'ab' * 32}"
    file.write_text(OWN_IMAGE.replace("{tag: v1}", f'{{digest: "{digest}"}}'))
    assert main(["plan", str(file)]) == 2
    assert f"needs image ecr-repo-web-shop-dev@{digest} by then" in capsys.readouterr().out
    assert main(["apply", str(file)]) == 3
    out = capsys.readouterr().out
    assert f"‖ image.ecr-repo-web-shop-dev@{digest}: held: it is not there yet" in out
    assert "# push the image that has this digest" in out
    assert "docker push" not in out


def test_a_deletion_needs_yes_where_nobody_can_be_asked(standing, capsys):
    assert main(["destroy", str(standing)]) == 1
    assert "allow it: --yes" in capsys.readouterr().err
    assert main(["plan", str(standing)]) == 0


def test_a_replacement_needs_its_own_word(standing, capsys):
    file = changed(standing, "services:\n  web:\n", "services:\n  web:\n    port: 9090\n")
    assert main(["plan", file]) == 2
    assert "± target_group.tg-web-shop-dev   replaces " in capsys.readouterr().out
    assert main(["apply", file, "--yes"]) == 1
    err = capsys.readouterr().err
    assert "target_group.tg-web-shop-dev would be replaced" in err
    assert "allow it: --allow-replace" in err
    assert main(["apply", file, "--yes", "--allow-replace"]) == 0
    assert main(["plan", file]) == 0


def test_what_is_protected_stays(standing, capsys):
    file = changed(standing, "services:\n  web:\n", "services:\n  web:\n    protect: true\n")
    assert main(["apply", file, "--yes"]) == 0
    assert main(["plan", "--destroy", file]) == 2
    err = capsys.readouterr().err
    assert "apply will refuse: service web: is protected: " in err
    assert "ecs_service.svc-web-shop-dev" in err
    assert main(["destroy", file, "--yes"]) == 1
    assert "set `protect: false` for it in the file" in capsys.readouterr().err
    assert main(["plan", file]) == 0


def test_a_protected_service_that_left_the_file_is_put_back_first(standing, capsys):
    file = changed(standing, "services:\n  web:\n", "services:\n  web:\n    protect: true\n")
    assert main(["apply", file, "--yes"]) == 0
    standing.write_text(standing.read_text().partition("services:")[0])
    capsys.readouterr()
    assert main(["plan", file]) == 2
    out, err = capsys.readouterr()
    assert err.count("put it back into the file with `protect: false`, apply, and then remove it") == 1
    assert err.count("is protected") == 1
    headings = [line for line in out.splitlines() if line and not line.startswith(("  ", "Plan"))]
    assert headings == ["network", "service web", "monitoring"]


def test_another_account_is_left_alone(file, capsys):
    changed(file, "region:", 'account: "999999999999"\nregion:')
    assert main(["apply", str(file), "--yes"]) == 1
    assert "for account 999999999999, but these credentials belong to 123456789012" in capsys.readouterr().err


def test_a_strangers_cluster_stops_the_plan(file, capsys):
    client("ecs").create_cluster(clusterName="ecs-cluster-shop-dev")
    assert main(["plan", str(file)]) == 1
    assert "✗ ecs_cluster.ecs-cluster-shop-dev: " in capsys.readouterr().out
    assert main(["apply", str(file), "--yes"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("✗ This plan cannot be run:\n  ecs_cluster.ecs-cluster-shop-dev: ")
    assert "aws ecs tag-resource " in err
    assert not client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]


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
    assert main(["plan", changed(file, "us-east-1", "us-est-1")]) == 1
    assert "✗ there is no region us-est-1; did you mean us-east-1 or us-west-1?\n" in capsys.readouterr().err


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
