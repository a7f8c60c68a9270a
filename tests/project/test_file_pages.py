"""The pages about the platform file: every key is in the tables, and what is shown loads."""

import re
from pathlib import Path

import pytest
import yaml
from file_reference import PAGE, SCHEMA, find_keys, list_parts, replace_keys

from desired_state import load

BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = (PAGE, PAGE.with_name("networks.md"), PAGE.with_name("containers.md"))
BLOCKS = [
    pytest.param(block, id=f"{page.stem}-{n}")
    for page in PAGES
    for n, block in enumerate(BLOCK.findall(page.read_text()))
]
HEAD = {"platform": "shop", "environment": "dev", "region": "us-east-1"}


def test_the_tables_are_those_of_the_models():
    """`PYTHONPATH=. .venv/bin/python tests/project/file_reference.py` writes them."""
    page = PAGE.read_text()
    assert page == replace_keys(page)


def test_every_part_of_the_file_has_one_table():
    parts = [part for _, part in list_parts()]
    assert len(parts) == len(set(parts))
    assert {*parts} == {"Platform", *(part for part, rule in SCHEMA["$defs"].items() if "properties" in rule)}


def test_every_key_is_described():
    assert not [
        (part, key)
        for _, part in list_parts()
        for key, rule in find_keys(part).items()
        if not rule["description"]
    ]


@pytest.mark.parametrize("block", BLOCKS)
def test_what_a_page_shows_loads(block: str, tmp_path: Path):
    shown = yaml.safe_load(block)
    file, further = tmp_path / "platform.yaml", {key: value for key, value in HEAD.items() if key not in shown}
    file.write_text(yaml.safe_dump(further) + ("" if "services" in shown else "services: {web: {}}\n") + block)
    (tmp_path / "web.env").write_text("LOG_LEVEL=info\n")
    assert load(file, environ={}).services


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_files(page: Path):
    assert BLOCK.search(page.read_text())
