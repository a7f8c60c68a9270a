"""A person at a terminal is asked before anything is changed."""

import json

import pytest
from support import client
from terminals import run_on_terminal

QUESTION = "Apply these changes to shop/dev/us-east-1 in account 123456789012? Only 'yes' is accepted: "
BESIDE_STDOUT = ("stdin", "stderr")  # which has been redirected


def clusters() -> list[str]:
    return client("ecs").list_clusters()["clusterArns"]


def test_yes_makes_the_changes_that_were_shown(file):
    code, shown = run_on_terminal("apply", str(file), typed=b"yes\n")
    plan, _, after = shown.partition(QUESTION)
    assert code == 0
    assert "+ ecs_cluster.ecs-cluster-shop-dev" in plan
    assert "✓ create ecs_cluster.ecs-cluster-shop-dev" in after
    assert len(clusters()) == 1


@pytest.mark.parametrize("typed", [b"no\n", b"y\n", b"YES\n", b"\n", b"\x04", b"\xff\n"])
def test_any_other_answer_changes_nothing(file, typed):
    code, shown = run_on_terminal("apply", str(file), typed=typed)
    assert (code, shown.partition(QUESTION)[2]) == (1, "✗ nothing was changed\n")
    assert not clusters()


def test_with_json_the_plan_and_the_question_are_on_stderr(file, capsys):
    code, shown = run_on_terminal("apply", str(file), "--json", typed=b"yes\n", streams=BESIDE_STDOUT)
    assert code == 0
    assert "+ ecs_cluster.ecs-cluster-shop-dev" in shown.partition(QUESTION)[0]
    assert json.loads(capsys.readouterr().out)["outcome"] == "done"
    assert len(clusters()) == 1


def test_with_json_no_is_told_in_the_document_too(file, capsys):
    code, shown = run_on_terminal("apply", str(file), "--json", typed=b"no\n", streams=BESIDE_STDOUT)
    assert (code, shown.partition(QUESTION)[2]) == (1, "✗ nothing was changed\n")
    assert json.loads(capsys.readouterr().out)["error"]["message"] == "nothing was changed"
    assert not clusters()


def test_a_destroy_asks_and_yes_on_the_command_line_is_an_answer(applied):
    code, shown = run_on_terminal("destroy", str(applied), typed=b"no\n")
    assert (code, len(clusters())) == (1, 1)
    assert QUESTION in shown
    code, shown = run_on_terminal("destroy", str(applied), "--yes")
    assert (code, len(clusters())) == (0, 0)
    assert QUESTION not in shown


def test_a_destroy_says_in_its_question_what_cannot_be_brought_back(file):
    assert run_on_terminal("apply", str(file), typed=b"yes\n")[0] == 0
    _, shown = run_on_terminal("destroy", str(file), typed=b"no\n")
    told, _, _ = shown.partition(QUESTION)
    *_, last = told.splitlines()
    assert last == "This cannot be brought back: log_group./aws/ecs/web-shop-dev with its logs."
    assert "  - log_group./aws/ecs/web-shop-dev   with its logs" in told
