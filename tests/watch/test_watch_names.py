"""Two files that come to name one stack while they are watched."""

from pathlib import Path
from threading import Event

import pytest
from support import SHOP

from reconciler.cli.watching import WatchOptions, make_keeper
from reconciler.errors import RunRefused
from reconciler.target import Target
from reconciler.watch.keep import Keeper
from reconciler.watch.names import NAMED_BY_OTHERS, Names
from reconciler.watch.status import RoundOutcome

BARE = SHOP.partition("services:")[0] + "load_balancer: none\ndashboard: false\n"
A, B = "shop/dev/us-east-1", "other/dev/us-east-1"


def test_a_name_is_refused_to_both_until_one_of_them_has_another():
    names = Names()
    names.name("a", "shop")
    names.name("b", "other")
    assert names.take_woken() == {}
    with pytest.raises(RunRefused, match="a and b are both shop"):
        names.name("b", "shop")
    with pytest.raises(RunRefused, match="b and a are both shop"):
        names.name("a", "shop")
    assert names.take_woken() == {"a": NAMED_BY_OTHERS}
    assert (names.shows("a"), names.shows("b")) == (True, False)
    names.name("a", "third")
    assert names.take_woken() == {"b": NAMED_BY_OTHERS}
    names.name("b", "shop")
    assert names.shows("b")
    assert names.take_woken() == {}


@pytest.fixture
def files(aws: object, tmp_path: Path) -> dict[str, Path]:
    found = {name: tmp_path / f"{name}.yaml" for name in ("shop", "other")}
    for name, file in found.items():
        file.write_text(BARE.replace("shop", name))
    return found


@pytest.fixture
def keeper(files: dict[str, Path], capsys: object) -> Keeper:
    return make_keeper([Target(file) for file in files.values()], WatchOptions(300), Event())


def test_both_are_told_shown_and_left_alone_and_well_again_afterwards(keeper, files):
    told: list[tuple[str, str]] = []
    keeper.tell = lambda stack, line: told.append((stack, line.partition(":")[0]))
    shop, other = map(str, files.values())
    woken = dict[str, str]()

    def round_of(label: str) -> int:
        woken.update(keeper.find_changed())
        return keeper.do_round(label, woken.pop(label, ""))

    assert [round_of(shop), round_of(other)] == [0, 0]
    files["other"].write_text(BARE + "# the same\n")
    assert round_of(other) == 1
    assert round_of(shop) == 1
    assert {s.stack: s.last.outcome for s in keeper.board.status.stacks if s.last} == {
        A: RoundOutcome.FAILED,
        B: RoundOutcome.FAILED,
    }
    assert "are both" in str(keeper.stacks[shop].status.last)
    files["other"].write_text(BARE.replace("shop", "other"))
    assert round_of(other) == 0
    assert round_of(shop) == 0
    assert [status.failures for status in keeper.statuses()] == [0, 0]
    assert [(stack, line) for stack, line in told if not line.startswith("no drift")] == [
        (B, "failed"),
        (A, "failed"),
        (B, "well again, after a round that failed"),
        (A, "well again, after a round that failed"),
    ]
