"""A slip in --env does not make a new world in silence."""

import json
from pathlib import Path

import pytest
from support import client

from reconciler.cli import main

WARNED = (
    "  ! AWS has nothing of shop/prd/us-east-1, and no overlay is named prd; did you mean prod?\n"
    "      if prd is a new environment: --new-environment\n"
)


@pytest.fixture
def with_overlay(file: Path) -> Path:
    folder = file.parent / "environments"
    folder.mkdir()
    (folder / "prod.yaml").write_text("tags: {stage: prod}\n")
    return file


def clusters() -> list[str]:
    return client("ecs").list_clusters()["clusterArns"]


def test_apply_refuses_an_environment_that_may_be_a_slip_before_any_write(with_overlay, capsys):
    assert main(["apply", str(with_overlay), "--env", "prd", "--yes"]) == 1
    out, err = capsys.readouterr()
    assert WARNED in out
    assert "did you mean prod?" in err
    assert "if prd is a new environment: --new-environment" in err
    assert clusters() == []


def test_the_refusal_is_in_the_document_too(with_overlay, capsys):
    assert main(["apply", str(with_overlay), "--env", "prd", "--yes", "--json"]) == 1
    (refusal,) = json.loads(capsys.readouterr().out)["error"]["refusals"]
    assert refusal["remedy"] == "if prd is a new environment: --new-environment"


def test_plan_only_warns(with_overlay, capsys):
    assert main(["plan", str(with_overlay), "--env", "prd"]) == 2
    assert WARNED in capsys.readouterr().out


def test_the_variable_is_no_other_way_in(with_overlay, capsys, monkeypatch):
    monkeypatch.setenv("RECONCILER_ENV", "prd")
    assert main(["apply", str(with_overlay), "--yes"]) == 1
    assert "did you mean prod?" in capsys.readouterr().err


def test_a_new_environment_is_made_when_it_is_said_to_be_new_and_is_known_from_then_on(with_overlay, capsys):
    assert main(["apply", str(with_overlay), "--env", "prd", "--yes", "--new-environment"]) == 0
    assert len(clusters()) == 1
    capsys.readouterr()
    assert main(["apply", str(with_overlay), "--env", "prd", "--yes"]) == 0
    out = capsys.readouterr().out
    assert "Nothing to do.\n" in out
    assert "Warnings" not in out


def test_a_destroy_of_nothing_says_so_and_what_may_have_been_meant(with_overlay, capsys):
    assert main(["destroy", str(with_overlay), "--env", "prd"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Plan for shop/prd/us-east-1 in account 123456789012\n\n")
    assert "did you mean prod?" in out


def test_an_environment_that_looks_like_no_other_is_made_without_asking(with_overlay):
    assert main(["apply", str(with_overlay), "--env", "qa", "--yes"]) == 0
