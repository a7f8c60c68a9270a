"""The lines on which the values of a platform are written."""

import pickle

import pytest
from platform_files import HEAD, Files

from desired_state import DEFAULT_FILE, Platform, load

BASE = """\
service_defaults:
  protect: true
  deployment: {circuit_breaker: enabled}
services:
  api:
    protect: false
    routes: [{priority: 1, paths: [/]}, {priority: 2,
      paths: [/a]}]
  jobs: {}
  web:
    image: {tag: v1}
network: {zones: 3}
"""
OVERLAY = """\
services:
  web:
    protect: false
"""


@pytest.fixture
def platform(files: Files) -> Platform:
    return files.load(HEAD + BASE, dev=OVERLAY)


@pytest.mark.parametrize(
    ("keys", "position"),
    [
        (("services", "api", "protect"), "platform.yaml:9"),
        (("services", "web", "protect"), "environments/dev.yaml:3"),
        (("services", "jobs", "protect"), "platform.yaml:5"),
        (("services", "web", "deployment", "circuit_breaker"), "platform.yaml:6"),
        (("services", "web", "image", "tag"), "platform.yaml:14"),
        (("services", "api", "routes", 1, "paths"), "platform.yaml:11"),
        (("services", "api", "cpu"), "platform.yaml:8"),
        (("services", "web", "cpu"), "environments/dev.yaml:2"),
        (("services", "jobs"), "platform.yaml:12"),
        (("network", "subnets", "public", "prefix"), "platform.yaml:15"),
        (("services", "gone", "protect"), None),
        (("services", "gone"), None),
        (("discovery", "namespace"), None),
        (("suffix",), None),
        ((), None),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_a_key_is_found_in_the_file_that_decides_it_else_the_nearest_key_above(files, platform, keys, position):
    found = platform.position(*keys)
    assert found == (position and f"{files.path.parent}/{position}")


def test_what_no_file_holds_has_no_position(files):
    files.write("platform: shop\n")
    platform = load(files.path, "dev", environ={}, region="eu-west-1")
    assert (platform.position("environment"), platform.position("region")) == (None, None)
    assert Platform(platform="shop", environment="dev").position("platform") is None


def test_a_key_that_an_overlay_removes_is_where_the_service_is(files):
    platform = files.load(HEAD + BASE, dev="services: {api: {protect: null}}\n")
    assert platform.position("services", "api", "protect") == f"{files.path.parent}/environments/dev.yaml:1"


def test_paths_are_told_as_they_were_given(files, monkeypatch):
    files.write(HEAD + BASE)
    monkeypatch.chdir(files.path.parent.parent)
    platform = load(files.path.relative_to(files.path.parent.parent), environ={})
    assert platform.position("services", "api", "protect") == f"{files.path.parent.name}/platform.yaml:9"


def test_copies_know_positions_too(platform):
    expected = platform.position("services", "api", "protect")
    copies = [
        platform.model_copy(update={"tags": {"a": "b"}}),
        platform.model_copy(deep=True),
        platform.model_copy(update={"region": None}).with_region("eu-west-1"),
        pickle.loads(pickle.dumps(platform)),  # noqa: S301 - our own
    ]
    assert [copy.position("services", "api", "protect") for copy in copies] == [expected] * 4


def test_positions_are_no_part_of_what_a_platform_is(files, platform):
    lower = files.load(f"# another line\n{HEAD}{BASE}", dev=OVERLAY)
    assert lower.position("services", "jobs") != platform.position("services", "jobs")
    assert lower == platform
    assert repr(lower) == repr(platform)
    assert lower.model_dump() == platform.model_dump()
    assert "positions" not in str(Platform.model_json_schema())


def test_every_service_of_the_default_platform_has_a_line():
    prod = load(DEFAULT_FILE, "prod", environ={})
    overlay = DEFAULT_FILE.parent / "environments" / "prod.yaml"
    line = overlay.read_text().splitlines().index("  protect: true") + 1
    lines = [prod.position("services", name, "protect") for name in prod.services]
    assert lines == [f"{overlay}:{line}"] * 3
