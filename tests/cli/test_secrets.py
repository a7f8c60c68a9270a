"""No command shows a secret of the table, in whatever form it speaks; what is harmless it shows."""

import json
from pathlib import Path

import pytest
from moto.ecs.exceptions import EcsClientException
from moto.ecs.models import EC2ContainerServiceBackend
from secrets_table import HARMLESS, PLANTED
from shop_file import FILE

from desired_state.secrecy import HIDDEN, find_secrets
from reconciler.cli import main

SECRETS = {s for name, value, _ in PLANTED for s in find_secrets(name, value)}
VARIABLES = [(name, value) for name, value, *_ in (*PLANTED, *HARMLESS) if name != "command"]
WORDS = [value for name, value, *_ in (*PLANTED, *HARMLESS) if name == "command"]
WHOLE_NAMES = {"KEY", "USE_TOKEN"}  # which are others with something before them
CHANGED = "(hidden, changed)"


@pytest.fixture
def file(tmp_path: Path, aws: object) -> Path:
    """Return a platform file with all values of the table, as variables and as words of a command."""
    path = tmp_path / "platform.yaml"
    variables = ", ".join(f"X{n}_{name}: {json.dumps(value)}" for n, (name, value) in enumerate(VARIABLES))
    path.write_text(f"{FILE}    environment: {{{variables}}}\n    command: {json.dumps(WORDS)}\n")
    return path


def shown_secrets(text: str) -> set[str]:
    """Return the secrets in a text, also as JSON writes them."""
    return {s for s in SECRETS if s in text or json.dumps(s)[1:-1] in text}


def run(capsys, *words: str) -> str:
    """Run a command and return all that it wrote."""
    main([*words])
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.parametrize(
    "words",
    [
        ["plan"],
        ["plan", "--calls"],
        ["plan", "--json"],
        ["plan", "--markdown"],
        ["plan", "--log-level", "debug", "--debug"],
        ["rehearse", "--calls"],
        ["rehearse", "--json", "--calls"],
    ],
)
def test_nothing_that_only_looks_shows_a_secret(file, capsys, words):
    said = run(capsys, words[0], str(file), *words[1:])
    assert "services" in said or "shop" in said
    assert shown_secrets(said) == set()


def test_neither_apply_nor_what_follows_it_shows_a_secret(file, capsys):
    said = run(capsys, "apply", str(file), "--yes", "--calls", "--log-level", "debug")
    assert "done in" in said
    file.write_text(file.read_text().replace("hunter2", "hunter3"))
    for words in (
        ["plan"],
        ["plan", "--json"],
        ["apply", "--json", "--calls"],
        ["outputs"],
        ["destroy", "--yes", "--calls"],
    ):
        said += run(capsys, words[0], str(file), *words[1:], "--log-level", "debug")
    assert CHANGED in said
    assert shown_secrets(said) | ({"hunter3"} if "hunter3" in said else set()) == set()


def test_a_value_of_which_only_the_secret_differs_is_shown_as_changed(file, capsys):
    run(capsys, "apply", str(file), "--yes")
    file.write_text(file.read_text().replace("hunter2", "hunter3"))
    said = run(capsys, "plan", str(file))
    n = next(n for n, (name, _) in enumerate(VARIABLES) if name == "DSN")
    assert f"X{n}_DSN: postgres://shop:{CHANGED}@db:5432/shop\n" in said
    changes = json.loads(run(capsys, "plan", str(file), "--json"))["changes"]
    (dsn,) = (f for change in changes for f in change["fields"] if f["field"].endswith(f"X{n}_DSN"))
    assert dsn["hidden"]
    assert (dsn["from"], dsn["to"]) == (
        f"postgres://shop:{HIDDEN}@db:5432/shop",
        f"postgres://shop:{CHANGED}@db:5432/shop",
    )
    said = run(capsys, "plan", str(file), "--show-values")
    assert f"X{n}_DSN: postgres://shop:hunter2@db:5432/shop → postgres://shop:hunter3@db:5432/shop\n" in said


@pytest.mark.parametrize("words", [["plan", "--json"], ["rehearse", "--json", "--calls"]])
def test_values_are_shown_where_that_is_asked_for(file, capsys, words):
    said = run(capsys, words[0], str(file), *words[1:], "--show-values")
    assert HIDDEN not in said
    assert shown_secrets(said.replace("\\\\", "\\").replace('\\"', '"')) >= {
        s for s in SECRETS if '"' not in s and "\n" not in s
    }


def test_what_is_harmless_is_shown(file, capsys):
    calls = [
        c for change in json.loads(run(capsys, "plan", str(file), "--json"))["changes"] for c in change["calls"]
    ]
    (registered,) = (c["params"] for c in calls if c["operation"] == "register_task_definition")
    container = next(c for c in registered["containerDefinitions"] if c["name"] == "web")
    shown = {pair["name"]: pair["value"] for pair in container["environment"]}
    harmless = {
        f"X{n}_{name}": value
        for n, (name, value) in enumerate(VARIABLES)
        if (name, value) in HARMLESS and name not in WHOLE_NAMES
    }
    assert {name: shown[name] for name in harmless} == harmless
    assert {value for name, value in HARMLESS if name == "command"} <= {*container["command"]}


@pytest.mark.parametrize("words", [[], ["--json"], ["--log-level", "debug"]])
def test_an_error_of_aws_that_repeats_what_was_sent_is_told_without_it(file, capsys, monkeypatch, words):
    def refuse(_self, **params):
        raise EcsClientException(f"Invalid parameter: {params['container_definitions']}")

    monkeypatch.setattr(EC2ContainerServiceBackend, "register_task_definition", refuse)
    said = run(capsys, "apply", str(file), "--yes", *words)
    assert "Invalid parameter" in said
    assert shown_secrets(said) == set()
    said = run(capsys, "rehearse", str(file), *words)
    assert "Invalid parameter" in said
    assert shown_secrets(said) == set()
