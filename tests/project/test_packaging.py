"""What is shipped agrees with what pyproject.toml says."""

import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)( ; .+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
INDEX = re.compile(
    r"(?<!no-emit-)index[-_]url|find[-_]links|trusted[-_]host|https?://\S+/simple\b|pypi\.org", re.IGNORECASE
)


def pins(lock: str) -> dict[str, set[str]]:
    """Return the versions of each package; several if they depend on Python's version."""
    found: dict[str, set[str]] = {}
    for pin in map(PIN.match, (ROOT / lock).read_text().splitlines()):
        if pin:
            found.setdefault(pin[1], set()).add(pin[2])
    return found


def requirements(*extras: str) -> list[Requirement]:
    """Return the requirements in pyproject.toml; its own name stands for one of its extras."""
    project = PROJECT["project"]
    asked = [*project["dependencies"], *(r for e in extras for r in project["optional-dependencies"][e])]
    return [r for r in map(Requirement, asked) if r.name != project["name"]]


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ()), ("requirements-dev.lock", ("sandbox", "dev"))]
)
def test_a_lock_holds_all_that_is_asked_for(lock, extras):
    locked = pins(lock)
    for asked in requirements(*extras):
        versions = locked.get(canonicalize_name(asked.name), set())
        assert versions, asked
        assert all(asked.specifier.contains(v) for v in versions), (asked, versions)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_pins_and_hashes_and_nothing_else(lock):
    lines = (ROOT / lock).read_text().splitlines()
    assert not [line for line in lines if not PIN.match(line) and not HASH.match(line)]
    assert all(HASH.match(after) for line, after in pairwise(lines) if PIN.match(line))


def test_the_locks_agree():
    product, development = map(pins, LOCKS)
    assert {name: development.get(name) for name in product} == product


def test_the_product_comes_without_the_embedded_aws():
    assert "moto" not in pins("requirements.lock")
    assert pins("requirements-dev.lock")["moto"] == {"5.2.5"}
    (moto,) = requirements("sandbox")[len(requirements()) :]
    assert str(moto.specifier) == "==5.2.5"


def test_no_committed_file_names_an_index():
    git = shutil.which("git")
    assert git
    files = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    committed = [ROOT / name for name in files.stdout.split("\0") if name]
    assert Path(__file__) in committed
    others = [file for file in committed if file != Path(__file__) and file.exists()]
    assert not [file for file in others if INDEX.search(file.read_text())]


def test_the_command_is_there():
    module, _, function = PROJECT["project"]["scripts"]["reconciler"].partition(":")
    assert callable(getattr(import_module(module), function))


def test_the_images_python_is_one_that_the_project_takes():
    versions = re.findall(r"^FROM python:(\S+?)-slim", DOCKERFILE, re.MULTILINE)
    assert versions
    assert len(set(versions)) == 1
    assert re.fullmatch(r"\d+\.\d+\.\d+", versions[0])
    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(versions[0])


def test_the_image_holds_the_packages_and_the_locked_dependencies():
    copied = re.findall(r"^COPY (\w+) \./\1$", DOCKERFILE, re.MULTILINE)
    assert copied == PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert re.search(r"pip install .*--require-hashes -r /tmp/requirements\.lock$", DOCKERFILE, re.MULTILINE)


def test_the_image_runs_the_reconciler_and_not_as_root():
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.+)$", last, re.MULTILINE)[-1] not in ("root", "0")
    assert re.search(r'^ENTRYPOINT \["python", "-m", "reconciler"\]$', last, re.MULTILINE)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("requirements.lock", True),
        ("reconciler/cli.py", True),
        ("desired_state/platform.yaml", True),
        ("desired_state/environments/dev.yaml", True),
        ("reconciler/sandbox/server.py", False),
        ("reconciler/resources/__pycache__/vpc.pyc", False),
        ("tests/support.py", False),
        ("requirements-dev.lock", False),
        (".git/config", False),
    ],
)
def test_the_image_is_made_from_nothing_else(path, kept):
    sent = True
    for pattern in (ROOT / ".dockerignore").read_text().split():
        if any(fnmatch(path, pattern.lstrip("!") + below) for below in ("", "/*")):
            sent = pattern.startswith("!")  # the last one that fits decides
    assert sent == kept


def test_the_image_says_what_the_embedded_aws_needs(tmp_path):
    for package in ("reconciler", "desired_state"):
        left_out = shutil.ignore_patterns("sandbox", "__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=left_out)
    command = [sys.executable, "-m", "reconciler", "plan", "--env", "dev", "--sandbox"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "pip install 'ecs-reconciler[sandbox]'" in told.stderr
    assert "bug" not in told.stderr
