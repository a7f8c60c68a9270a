"""docs/sandbox.md names modules, functions and tests that exist."""

import re
from importlib import import_module
from pathlib import Path

import reconciler.sandbox
from reconciler.sandbox.parts import PARTS

ROOT = Path(__file__).parents[2]
PACKAGE = Path(reconciler.sandbox.__file__).parent
DOCUMENT = (ROOT / "docs/sandbox.md").read_text().replace("```", "")


def quoted(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


def files_of_tables() -> set[str]:
    """Return the names in the last column of each table with "file" in that column's heading."""
    named, of_files = set(), False
    for line in DOCUMENT.splitlines():
        cells = line.strip("|").split("|")
        if not line.startswith("|"):
            of_files = False
        elif cells[-1].strip().startswith("file"):
            of_files = True
        elif of_files:
            named |= quoted(cells[-1])
    return named


def files_elsewhere() -> set[str]:
    return {name for name in quoted(DOCUMENT) if re.fullmatch(r"test_\w+|[a-z0-9_]+/[a-z0-9_]+", name)}


def path_of(name: str) -> Path:
    tests = (ROOT / "tests").rglob(f"{name}.py")
    return next(tests, ROOT / name) if name.startswith("test_") else PACKAGE / f"{name}.py"


def test_each_module_and_test_that_is_named_exists() -> None:
    named = files_of_tables() | files_elsewhere()
    assert {"calls", "ecs/rollout", "elbv2/listeners", "test_limits"} <= named
    assert not sorted(name for name in named if not path_of(name).is_file())


def test_each_function_that_is_named_exists() -> None:
    calls = re.findall(r"`([a-z_.]+)\.([a-z_]+)(?:\([^`]*)?`", DOCUMENT)
    assert ("faults.wire", "inject") in calls
    for module, function in set(calls):
        assert callable(getattr(import_module(f"reconciler.sandbox.{module}"), function))


def test_each_part_of_the_package_is_installed() -> None:
    """A module with an `install` of its own is named in PARTS, once."""
    with_install = {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py" and re.search(r"^def install\(\)", path.read_text(), re.MULTILINE)
    }
    assert sorted(PARTS) == sorted(with_install)
