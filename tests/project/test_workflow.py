"""The workflow and the commit hooks run what the Makefile and pyproject.toml say, and no more."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PYTHONS = [v for c in PROJECT["classifiers"] if (v := c.rpartition(" :: ")[2]).startswith("3.")]
WORKFLOW = YAML(typ="safe").load((ROOT / ".github" / "workflows" / "ci.yaml").read_text())
JOBS = WORKFLOW["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]
HOOKS = [
    (repository["repo"], hook)
    for repository in YAML(typ="safe").load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repository["hooks"]
]


def recipe(target: str) -> list[str]:
    """Return the commands of a target, with the variables for .venv/bin filled in."""
    (lines,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    return [line.strip().replace("$(BIN)", ".venv/bin") for line in lines.splitlines()]


def test_the_workflow_only_makes_targets_that_there_are():
    made = [re.fullmatch(r"make ([a-z-]+)", step["run"]) for step in STEPS if "run" in step]
    assert all(made)
    assert {m[1] for m in made if m} == {"check", "test", "build", "image"} <= TARGETS


def test_the_workflow_fetches_nothing_but_the_project_and_python():
    """make itself asks pip, and Docker for the image that the Dockerfile names."""
    used = {step["uses"] for step in STEPS if "run" not in step}
    assert all(re.fullmatch(r"actions/(checkout|setup-python)@(v\d+|[0-9a-f]{40})", name) for name in used)


def test_the_workflow_runs_on_each_python_that_the_project_names():
    assert JOBS["test"]["strategy"]["matrix"] == {"python": PYTHONS}
    asked = {step["with"]["python-version"] for step in STEPS if "python-version" in step.get("with", {})}
    assert asked <= {"${{ matrix.python }}", *PYTHONS}


def test_no_newer_python_is_shut_out():
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert {PYTHONS[0]} == {s.version for s in allowed}
    assert all(allowed.contains(f"{version}.0") for version in (*PYTHONS, "3.15", "3.99"))
    assert f"sys.version_info >= ({PYTHONS[0].replace('.', ', ')})" in MAKEFILE


@pytest.mark.parametrize("job", JOBS)
def test_a_job_ends(job):
    assert 0 < JOBS[job]["timeout-minutes"] <= 30


def test_the_workflow_may_only_read():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert not [name for name, job in JOBS.items() if "permissions" in job or "secrets" in job]
    assert set(WORKFLOW["on"]) == {"push", "pull_request"}
    checkouts = [step for step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


def test_a_newer_push_ends_the_run_of_an_older_one():
    assert "github.ref" in WORKFLOW["concurrency"]["group"]
    assert "cancel-in-progress" in WORKFLOW["concurrency"]


def test_the_hooks_are_the_commands_of_make_check():
    assert [hook["entry"] for _, hook in HOOKS] == recipe("check")


@pytest.mark.parametrize(("repository", "hook"), HOOKS, ids=lambda x: x["id"] if isinstance(x, dict) else "")
def test_a_hook_is_a_tool_of_the_lock(repository, hook):
    assert (repository, hook["language"]) == ("local", "system")
    tool = hook["entry"].split()[0].removeprefix(".venv/bin/")
    assert re.search(rf"^{tool}==", (ROOT / "requirements-dev.lock").read_text(), re.MULTILINE)


def test_continuous_integration_is_the_readmes_test_command():
    assert (ROOT / ".ci" / "run").read_text().endswith("\nexec make test\n")
    assert "$ make test" in (ROOT / "README.md").read_text()


def test_the_tests_hold_the_floor_of_coverage():
    floor = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]["report"]["fail_under"]
    assert floor >= 98
    assert recipe("test")[-1] == ".venv/bin/coverage report --omit $(SANDBOX)"
