"""Rounds of a watched stack, on an embedded AWS that people change by hand."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from support import SHOP, client, let_time_pass, make_lease_table

from reconciler.cli import main
from reconciler.cli.watching import WatchOptions, make_keeper
from reconciler.drift.correction_rules import Rules
from reconciler.model.correction import Ended
from reconciler.model.drift import Attribution, Known
from reconciler.model.lease import Record
from reconciler.target import Target
from reconciler.watch.closing import describe_end
from reconciler.watch.correcting import Correcting, UnderWay
from reconciler.watch.memory import decode
from reconciler.watch.news import tell_news
from reconciler.watch.notify.message import News
from reconciler.watch.rounds import Doing, make_round
from reconciler.watch.status import RoundOutcome, StackStatus
from reconciler.watch.watched import FILE_CHANGED, Together, Watched, watch_stack

BARE = SHOP.partition("services:")[0] + "load_balancer: none\ndashboard: false\n"
CLUSTER = "shop-dev"


@pytest.fixture
def file(aws: object, tmp_path: Path) -> Path:
    """A platform without services, applied some time ago."""
    path = tmp_path / "platform.yaml"
    path.write_text(BARE)
    make_lease_table()
    assert main(["apply", str(path), "--yes", "--log-level", "error"]) == 0
    let_time_pass()
    return path


@pytest.fixture
def watched(file: Path) -> Watched:
    return watch_stack(Target(file), 300, Together())


def insights(value: str) -> None:
    """Change the cluster by hand."""
    (arn,) = client("ecs").list_clusters()["clusterArns"]
    settings = [{"name": "containerInsights", "value": value}]
    client("ecs").update_cluster_settings(cluster=arn, settings=settings)


def rounds(watched: Watched, *changes: Callable[[], object], doing: Doing | None = None) -> list[StackStatus]:
    found = []
    for change in (lambda: None, *changes):
        change()
        found.append(make_round(watched, doing or Doing()))
    return found


def news(before: StackStatus, after: StackStatus) -> list[str]:
    return [line.partition(" ")[0] for line in tell_news(before, after)]


def test_drift_is_told_when_it_appears_and_when_it_is_gone_and_not_in_between(watched):
    first = watched.status
    clean, drifted, still, gone = rounds(
        watched, lambda: insights("disabled"), lambda: None, lambda: insights("enabled")
    )
    told = [
        news(a, b) for a, b in zip((first, clean, drifted, still), (clean, drifted, still, gone), strict=True)
    ]
    assert told == [["no"], ["drift:"], [], ["gone:"]]
    assert [status.last.outcome for status in (clean, drifted, gone) if status.last] == [
        "clean",
        "drift",
        "clean",
    ]


def test_since_when_it_is_there_outlives_the_process(watched):
    _, drifted = rounds(watched, lambda: insights("disabled"))
    again = watch_stack(watched.target, 300, Together())
    (later,) = rounds(again)
    assert drifted.since
    assert later.since == drifted.since


def test_a_broken_file_keeps_the_last_good_one_and_a_right_one_ends_that(watched, file):
    good, broken = rounds(watched, lambda: file.write_text("platform: [\n"))
    assert (broken.report and broken.report.digest) == (good.report and good.report.digest)
    assert broken.file_error
    assert news(good, broken) == ["the"]
    file.write_text(BARE)
    (right,) = rounds(watched)
    assert news(broken, right) == ["the"]


def test_a_file_that_was_never_right_fails_its_rounds(aws, tmp_path):
    (tmp_path / "p.yaml").write_text("platform: [\n")
    watched = watch_stack(Target(tmp_path / "p.yaml"), 300, Together())
    first, second = rounds(watched, lambda: None)
    assert (first.failures, second.failures) == (1, 2)
    assert news(first, second) == []
    assert make_round(watched, Doing(), FILE_CHANGED).failures == 1


def test_an_aws_that_does_not_answer_is_a_failure_and_the_next_round_reads_anew(watched, monkeypatch):
    told: list[News] = []
    doing = Doing(tell_message=lambda _connected, message: told.append(message.news))
    (good,) = rounds(watched)
    with monkeypatch.context() as broken:
        broken.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        watched.together = Together()  # nothing is connected yet
        failed, _ = make_round(watched, doing), make_round(watched, doing)
    well = make_round(watched, doing)
    assert told == [News.FAILING, News.WELL]
    assert (failed.failures, failed.report, failed.last and failed.last.outcome) == (
        1,
        good.report,
        RoundOutcome.FAILED,
    )
    assert (well.failures, news(failed, well)) == (0, ["well"])


def test_a_connection_is_used_by_all_rounds_of_a_stack(watched):
    rounds(watched)
    first = watched.connected
    rounds(watched)
    assert first
    assert watched.connected
    assert watched.connected.aws is first.aws
    assert watched.connected.turns is first.turns


def test_what_comes_back_is_contested_and_then_left_alone_for_a_while(watched):
    alice = Attribution(Known.FOUND, "user alice")
    ask = lambda *_: lambda some, _window: {d.key: alice for d in some}  # noqa: E731
    doing = Doing(ask, Correcting(Rules(), UnderWay(Event())))
    *_, second, third = rounds(watched, *[lambda: insights("disabled")] * 3, doing=doing)
    assert [c.ended for c in second.corrections] == [Ended.DONE, Ended.DONE]
    assert len(third.corrections) == 2
    assert [(c.times, c.by) for c in third.contested] == [(2, "user alice")]
    assert third.report
    assert third.report.drift


def test_a_stop_during_a_correction_ends_its_calls_and_gives_the_lease_back_before_the_watch_ends(file):
    stop = Event()
    keeper = make_keeper([Target(file)], WatchOptions(300, Rules()), stop)
    (label,), (watched,) = keeper.stacks.keys(), keeper.stacks.values()
    keeper.do_round(label, "")
    assert watched.connected
    calls = watched.connected.aws.client("ecs", retries=False).meta.events
    calls.register("after-call.ecs.UpdateCluster", lambda **_: stop.set())
    insights("disabled")
    keeper.do_round(label, "")
    assert keeper.under_way.wait()
    assert describe_end(watched.status).endswith(", 1 stopped")  # a wait was still to come
    assert read_record().holder is None
    assert watched.status.report
    assert watched.status.report.clean  # the call itself was made to its end


def test_the_memory_is_in_the_record_of_the_lease_and_an_apply_keeps_it(watched, file):
    rounds(watched, lambda: insights("disabled"))
    record = read_record()
    assert decode(record.memory).known
    assert main(["apply", str(file), "--yes", "--log-level", "error"]) == 0
    after = read_record()
    assert (after.memory, after.holder) == (record.memory, None)
    assert after.applied


def test_a_memory_whose_write_fails_is_written_by_the_next_round_and_not_again(watched):
    rounds(watched)
    writes = list[str]()

    def fail_once(model: Any, **_: object) -> None:
        writes.append(model.name)
        if len(writes) == 1:
            raise ConnectionClosedError(endpoint_url="")

    assert watched.connected
    dynamodb = watched.connected.aws.client("dynamodb", retries=False)
    dynamodb.meta.events.register("before-call.dynamodb.UpdateItem", fail_once)
    insights("disabled")
    make_round(watched, Doing())
    assert not decode(read_record().memory).known
    rounds(watched, lambda: None)
    assert decode(read_record().memory).known
    assert len(writes) == 2


def read_record() -> Record:
    from reconciler.aws.lease import item  # noqa: PLC0415 - used only here

    return item.read(client("dynamodb"), "shop/dev/us-east-1")
