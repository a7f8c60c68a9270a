"""Files and functions stay short."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
FILES = [p for package in ("reconciler", "desired_state") for p in sorted((ROOT / package).rglob("*.py"))]


def ninetieth_percentile(lengths: Iterable[int]) -> int:
    ordered = sorted(lengths)
    return ordered[int(len(ordered) * 0.9)]


def functions() -> Iterator[int]:
    """Yield the number of lines of each function."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef):
                yield (node.end_lineno or 0) - node.lineno + 1


def test_files_are_short():
    lengths = {file: len(file.read_text().splitlines()) for file in FILES}
    assert median(lengths.values()) <= 90
    assert ninetieth_percentile(lengths.values()) <= 150


def test_functions_fit_on_half_a_screen():
    lengths = [*functions()]
    assert median(lengths) <= 8
    assert ninetieth_percentile(lengths) <= 20
