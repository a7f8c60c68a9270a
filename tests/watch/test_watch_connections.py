"""The stacks of a watch share connections where they may."""

from dataclasses import replace
from pathlib import Path

import pytest
from support import SHOP

from desired_state.load import load
from desired_state.platform import Platform
from reconciler.aws.client import Aws
from reconciler.target import Connected, Target
from reconciler.watch.connections import Connections
from reconciler.watch.watched import Together, watch_stack

BARE = SHOP.partition("services:")[0] + "load_balancer: none\ndashboard: false\n"
TARGET = Target(endpoint="http://127.0.0.1:9")


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    (tmp_path / "platform.yaml").write_text(BARE)
    return load(tmp_path / "platform.yaml")


@pytest.fixture
def made() -> list[Aws]:
    return []


@pytest.fixture
def connections(made: list[Aws]) -> Connections:
    return Connections(made.append)


def connect(
    connections: Connections, platform: Platform, last: Connected | None = None, *, failed: bool = False
) -> Connected:
    return connections.connect(TARGET, platform, last, failed=failed)


def test_stacks_of_one_region_share_clients_and_turns_and_each_has_its_name(connections, platform, made):
    first, second = (
        connect(connections, platform.model_copy(update={"platform": name})) for name in ("one", "two")
    )
    assert len(made) == 1
    assert first.aws.shared is second.aws.shared
    assert first.turns is second.turns
    assert "(one/dev/us-east-1; " in first.aws.agent
    assert "(two/dev/us-east-1; " in second.aws.agent


def test_a_stack_keeps_its_connection_until_its_file_names_another(connections, platform):
    first = connect(connections, platform)
    assert connect(connections, platform, first).aws is first.aws
    renamed = platform.model_copy(update={"platform": "two"})
    assert "(two/dev/us-east-1; " in connect(connections, renamed, first).aws.agent


@pytest.mark.parametrize("change", [{"region": "eu-west-1"}, {"account": "111122223333"}])
def test_other_regions_and_accounts_of_the_sandbox_have_clients_of_their_own(connections, platform, change):
    first = connect(connections, platform)
    other = connect(connections, platform.model_copy(update=change), first)
    assert other.aws.shared is not first.aws.shared
    assert other.turns is not first.turns


def test_an_account_of_aws_is_that_of_the_credentials_which_are_one(platform):
    connections = Connections()
    first, second = (
        connections.connect(Target(), platform.model_copy(update={"account": account}), None, failed=False)
        for account in (None, "111122223333")
    )
    assert first.aws.shared is second.aws.shared


def test_after_a_failure_clients_are_made_anew_once_for_all_that_failed(connections, platform, made):
    first, second = connect(connections, platform), connect(connections, platform)
    for each in (first, second):
        connections.note(each, well=False)
    anew = connect(connections, platform, first, failed=True)
    assert anew.aws.shared is not first.aws.shared
    assert anew.turns is first.turns  # what AWS has counted is not forgotten
    assert connect(connections, platform, second, failed=True).aws.shared is anew.aws.shared
    assert len(made) == 2


def test_a_stack_that_fails_alone_makes_none_anew(connections, platform, made):
    first, second = connect(connections, platform), connect(connections, platform)
    connections.note(first, well=False)
    connections.note(second, well=True)
    assert connect(connections, platform, first, failed=True).aws is first.aws
    assert len(made) == 1


def test_an_embedded_aws_that_answers_elsewhere_has_clients_of_its_own(connections, platform):
    first = connect(connections, platform)
    moved = replace(TARGET, endpoint="http://127.0.0.1:10")
    assert connections.connect(moved, platform, first, failed=True).aws.shared is not first.aws.shared


def test_an_embedded_aws_is_looked_for_in_each_round(tmp_path):
    file, place = tmp_path / "platform.yaml", iter((None, "http://127.0.0.1:10", None))
    file.write_text(BARE)
    watched = watch_stack(replace(TARGET, file=file, find_endpoint=lambda: next(place)), 300, Together())
    endpoints = [
        connected.aws.options["endpoint_url"] for _ in range(3) if (connected := watched.connect().connected)
    ]
    assert endpoints == [TARGET.endpoint, "http://127.0.0.1:10", "http://127.0.0.1:10"]
