"""The pages name what exists: docs/architecture.md the layers, docs/api.md all that is public."""

import re
from functools import cache
from importlib import import_module
from inspect import isclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from test_layers import LOWER, allowed

import reconciler
from reconciler import errors
from reconciler.resources import KINDS

ROOT = Path(__file__).parents[2]
ARCHITECTURE, API = "docs/architecture.md", "docs/api.md"
OF_SCALE = ("docs/scale.md", "benchmarks/README.md")
PAGES = (
    "README.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    ARCHITECTURE,
    API,
    "docs/networks.md",
    "docs/containers.md",
    "docs/platform-file.md",
    *OF_SCALE,
)
NAME = re.compile(r"`((?:reconciler|desired_state)(?:\.\w+)+)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def text(page: str) -> str:
    """Return the page without its diffs, which name what does not exist yet."""
    return re.sub(r"^```diff\n.*?^```$", "", (ROOT / page).read_text(), flags=re.MULTILINE | re.DOTALL)


@cache
def value(name: str) -> Any:
    """Return the object of a dotted name: a module, or an attribute of the longest part that is a module."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        parent, _, last = name.rpartition(".")
        return getattr(value(parent), last)


def test_each_part_on_the_page_is_public_in_its_module():
    rows = re.findall(r"^\| `([\w.]+)` \| (`\w+`(?:, `\w+`)*) \|$", text(API), re.MULTILINE)
    parts = [(module, name) for module, names in rows for name in re.findall(r"\w+", names)]
    assert len(parts) >= 10
    assert not [part for part in parts if part[1] not in import_module(part[0]).__all__]


def test_each_type_of_the_page_is_public_in_its_module():
    for kind in KINDS.values():
        module = import_module(kind.read.__module__)
        exported = getattr(module, "__all__", vars(module))
        assert {kind.spec.__name__, kind.ensure.__name__} <= {*exported}, module


def drawn() -> set[tuple[str, str]]:
    """Return the arrows of the picture, by the rows of the layers' table."""
    rows = {row.rpartition(".")[2]: row for row in LOWER}
    (picture,) = re.findall(r"^```mermaid\n(.*?)^```", text(ARCHITECTURE), re.MULTILINE | re.DOTALL)
    return {(rows[a], rows[b]) for a, b in re.findall(r"^ +(\w+) --> (\w+)$", picture, re.MULTILINE)}


def reduced(arrows: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the arrows without those that a longer path makes redundant."""
    below = {row: {lower for upper, lower in arrows if upper == row} for row in LOWER}

    @cache
    def reachable(row: str) -> frozenset[str]:
        return frozenset(below[row]).union(*map(reachable, below[row]))

    return {(a, b) for a, b in arrows if not any(b in reachable(between) for between in below[a])}


def test_the_picture_is_the_table_of_the_layers():
    assert drawn() == reduced(allowed())


def test_an_arrow_is_left_out_where_a_longer_way_leads():
    ends = ("reconciler.errors", "reconciler.model"), ("reconciler.aws", "reconciler.errors")
    assert reduced({*ends, ("reconciler.aws", "reconciler.model")}) == {*ends}


@pytest.mark.parametrize("row", [row for row in LOWER if row not in ("reconciler", "reconciler.__main__")])
def test_the_architecture_says_what_a_layer_is(row):
    assert re.search(rf"^\| .*`{row}`.* \| .+ \|$", text(ARCHITECTURE), re.MULTILINE)


def test_the_glossary_is_in_order():
    words = re.findall(r"^\| \*\*([\w ]+)\*\* \|", text(ARCHITECTURE), re.MULTILINE)
    assert words
    assert all(a < b for a, b in pairwise(words))


@pytest.mark.parametrize("page", PAGES)
def test_each_name_on_a_page_exists(page):
    for name in NAME.findall(text(page)):
        value(name)


@pytest.mark.parametrize("page", PAGES)
def test_each_link_to_a_file_leads_to_one(page):
    assert not [link for link in LINK.findall(text(page)) if not ((ROOT / page).parent / link).exists()]


def test_the_public_functions_are_those_of_the_package():
    assert set(re.findall(r"^- `reconciler\.(\w+)`", text(API), re.MULTILINE)) == {*reconciler.__all__}


def test_the_public_errors_are_all_that_there_are():
    raised = {name for name, found in vars(errors).items() if isclass(found) and issubclass(found, Exception)}
    assert set(re.findall(r"^- `reconciler\.errors\.(\w+)`", text(API), re.MULTILINE)) == raised


def test_the_public_resources_are_all_kinds():
    rows = re.findall(r"^\| `([\w.]+)` \| `(\w+)` \| `(ensure_\w+)` \|$", text(API), re.MULTILINE)
    assert [module for module, *_ in rows] == [f"reconciler.resources.{kind}" for kind in sorted(KINDS)]
    for module, spec, ensure in rows:
        kind = KINDS[module.rpartition(".")[2]]
        assert (getattr(value(module), spec), getattr(value(module), ensure)) == (kind.spec, kind.ensure)
