"""`policy`, in this process, on an embedded AWS in this process."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from support import client, let_time_pass

from reconciler.cli import main

DECODER = json.JSONDecoder()


def printed(text: str) -> list[dict]:
    """Return the documents of a text, one after another."""
    found = []
    while text := text.strip():
        document, end = DECODER.raw_decode(text)
        found.append(document)
        text = text[end:]
    return found


def test_the_policy_for_apply_is_the_default_and_sizes_are_told(file, capsys):
    assert main(["policy", str(file)]) == 0
    out, err = capsys.readouterr()
    documents = printed(out)
    for number, document in enumerate(documents, 1):
        characters = len("".join(json.dumps(document).split()))
        assert f"policy for apply, document {number} of {len(documents)}: {characters:,} of 6,144" in err
    assert "ecs:CreateService" in out
    assert "role/ecs-task-*-shop-dev" in out


def test_one_of_several_documents_is_printed_alone(file, capsys):
    assert main(["policy", str(file), "--for", "apply"]) == 0
    _, second, *_ = printed(capsys.readouterr().out)
    assert main(["policy", str(file), "--part", "2"]) == 0
    assert printed(capsys.readouterr().out) == [second]
    assert main(["policy", str(file), "--for", "plan", "--part", "2"]) == 1
    assert "there is no document 2: the policy for plan has 1" in capsys.readouterr().err


@pytest.mark.parametrize(("use", "warned"), [("plan", False), ("apply", True), ("destroy", False)])
def test_what_the_holder_could_become_is_told_on_stderr(file, capsys, use, warned):
    assert main(["policy", str(file), "--for", use]) == 0
    err = capsys.readouterr().err
    assert ("can become administrator" in err) == warned
    assert ("such as `x-shop-dev`" in err) == (use != "plan")


def test_what_is_not_narrowed_is_told_with_its_reason(file, capsys):
    assert main(["policy", str(file), "--for", "drift", "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["for"], len(found["documents"]), found["escalation"]) == ("drift", 1, "")
    assert found["not_narrowed"].keys() == {"AnyReads", "AnyTrail"}
    assert all(f"{name}: {reason}" in err for name, reason in found["not_narrowed"].items())


def test_with_an_account_in_the_file_aws_is_asked_nothing(file, capsys, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    file.write_text(f"account: '000000000000'\n{file.read_text()}")
    assert main(["policy", str(file), "--for", "plan"]) == 0
    assert ":000000000000:" in capsys.readouterr().out


@contextmanager
def holding(policies: list[dict], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let commands be run by a user with exactly these policies, within the block."""
    iam = client("iam")
    iam.create_user(UserName="alice")
    for number, document in enumerate(policies):
        made = iam.create_policy(PolicyName=f"own-{number}", PolicyDocument=json.dumps(document))
        iam.attach_user_policy(UserName="alice", PolicyArn=made["Policy"]["Arn"])
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    with monkeypatch.context() as patched:
        patched.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        patched.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
        yield
    iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"]:
        iam.detach_user_policy(UserName="alice", PolicyArn=policy["PolicyArn"])
        iam.delete_policy(PolicyArn=policy["PolicyArn"])
    iam.delete_user(UserName="alice")


@pytest.fixture
def run_as(file, capsys, monkeypatch) -> Callable[..., int]:
    """Run a command as a user who holds what `policy` prints for a use."""

    def run(use: str, *words: str) -> int:
        capsys.readouterr()
        assert main(["policy", str(file), "--for", use]) == 0
        with holding(printed(capsys.readouterr().out), monkeypatch):
            return main([words[0], str(file), *words[1:]])

    return run


def test_each_command_succeeds_with_exactly_its_policy_and_fails_with_that_of_a_use_that_may_less(
    file, run_as, capsys
):
    assert run_as("plan", "plan") == 2
    assert run_as("plan", "apply", "--yes") == 1
    assert "may not do that" in capsys.readouterr().err
    assert run_as("apply", "apply", "--yes") == 0
    let_time_pass()
    client("logs").put_retention_policy(logGroupName="/aws/ecs/web-shop-dev", retentionInDays=1)
    assert run_as("drift", "drift", "--who") == 2
    assert run_as("drift", "apply", "--yes") == 1
    assert run_as("correct", "drift", "--correct") == 0
    capsys.readouterr()
    assert run_as("correct", "destroy", "--yes") == 1
    assert re.search(r"allow [a-z0-9]+:De\w+ to them; .*reconciler policy` prints all", capsys.readouterr().out)
    assert run_as("destroy", "destroy", "--yes") == 0
