import re
import tomllib
from pathlib import Path

import pytest

from reconciler import __version__
from reconciler.cli import main
from reconciler.cli.options import parse_duration

COMMON = {"--env", "--sandbox", "--json", "--log-level", "--debug", "--help"}
VALUES = {"--calls", "--show-values"}
CONSENT = VALUES | {"--yes"}
CORRECTING = {"--who", "--correct", "--only", "--allow-delete", "--allow-replace", "--allow-restart"}
HELP = {
    "": {
        "plan",
        "apply",
        "destroy",
        "drift",
        "policy",
        "outputs",
        "rehearse",
        "lease",
        "notify",
        "sandbox",
        "watch",
        "--version",
        "--help",
    },
    "plan": COMMON | VALUES | {"--markdown", "--destroy"},
    "apply": COMMON
    | CONSENT
    | {"--allow-replace", "--lease-wait", "--new-environment", "--no-wait", "--wait-for-images"},
    "destroy": COMMON | CONSENT | {"--lease-wait"},
    "drift": COMMON | CORRECTING | {"--notify", "--markdown", "--html", "--show-values", "--lease-wait"},
    "watch": COMMON | CORRECTING | {"--events", "--every", "--listen", "--listen-unsafe"},
    "policy": COMMON | {"--for", "--part"},
    "outputs": COMMON,
    "rehearse": COMMON - {"--sandbox"} | VALUES,
    "lease": {"show", "break", "uninstall", "--help"},
    "lease show": COMMON - {"--log-level"},
    "lease break": COMMON - {"--log-level", "--json"} | {"--yes"},
    "lease uninstall": COMMON - {"--log-level", "--json"} | {"--yes"},
    "notify": {"test", "--help"},
    "notify test": COMMON - {"--json"},
    "sandbox": {"start", "stop", "status", "reset", "--help"},
    "sandbox start": {"--profile", "--speed", "--seed", "--no-images", "--debug", "--help"},
    "sandbox stop": {"--debug", "--help"},
    "sandbox status": {"--json", "--debug", "--help"},
    "sandbox reset": {"--debug", "--help"},
}


@pytest.mark.parametrize("command", HELP)
def test_the_help_names_every_option_and_command(command, capsys):
    assert main([*command.split(), "--help"]) == 0
    out = capsys.readouterr().out
    assert set(re.findall(r"^  (--[a-z-]+|[a-z-]+)(?=  | [A-Z<])", out, re.MULTILINE)) == HELP[command]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["sandbox"],
        ["deploy"],
        ["plan", "--bogus"],
        ["plan", "one.yaml", "two.yaml"],
        ["plan", "--json", "--markdown"],
        ["drift", "--json", "--markdown"],
        ["apply", "--wait-for-images", "soon"],
        ["sandbox", "start", "--profile", "wild"],
    ],
    ids=" ".join,
)
def test_a_usage_error_is_not_changes_found(words, capsys):
    assert main(words) == 1
    out, err = capsys.readouterr()
    assert "Usage: reconciler" in out + err


def test_durations():
    assert [parse_duration(text) for text in ("30s", "10m", "1h")] == [30, 600, 3600]


def test_the_version_is_said_in_one_place(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"ecs-reconciler {__version__}\n"
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text())
    assert project["project"]["dynamic"] == ["version"]
    source = root / project["tool"]["hatch"]["version"]["path"]
    assert f'\n__version__ = "{__version__}"\n' in source.read_text()
