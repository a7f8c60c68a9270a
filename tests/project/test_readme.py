"""The README's platform file and script work."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from support import client
from whole import applied, planned

from desired_state.load import load
from desired_state.platform import Platform

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MYPY = """
[mypy]
strict = true
[mypy-boto3.*,botocore.*]
ignore_missing_imports = true
"""


def first(language: str) -> str:
    """Return the first code block of the README in this language."""
    return next(code for tongue, code in BLOCK.findall((ROOT / "README.md").read_text()) if tongue == language)


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    file = tmp_path / "platform.yaml"
    file.write_text(first("yaml"))
    return load(file, "dev", environ={})


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "script.py"
    file.write_text(first("python"))
    return file


def test_the_platform_file_is_applied_once(aws, platform):
    todo = planned(platform)
    assert not todo.conflicts
    assert {change.key for change in todo.changes} == {*applied(platform).done}
    assert not planned(platform).changes


def test_the_platform_file_runs_the_services_that_it_names(aws, platform):
    applied(platform)
    services = client("ecs").list_services(cluster=platform.names.cluster)["serviceArns"]
    assert len(services) == len(platform.services) == 2


def test_the_script_is_typed_and_so_is_what_it_imports(script):
    """`reconciler` is found on sys.path, as where it is installed: mypy asks for its py.typed."""
    (config := script.with_name("mypy.ini")).write_text(MYPY)
    mypy = [sys.executable, "-m", "mypy", "--config-file", config, script]
    installed = os.environ | {"PYTHONPATH": str(ROOT)}
    found = subprocess.run(mypy, cwd=script.parent, env=installed, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_script_makes_its_log_group(aws, script):
    runpy.run_path(str(script))
    (group,) = client("logs").describe_log_groups(logGroupNamePrefix="/shop/")["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == ("/shop/audit", 90)
