import json
from pathlib import Path

import pytest
from botocore.exceptions import NoCredentialsError

from reconciler.cli.failures import run
from reconciler.errors import Invalid, PlanRefused
from reconciler.model.plan import Conflict
from reconciler.model.references import Address


def raising(error: Exception):
    def command() -> int:
        raise error

    return command


def test_a_commands_own_exit_code_is_kept(capsys):
    assert run(lambda: 2) == 2
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PlanRefused("no"), "✗ no\n"),
        (
            NoCredentialsError(),
            "✗ Unable to locate credentials\n  likely: boto3 found no AWS credentials\n  do: ",
        ),
        (Invalid("vpc.main: bad"), "✗ vpc.main: bad\n  likely: this is a bug of the reconciler\n"),
    ],
)
def test_a_failure_is_told_without_a_traceback(error, told, capsys):
    assert run(raising(error)) == 1
    out, err = capsys.readouterr()
    assert err.startswith(told)
    assert "Traceback" not in err
    assert out == ""


def test_a_failure_as_json_is_told_on_both_streams(capsys):
    assert run(raising(PlanRefused("no")), as_json=True) == 1
    out, err = capsys.readouterr()
    assert json.loads(out) == {"error": {"code": "PlanRefused", "message": "no"}}
    assert err == "✗ no\n"


def test_a_refusal_as_json_tells_its_parts(capsys):
    conflict = Conflict(Address("vpc", "main"), "is taken", "choose another")
    refused = PlanRefused("no", [conflict], ["vpc.old would be deleted\n  allow it: --yes"])
    assert run(raising(refused), as_json=True) == 1
    told = json.loads(capsys.readouterr().out)["error"]
    assert told["conflicts"] == [{"address": "vpc.main", "why": "is taken", "remedy": "choose another"}]
    assert told["refusals"] == [{"why": "vpc.old would be deleted", "remedy": "allow it: --yes"}]


def test_a_bug_keeps_its_traceback_in_a_file(capsys):
    assert run(raising(KeyError("oops")), as_json=True) == 1
    told = json.loads(capsys.readouterr().out)["error"]
    kept = Path(told["remedy"].removeprefix("report it with "))
    assert "in command" in kept.read_text()
    kept.unlink()


def test_debug_shows_the_traceback_of_a_bug(capsys):
    assert run(raising(KeyError("oops")), debug=True) == 1
    assert "in command" in capsys.readouterr().err


def test_a_bug_shows_no_secret_of_its_text(capsys):
    assert run(raising(ValueError("postgres://shop:hunter2@db")), debug=True, as_json=True) == 1
    out, err = capsys.readouterr()
    kept = Path(json.loads(out)["error"]["remedy"].removeprefix("report it with "))
    assert "hunter2" not in out + err + kept.read_text()
    assert "postgres://shop:(hidden)@db" in err
    kept.unlink()
