"""Whole platforms as people run them: each comes up on the embedded AWS, stays as it is, and goes."""

import os
from pathlib import Path

import pytest
from crash.inventory import compare, take_inventory

from desired_state import Platform, load
from desired_state.elsewhere import find_named_elsewhere, list_existing
from reconciler.aws.client import enclosed
from reconciler.aws.clock import Clock
from reconciler.rehearsal import rehearse
from reconciler.sandbox import CALM
from reconciler.sandbox.planted import plant
from reconciler.sandbox.private import private

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
EXAMPLES = sorted((ROOT / "examples").glob("*/platform.yaml"))
FILES = [*sorted(HERE.glob("*.yaml")), *EXAMPLES]


def read(file: Path, environment: str = "dev") -> Platform:
    return load(file, environment, environ={})


def name_of(file: Path) -> str:
    return file.parent.name if file.name == "platform.yaml" else file.stem


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_platform_comes_up_is_left_alone_by_a_second_plan_and_goes(file):
    """What exists already is as it was: no tag, no change, and no resource more or less."""
    platform = read(file)
    with private(CALM, given=frozenset(find_named_elsewhere(platform)), account=platform.account) as time:
        aws = enclosed("us-east-1")
        plant(existing := list_existing(platform), platform.account, aws.region)
        before = take_inventory(aws.client) if existing else None
        assert rehearse(platform, aws, Clock(time.now, time.advance)).problems == ()
        if before:
            time.advance(3600)
            assert not compare(take_inventory(aws.client), before)


def test_each_environment_of_an_example_can_be_loaded():
    overlays = [path for file in EXAMPLES for path in (file.parent / "environments").glob("*.yaml")]
    assert overlays
    for path in overlays:
        assert read(path.parents[1] / "platform.yaml", path.stem).environment == path.stem


@pytest.mark.parametrize("file", EXAMPLES, ids=name_of)
def test_an_example_says_how_it_is_tried(file):
    text = (file.parent / "README.md").read_text()
    assert f"python -m reconciler rehearse {os.path.relpath(file, ROOT)} --env dev" in text
    assert len(text.splitlines()) <= 40
