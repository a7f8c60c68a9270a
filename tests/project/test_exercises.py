"""The four exercises of CONTRIBUTING.md: each diff applies to this code, and what it adds works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "CONTRIBUTING.md").read_text().partition("## Four exercises")[2]
EXERCISES = {  # heading -> diff, and the command that proves it
    heading: (diff, proof)
    for heading, diff, proof in re.findall(
        r"^### (.+?)$.*?^```diff\n(.*?)^```$.*?`pytest ([^`]+)`", SECTION, re.MULTILINE | re.DOTALL
    )
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the tree, in which a diff may be applied."""
    ignored = shutil.ignore_patterns(".*", "__pycache__", "dist")
    shutil.copytree(ROOT, tmp_path / "copy", ignore=ignored)
    return tmp_path / "copy"


def run(folder: Path, *words: str, text: str | None = None) -> None:
    """Run a command that must succeed; what runs in the copy does not count as coverage of this code."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(words, cwd=folder, env=env, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_four():
    assert list(EXERCISES) == ["A field", "A retry code", "A command", "A resource type"]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_exercise_can_be_done_as_it_is_written(exercise: str, copy: Path):
    diff, proof = EXERCISES[exercise]
    for file in diff.split("diff --git ")[1:]:
        assert re.search(r"^@@ ", file, re.MULTILINE), f"an empty file: {file}"
    run(copy, "git", "apply", "--whitespace=error", "-", text=diff)
    options = ("-q", "-p", "no:cacheprovider", "-p", "no:randomly")
    run(copy, sys.executable, "-m", "pytest", *options, *proof.split())
    run(copy, sys.executable, "-m", "ruff", "check", "--no-cache", ".")
