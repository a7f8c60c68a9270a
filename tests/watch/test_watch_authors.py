"""A watch asks who made a difference when it is new, and again at its times, with one pace for all stacks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support import SHOP, client

from reconciler.aws.trail import Pace
from reconciler.model.drift import Difference, Finding, Known, Severity
from reconciler.model.references import Address
from reconciler.run import open_session
from reconciler.sandbox import REAL, Clock, install
from reconciler.sandbox.cloudtrail.events import history_of
from reconciler.session import Session
from reconciler.target import Target
from reconciler.watch.authors import Authors

BARE = SHOP.partition("services:")[0] + "load_balancer: none\ndashboard: false\nlease: false\n"
ADDRESS = Address("log_group", "/g")


@pytest.fixture
def clock(aws: object) -> Clock:
    stopped = Clock(speed=0)
    install(REAL, clock=stopped)
    return stopped


@pytest.fixture
def session(clock: Clock, tmp_path: Path) -> Iterator[Session]:
    file = tmp_path / "platform.yaml"
    file.write_text(BARE)
    with open_session(Target(file)) as opened:
        yield replace(opened, date=lambda: clock.date(clock.now()))


@pytest.fixture
def authors(clock: Clock) -> Authors:
    return Authors(pace=Pace(clock.now, clock.advance))


def retention(live: int) -> Difference:
    outputs = {"id": "/g", "arn": "arn:aws:logs:us-east-1:123456789012:log-group:/g"}
    return Difference(
        ADDRESS, Finding.CHANGED, "retention_days", live, 7, Severity.CONFIGURATION, outputs=outputs
    )


def count_questions() -> int:
    """Return how many questions CloudTrail was asked so far."""
    return sum(event.name == "LookupEvents" for event in history_of("123456789012", "us-east-1").reads)


def test_it_is_asked_at_its_times_until_it_is_known(clock: Clock, session: Session, authors: Authors):
    assert authors(session, []) == {}
    client("logs").create_log_group(logGroupName="/g")
    client("logs").put_retention_policy(logGroupName="/g", retentionInDays=1)
    seen, drift, begun = [], retention(1), clock.now()
    for minutes in (0, 1, 2, 5, 10, 11, 30):
        clock.advance(begun + 60 * minutes - clock.now())
        before = count_questions()
        answer = authors(session, [drift])[drift.key]
        seen.append((minutes, answer.known, count_questions() > before))
    assert seen == [
        (0, Known.NOT_YET, True),
        (1, Known.NOT_YET, False),
        (2, Known.NOT_YET, True),
        (5, Known.NOT_YET, False),
        (10, Known.FOUND, True),
        (11, Known.FOUND, False),
        (30, Known.FOUND, False),
    ]


def test_another_value_is_another_question(session: Session, authors: Authors):
    counts = []
    for live in (1, 1, 3):
        authors(session, [retention(live)])
        counts.append(count_questions())
    assert counts == [counts[0], counts[0], 2 * counts[0]]
    assert counts[0]


def test_only_what_was_done_since_the_round_before_counts(clock: Clock, session: Session, authors: Authors):
    install(clock=clock)
    client("logs").create_log_group(logGroupName="/g")
    client("logs").put_retention_policy(logGroupName="/g", retentionInDays=1)
    clock.advance(timedelta(hours=1).total_seconds())
    authors(session, [])
    clock.advance(300)
    assert authors(session, [retention(1)])[retention(1).key].known is Known.NOT_YET
    assert Authors()(session, [retention(1)])[retention(1).key].known is Known.FOUND
