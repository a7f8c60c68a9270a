"""`make build`: what the wheel and the sdist hold."""

import re
import subprocess
import sys
import tarfile
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("desired_state", "reconciler")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--directory", folder]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> ZipFile:
    (file,) = dist.glob("*.whl")
    return ZipFile(file)


def test_the_wheel_holds_both_packages_and_no_tests(wheel):
    top = {name.partition("/")[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {*PACKAGES}
    assert len(top) == len(PACKAGES) + 1


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_holds_all_files_of_a_package(wheel, package):
    files = (p for p in (ROOT / package).rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    assert {p.relative_to(ROOT).as_posix() for p in files} <= {*wheel.namelist()}
    assert f"{package}/py.typed" in wheel.namelist()


def test_the_wheel_names_its_command_and_its_pythons(wheel):
    (info,) = {name.partition("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    assert "reconciler = reconciler.__main__:run_program" in wheel.read(f"{info}/entry_points.txt").decode()
    assert HeaderParser().parsestr(wheel.read(f"{info}/METADATA").decode())["Requires-Python"] == ">=3.11"


def test_the_sdist_holds_what_the_tests_need_and_nothing_of_this_machine(dist):
    (file,) = dist.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "Makefile", "requirements-dev.lock", "tests/support.py"} <= names
    assert not [name for name in names if re.search(r"(^|/)(\.venv|__pycache__|\.coverage)", name)]


def test_make_builds_with_the_locked_builder():
    makefile, lock = ((ROOT / name).read_text() for name in ("Makefile", "requirements-dev.lock"))
    assert "$(BIN)/hatchling build" in makefile
    assert re.search(r"^hatchling==", lock, re.MULTILINE)
