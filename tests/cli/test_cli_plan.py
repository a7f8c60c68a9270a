"""`plan`, in this process, on an embedded AWS in this process."""

import pytest
from shop_file import FILE, changed
from support import client

from reconciler.cli import main


def test_what_changes_is_told_field_by_field(applied, capsys):
    assert main(["plan", changed(applied, "memory: 512", "memory: 1024"), "--calls"]) == 2
    out = capsys.readouterr().out
    assert "  ~ task_definition.task-web-shop-dev\n      memory: 512 → 1024\n" in out
    assert "task_definition: task-web-shop-dev:1 → task-web-shop-dev (new)" in out
    assert "      > ecs.register_task_definition family=task-web-shop-dev " in out


def test_a_strangers_cluster_stops_the_plan(file, capsys):
    client("ecs").create_cluster(clusterName="ecs-cluster-shop-dev")
    assert main(["plan", str(file)]) == 1
    assert "✗ ecs_cluster.ecs-cluster-shop-dev: " in capsys.readouterr().out
    assert main(["apply", str(file), "--yes"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("✗ This plan cannot be run:\n  ecs_cluster.ecs-cluster-shop-dev: ")
    assert "aws ecs tag-resource " in err
    assert "--region us-east-1" in err
    assert not client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]


def test_a_protected_service_that_left_the_file_is_put_back_first(applied, capsys):
    file = changed(applied, "services:\n  web:\n", "services:\n  web:\n    protect: true\n")
    assert main(["apply", file, "--yes"]) == 0
    applied.write_text(applied.read_text().partition("services:")[0])
    capsys.readouterr()
    assert main(["plan", file]) == 2
    out, err = capsys.readouterr()
    assert err.count("put it back into the file with `protect: false`, apply, and then remove it") == 1
    assert err.count("is protected") == 1
    headings = [line for line in out.splitlines() if line and not line.startswith(("  ", "Plan"))]
    assert headings == ["network", "load balancing", "service web", "monitoring"]


def test_more_zones_than_the_region_has_are_refused(file, capsys):
    changed(file, "region: us-east-1", "region: eu-west-1\nnetwork: {zones: 4}")
    assert main(["plan", str(file)]) == 1
    told = "✗ eu-west-1 offers 3 availability zones, network.zones asks for 4\n"
    assert told in capsys.readouterr().err


def test_what_aws_would_refuse_as_too_large_is_told_without_asking_aws(tmp_path, monkeypatch, capsys):
    file = tmp_path / "platform.yaml"
    file.write_text(f"{FILE}    environment: {{BIG: {'x' * 65_536}}}\n")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")  # where nothing answers
    for command in ("plan", "apply", "destroy", "outputs", "rehearse"):
        assert main([command, str(file)]) == 1
        assert (
            f"{file}:10:5: services.web.environment: the task definition would have" in capsys.readouterr().err
        )


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ECS"])
def test_an_endpoint_that_is_no_url_is_told(file, capsys, monkeypatch, variable):
    monkeypatch.setenv(variable, "localhost")
    assert main(["plan", str(file)]) == 1
    err = capsys.readouterr().err
    assert "Invalid endpoint: localhost\n  check AWS_ENDPOINT_URL" in err
    assert "bug" not in err
