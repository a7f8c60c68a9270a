"""Imports run one way; see docs/decisions and the README."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("desired_state", "reconciler")
FILES = {
    ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p
    for package in PACKAGES
    for p in sorted((ROOT / package).rglob("*.py"))
}


def imported(module: str, *, eagerly: bool = False) -> Iterator[str]:
    """What the module imports when it runs, by full name; eagerly: when it is itself imported."""
    tree = ast.parse(FILES[module].read_text())
    for node in _eager(tree) if eagerly else ast.walk(tree):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(module=str(source)):
                yield source
                yield from (f"{source}.{alias.name}" for alias in node.names)


def _eager(tree: ast.Module) -> Iterator[ast.AST]:
    for node in tree.body:
        if not isinstance(node, ast.If | ast.FunctionDef | ast.ClassDef):
            yield from ast.walk(node)


def within(module: str, *packages: str) -> bool:
    return any(module == p or module.startswith(f"{p}.") for p in packages)


def importers(target: str) -> set[str]:
    """The modules that import it, at any time."""
    return {m for m in FILES if any(within(name, target) for name in imported(m))}


def test_what_people_want_knows_nothing_of_the_engine():
    assert not {m for m in importers("reconciler") if within(m, "desired_state")}


def test_boto3_is_in_one_module():
    engine = {m for m in importers("boto3") if not within(m, "reconciler.sandbox")}
    assert engine <= {"reconciler.aws", "reconciler", "reconciler.scripts"}  # those two for a type only
    assert not {m for m in ("reconciler", "reconciler.scripts") if "boto3" in set(imported(m, eagerly=True))}


def test_nothing_but_the_commands_knows_the_sandbox():
    users = {m for m in importers("reconciler.sandbox") if not within(m, "reconciler.sandbox")}
    assert users == {"reconciler.commands.sandbox", "reconciler.commands.rehearse"}
    above = {"reconciler.cli", "reconciler.cli.sandbox"}
    assert set().union(*map(importers, users)) <= above
    assert not [n for n in imported("reconciler.commands.rehearse", eagerly=True) if "sandbox" in n]
    for module in ("reconciler.cli", "reconciler.cli.sandbox"):
        assert not [n for n in imported(module, eagerly=True) if within(n, "reconciler.commands")]


def test_moto_is_in_the_sandbox_alone():
    assert not {m for m in importers("moto") if not within(m, "reconciler.sandbox")}


@pytest.mark.parametrize(
    ("module", "above"),
    [
        ("reconciler.resources", ["blueprint", "plan", "apply", "run", "commands", "cli"]),
        ("reconciler.blueprint", ["plan", "apply", "run", "world", "commands", "cli"]),
        ("reconciler.model", ["plan", "apply", "blueprint", "resources", "run", "commands", "cli"]),
        ("reconciler.plan", ["apply", "blueprint", "resources", "render", "run", "commands", "cli"]),
        ("reconciler.planning", ["apply", "applying", "blueprint", "resources", "render", "run", "commands"]),
        ("reconciler.apply", ["blueprint", "resources", "run", "commands", "cli"]),
        ("reconciler.run", ["commands", "cli"]),
        ("reconciler.rehearsal", ["commands", "cli"]),
        ("reconciler.commands", ["cli"]),
    ],
)
def test_nothing_imports_what_is_above_it(module, above):
    forbidden = [f"reconciler.{name}" for name in above]
    lower = [m for m in FILES if within(m, module)]
    assert lower
    assert not [(m, name) for m in lower for name in imported(m) if within(name, *forbidden)]


def test_resource_files_neither_sleep_nor_log_nor_catch():
    for module in (m for m in FILES if within(m, "reconciler.resources")):
        assert not {"time", "logging", "structlog", "tenacity"} & set(imported(module)), module
        assert not any(isinstance(node, ast.Try) for node in ast.walk(ast.parse(FILES[module].read_text()))), (
            module
        )


def test_the_plan_is_pure():
    """It can be imported without anything that talks to AWS."""
    code = "import sys, reconciler.plan; print([m for m in ('boto3', 'moto', 'reconciler.aws') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout == "[]\n"


@pytest.mark.parametrize("module", ["reconciler", "reconciler.cli"])
def test_what_everybody_imports_is_quick(module):
    heavy = ("boto3", "botocore", "pydantic", "rich", "moto", "structlog")
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout == "[]\n"
