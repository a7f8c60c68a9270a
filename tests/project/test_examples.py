"""The examples of rounds by a schedule, as data: nothing here runs cron, systemd, GitHub or AWS."""

import os
import shlex
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import typer
import yaml

from desired_state import load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.cli.drift import drift
from reconciler.resources.schedule import Schedule

FOLDER = Path(__file__).parents[2] / "examples" / "drift"
COMMAND = "-m reconciler drift"


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment]  # systemd's keys have capital letters
    parser.read_string((FOLDER / name).read_text())
    return parser


def commands() -> dict[str, str]:
    """Return the command line of each example that has one."""
    workflow = yaml.safe_load((FOLDER / "pull-request.yaml").read_text())
    script = next(s["run"] for s in workflow["jobs"]["drift"]["steps"] if s.get("id") == "drift")
    return {
        "crontab": next(line for line in (FOLDER / "crontab").read_text().splitlines() if COMMAND in line),
        "drift.service": unit("drift.service")["Service"]["ExecStart"],
        "pull-request.yaml": next(line for line in script.splitlines() if COMMAND in line),
    }


@pytest.mark.parametrize("name", ["crontab", "drift.service", "pull-request.yaml"])
def test_the_options_of_a_command_exist(name):
    app = typer.Typer()
    app.command()(drift)
    known = {option for param in typer.main.get_command(app).params for option in param.opts}
    words = shlex.split(commands()[name].partition(COMMAND)[2].partition(">")[0])
    assert {word for word in words if word.startswith("--")} <= known
    assert words[0] == "platform.yaml"


@pytest.mark.parametrize(("code", "mailed"), [(0, ""), (1, "told\n"), (2, "told\n")])
def test_cron_mails_what_is_left_and_errors_and_logs_all(tmp_path, code, mailed):
    *_, command = commands()["crontab"].split(maxsplit=6)
    for name, script in {"python": f"echo told >&2\nexit {code}", "logger": f"cat > {tmp_path}/log"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    here = command.replace("/opt/platform", str(tmp_path)).replace(".venv/bin/python", "./python")
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", here], capture_output=True, text=True, env={"PATH": path}, check=True
    )
    assert (done.stdout, done.stderr) == (mailed, "")
    assert (tmp_path / "log").read_text() == "told\n"


def test_the_platform_file_loads_and_becomes_a_schedule():
    platform = load(FOLDER / "schedule.yaml", environ={})
    specs = blueprint(
        platform, Facts("123456789012", "aws", "eu-central-1", ("eu-central-1a", "eu-central-1b"))
    )
    (schedule,) = [spec for spec in specs if isinstance(spec, Schedule)]
    assert (schedule.expression, schedule.enabled) == ("rate(15 minutes)", True)


def test_the_timer_starts_the_service_and_drift_is_no_failure_of_it():
    assert unit("drift.timer")["Timer"]["OnUnitInactiveSec"] == "15min"
    assert unit("drift.service")["Service"]["SuccessExitStatus"] == "2"
    assert unit("drift.service")["Service"]["Type"] == "oneshot"


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (1, 1), (2, 0), (130, 1)])
def test_the_workflow_comments_drift_and_fails_on_what_is_neither_clean_nor_drift(tmp_path, code, ends):
    """Its script is run as GitHub does, with a `python` that only ends with a code."""
    workflow = yaml.safe_load((FOLDER / "pull-request.yaml").read_text())
    *_, run, comment = workflow["jobs"]["drift"]["steps"]
    python, output = tmp_path / "python", tmp_path / "output"
    python.write_text(f"#!/bin/sh\nexit {code}\n")
    python.chmod(0o755)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "GITHUB_OUTPUT": str(output)}
    script = ["bash", "-e", "-c", run["run"]]
    assert subprocess.run(script, env=env, cwd=tmp_path, check=False).returncode == ends
    assert output.read_text() == f"code={code}\n"
    assert comment["if"] == "steps.drift.outputs.code == '2'"
    assert workflow["permissions"]["pull-requests"] == "write"


def test_each_example_is_in_the_table():
    text = (FOLDER / "README.md").read_text()
    assert all(f"({path.name})" in text for path in FOLDER.iterdir() if path.name != "README.md")
