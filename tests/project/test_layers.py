"""The layers of the code: which package may import which, as docs/architecture.md draws it."""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = {
    ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p
    for package in ("desired_state", "reconciler")
    for p in sorted((ROOT / package).rglob("*.py"))
}

LOWER = {  # each package, and those that it may import; an import for types only counts too
    "desired_state.secrecy": "",  # beside the file's models, which ask it too: the judge of what may be shown
    "desired_state": "secrecy",
    "reconciler.model": "",
    "reconciler.errors": "model",
    "reconciler.aws": "secrecy model errors",
    "reconciler.resources": "model aws",
    "reconciler.plan": "model errors aws resources",
    "reconciler.apply": "model errors aws resources plan",
    "reconciler.rights": "desired_state model aws resources",
    "reconciler.blueprint": "desired_state model errors aws resources rights",
    "reconciler.render": "secrecy model errors aws resources apply",
    "reconciler.look_again": "model errors aws resources",
    "reconciler.read_twice": "model aws resources",
    "reconciler.early": "desired_state aws resources blueprint",
    "reconciler.session": "desired_state model aws resources plan blueprint look_again read_twice",
    "reconciler.target": "desired_state errors aws blueprint reconciler",
    "reconciler.run": "desired_state model errors aws resources plan blueprint early session target",
    "reconciler.policy": "desired_state model resources blueprint rights",
    "reconciler.drift": (
        "desired_state model errors aws resources plan blueprint look_again read_twice run target session reconciler"
    ),
    "reconciler.watch": "desired_state model errors aws resources apply render run target session drift",
    "reconciler.scripts": "secrecy model errors aws resources plan apply render",
    "reconciler.rehearsal": "desired_state model aws resources plan apply blueprint render target session",
    "reconciler": "model scripts",  # its __init__
    "reconciler.sandbox": "",
    "reconciler.cli": (
        "desired_state secrecy model errors aws resources plan apply render run target session rehearsal sandbox policy drift watch reconciler"  # its version
    ),
    "reconciler.__main__": "cli",
}


def package(module: str) -> str:
    """Return the row of the table that a module belongs to."""
    return max((row for row in LOWER if within(module, row)), key=len)


def within(module: str, *packages: str) -> bool:
    return any(module == p or module.startswith(f"{p}.") for p in packages)


@cache
def imported(module: str, *, eagerly: bool = False) -> tuple[str, ...]:
    """Return the full names of the module's imports; with `eagerly`, only of those at its own import."""
    tree = _parse(module)
    return tuple(_names(_eager(tree) if eagerly else ast.walk(tree), module))


@cache
def _parse(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text())


def _names(nodes: Iterable[ast.AST], module: str) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(module=str(source), level=0):
                whole = [f"{source}.{alias.name}" for alias in node.names]
                yield from (name if name in FILES else source for name in whole)
            case ast.ImportFrom(level=level) if level:
                raise AssertionError(f"{module} has a relative import")


def _eager(tree: ast.Module) -> Iterator[ast.AST]:
    for node in tree.body:
        if not isinstance(node, ast.If | ast.FunctionDef | ast.ClassDef):
            yield from ast.walk(node)


@cache
def arrows() -> frozenset[tuple[str, str]]:
    """Return each pair of packages of which the first one imports the second."""
    pairs = {(package(m), package(name)) for m in FILES for name in imported(m) if name in FILES}
    return frozenset((upper, lower) for upper, lower in pairs if upper != lower)


def allowed() -> set[tuple[str, str]]:
    names = {row.rpartition(".")[2]: row for row in LOWER}
    return {(row, names[lower]) for row, several in LOWER.items() for lower in several.split()}


def importers(target: str) -> set[str]:
    """Return the modules that import it, at any time."""
    return {m for m in FILES if any(within(name, target) for name in imported(m))}


def test_every_import_runs_along_an_arrow_of_the_table():
    assert sorted(arrows() - allowed()) == []


def test_the_table_has_no_arrow_that_nothing_uses():
    assert sorted(allowed() - arrows()) == []


def test_no_packages_import_each_other_in_a_circle():
    below = {row: [lower for upper, lower in arrows() if upper == row] for row in LOWER}
    assert len([*TopologicalSorter(below).static_order()]) == len(LOWER)


def test_no_modules_import_each_other_in_a_circle():
    graph = {m: {n for n in imported(m) if n in FILES and n != m} for m in FILES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as e:
        pytest.fail(" imports ".join(reversed(e.args[1])))


def test_only_one_module_of_the_engine_imports_boto3():
    engine = {m for m in importers("boto3") if not within(m, "reconciler.sandbox")}
    assert engine <= {"reconciler.aws.client", "reconciler", "reconciler.scripts"}  # those two for a type only
    assert not {m for m in ("reconciler", "reconciler.scripts") if "boto3" in set(imported(m, eagerly=True))}


def test_only_the_sandbox_imports_moto():
    assert not {m for m in importers("moto") if not within(m, "reconciler.sandbox")}


def test_the_command_line_imports_the_sandbox_only_when_it_is_asked_for():
    cli = [m for m in FILES if within(m, "reconciler.cli")]
    assert not [m for m in cli if any(within(n, "reconciler.sandbox") for n in imported(m, eagerly=True))]


def test_resource_files_neither_sleep_nor_log_nor_catch():
    for module in (m for m in FILES if within(m, "reconciler.resources")):
        assert not {"time", "logging", "structlog", "tenacity"} & set(imported(module)), module
        assert not any(isinstance(node, ast.Try) for node in ast.walk(_parse(module))), module


@pytest.mark.parametrize("pure", ["reconciler.model", "reconciler.plan"])
def test_what_decides_asks_aws_nothing(pure):
    """Of the layer that talks to AWS it uses what describes calls, not what makes them."""
    talks = ("reconciler.aws.client", "reconciler.aws.reads", "boto3")
    assert not [(m, n) for m in FILES if within(m, pure) for n in imported(m) if within(n, *talks)]


@pytest.mark.parametrize("module", ["reconciler", "reconciler.cli"])
def test_what_everybody_imports_is_quick(module):
    heavy = ("boto3", "botocore", "pydantic", "rich", "moto", "structlog")
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout == "[]\n"
