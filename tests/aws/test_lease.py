"""The lease on an embedded AWS, with a clock that only rests advance."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from threading import enumerate as enumerate_threads
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ConnectTimeoutError
from support import Counted, client, connection
from tenacity import Retrying, stop_after_delay, wait_fixed

from reconciler.aws.client import WRITE_TAKES
from reconciler.aws.clock import Clock
from reconciler.aws.foreign_answers import ForeignAnswer
from reconciler.aws.lease import Lease, Terms, hold_lease, item
from reconciler.aws.lease.administration import Leases
from reconciler.aws.lease.process import this_process
from reconciler.aws.lease.protocol import HEARTBEAT_EVERY, HEARTBEAT_RETRIED_AFTER, LEASE_TIME
from reconciler.aws.lease.table import ensure_table
from reconciler.aws.lease.words import describe
from reconciler.errors import LeaseHeld, LeaseLost, RunRefused, Stopped
from reconciler.model.lease import Applied, Record
from reconciler.model.steps import Call, NotYet
from reconciler.sandbox import REAL, install
from reconciler.sandbox import Clock as SandboxClock

STACK = "shop/dev/us-east-1"
WRITE = Call("logs", "create_log_group", {"logGroupName": "/shop"})


def scripted_dynamodb(**answers: list[Any]) -> Any:
    """Return a client whose operations give these answers in turn."""

    def give(operation: str) -> Any:
        answer = answers[operation].pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return SimpleNamespace(**{name: lambda _name=name, **_: give(_name) for name in answers})


class Time:
    """A clock that rests advance; `then` happens at the end of each rest."""

    def __init__(self) -> None:
        self.seconds, self.then = 0.0, lambda: None
        self.clock = Clock(lambda: self.seconds, self.rest)

    def rest(self, seconds: float) -> None:
        self.seconds += seconds
        self.then()


@contextmanager
def held(time: Time, **terms: Any) -> Iterator[Lease]:
    with hold_lease(
        connection(), STACK, this_process("apply", "arn"), Terms(**terms, clock=time.clock)
    ) as lease:
        yield lease


@pytest.fixture
def time(aws: object) -> Time:
    return Time()


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes the next writes of the lease fail: before DynamoDB acts, or after it."""
    update, failures = item._update, list[tuple[Exception, bool]]()

    def around(*args: Any) -> Any:
        error, done = failures.pop(0) if failures else (None, True)
        found = update(*args) if done else None
        if error:
            raise error
        return found

    monkeypatch.setattr(item, "_update", around)
    return lambda error, times=1, done=False: failures.extend([(error, done)] * times)


def record() -> Any:
    return item.read(client("dynamodb"), STACK)


def lost() -> Exception:
    return ConnectionClosedError(endpoint_url="https://dynamodb")


def refused(code: str, words: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": words}}, "UpdateItem")


def test_it_is_held_within_the_block_and_given_back_after_it(time):
    with held(time) as lease:
        assert record().holder == lease.holder
    assert record().holder is None


def test_a_run_makes_two_calls_and_a_heartbeat_every_fifteen_seconds(time):
    with held(time):
        pass
    with Counted() as calls, held(time) as lease:
        for _ in range(60):
            time.rest(1)
            lease.keep()
    assert calls == {"UpdateItem": 2 + 60 // HEARTBEAT_EVERY}


def test_the_table_is_made_on_first_use_and_waited_for(time):
    clock = SandboxClock(speed=0)
    install(REAL, clock=clock)
    time.then = lambda: clock.advance(1)
    with held(time):
        table = client("dynamodb").describe_table(TableName=item.TABLE)["Table"]
    assert (table["TableStatus"], table["BillingModeSummary"]["BillingMode"]) == ("ACTIVE", "PAY_PER_REQUEST")
    assert time.seconds == pytest.approx(REAL.table, abs=1)


def test_a_table_that_another_run_makes_is_waited_for_too(time):
    clock = SandboxClock(speed=0)
    install(REAL, clock=clock)
    time.then = lambda: clock.advance(1)
    other = Time()
    other.then = lambda: time.rest(1)  # the other run asks for the table, and this one after it
    with held(time):
        pass
    client("dynamodb").delete_table(TableName=item.TABLE)
    with held(time):  # which deletes are still under way before
        assert record().holder


@pytest.mark.parametrize("code", ["ResourceInUseException", "LimitExceededException"])
def test_a_table_that_cannot_be_asked_for_now_is_waited_for(aws, code):
    """As another run asks for it at the same moment, or as too many tables are being made."""
    answers = [refused("ResourceNotFoundException"), {"Table": {"TableStatus": "CREATING"}}]
    answers += [{"Table": {"TableStatus": "UPDATING"}}]  # which can be used
    asked = scripted_dynamodb(describe_table=answers, create_table=[refused(code)])
    ensure_table(asked, Time().clock)
    assert not answers
    with pytest.raises(ClientError, match="AccessDenied"):
        ensure_table(
            scripted_dynamodb(
                describe_table=[refused("ResourceNotFoundException")], create_table=[refused("AccessDenied")]
            ),
            Time().clock,
        )


def test_the_table_is_of_no_stack(time):
    with held(time):
        arn = client("dynamodb").describe_table(TableName=item.TABLE)["Table"]["TableArn"]
    tagged = client("dynamodb").list_tags_of_resource(ResourceArn=arn)["Tags"]
    assert tagged == [{"Key": "ecs-reconciler:purpose", "Value": "leases"}]


def test_a_table_that_is_not_yet_known_everywhere_is_waited_for(time, fail):
    fail(refused("ResourceNotFoundException"))
    fail(refused("ResourceNotFoundException"), times=2)
    with held(time) as lease:
        assert record().holder == lease.holder


def test_an_answer_that_was_lost_is_known_by_the_id_of_the_run(time, fail):
    with held(time):
        pass
    fail(lost(), done=True)
    with held(time) as lease:
        assert record().holder == lease.holder
        assert time.seconds < HEARTBEAT_EVERY  # it does not wait for itself
        fail(lost(), done=True)
    assert record().holder is None


def test_a_dead_holder_is_taken_over_after_the_lease_time(time):
    said = list[str]()
    with held(time) as dead:
        with held(time, notify=said.append) as lease:
            assert record().holder == lease.holder
            assert lease.expires == time.seconds + LEASE_TIME
            assert time.seconds == pytest.approx(LEASE_TIME, abs=1)
        assert len(said) == 1
        assert f"apply of {dead.holder.user} on {dead.holder.host} (process" in said[0]


def test_one_that_is_given_back_just_before_it_is_taken_over_is_free(time, monkeypatch):
    update = item._update
    with held(time) as ended:

        def end_first(client: Any, stack: str, only_if: Any, *args: Any) -> Any:
            if "version" in only_if:
                ended.give_back()
            return update(client, stack, only_if, *args)

        monkeypatch.setattr(item, "_update", end_first)
        with held(time) as lease:
            assert record().holder == lease.holder


def test_one_that_is_renewed_just_before_it_is_taken_over_stays(time, monkeypatch):
    update = item._update
    with held(time) as living:

        def renew_first(client: Any, stack: str, only_if: Any, *args: Any) -> Any:
            if "version" in only_if:
                living.keep()
            return update(client, stack, only_if, *args)

        monkeypatch.setattr(item, "_update", renew_first)
        with pytest.raises(LeaseHeld), held(time):
            pass
        assert record().holder == living.holder


def test_its_time_is_counted_from_before_it_was_asked_for(time, monkeypatch):
    """When DynamoDB wrote it is unknown: another run may have seen the version at once."""
    with held(time):
        pass
    update = item._update

    def take_a_while(*args: Any) -> Any:
        time.seconds += 3
        return update(*args)

    monkeypatch.setattr(item, "_update", take_a_while)
    sent = time.seconds
    with held(time) as lease:
        assert lease.expires == sent + LEASE_TIME
        time.rest(HEARTBEAT_EVERY)
        sent = time.seconds
        lease.keep()
        assert lease.expires == sent + LEASE_TIME


def test_a_run_sends_heartbeats_by_itself_until_it_ends(aws, monkeypatch):
    monkeypatch.setattr("reconciler.aws.lease.held.HEARTBEAT_EVERY", 0.1)
    with hold_lease(connection(), STACK, this_process("apply", "arn"), Terms()):
        first = record().version
        for attempt in Retrying(stop=stop_after_delay(20), wait=wait_fixed(0.05)):
            with attempt:
                assert record().version != first
    assert "lease" not in {thread.name for thread in enumerate_threads()}


def test_giving_it_back_is_tried_three_times(time, fail):
    with held(time):
        fail(lost(), times=2)
    assert record().holder is None
    with held(time) as lease:
        fail(lost(), times=3)
    assert record().holder == lease.holder


def test_a_holder_that_lives_refuses_another_run_as_soon_as_it_shows(time):
    with held(time) as lease:
        time.then = lease.keep
        with (
            pytest.raises(
                LeaseHeld, match=r"another run of shop/dev/us-east-1 is under way: apply of"
            ) as error,
            held(time),
        ):
            pass
        assert error.value.record.holder == lease.holder
        assert time.seconds <= HEARTBEAT_EVERY + 5
        assert record().holder == lease.holder


def test_each_heartbeat_shows_that_the_holder_lives(time):
    versions = set[str]()
    with held(time) as lease:
        for _ in range(4):
            versions.add(record().version)
            time.rest(HEARTBEAT_EVERY)
            lease.keep()
    assert len(versions) == 4


def test_with_patience_it_is_waited_for(time):
    with held(time) as lease:

        def end_after_a_while() -> None:
            lease.keep()
            if time.seconds > 200:
                lease.give_back()

        time.then = end_after_a_while
        said = list[str]()
        with held(time, patience=600, notify=said.append) as next_one:
            assert "600 s at most" in said[0]
            assert record().holder == next_one.holder
            assert time.seconds < 210


def test_a_stop_ends_the_wait(time):
    stop = Event()
    time.then = stop.set
    with held(time), pytest.raises(Stopped), held(time, stop=stop):
        pass


def test_no_write_is_sent_unless_the_lease_outlives_its_time_out(time):
    with held(time) as lease, Counted() as calls:
        time.rest(LEASE_TIME - WRITE_TAKES)
        answer = connection().attempt(WRITE)
        assert isinstance(answer, NotYet)
        assert not answer.answer_lost
        assert calls["CreateLogGroup"] == 1  # prepared, and not sent
        assert not client("logs").describe_log_groups()["logGroups"]
        lease.keep()
        assert connection().attempt(WRITE) == {}


def test_reads_need_no_lease(time):
    with held(time):
        time.rest(2 * LEASE_TIME)
        assert connection().attempt(Call("logs", "describe_log_groups", {})) == {}


def test_a_lease_that_nobody_took_is_renewed_even_after_its_end(time):
    """As after a machine has slept: the record is still ours, so that nobody has written."""
    with held(time) as lease:
        time.rest(10 * LEASE_TIME)
        lease.keep()
        assert connection().attempt(WRITE) == {}


def test_a_lease_that_was_taken_over_stops_all_writes(time):
    with held(time) as lease, held(time):
        time.rest(HEARTBEAT_EVERY)
        lease.keep()
        with pytest.raises(LeaseLost, match=r"the lease on shop/dev/us-east-1 is lost: taken over by apply of"):
            lease.require(0)
        time.rest(HEARTBEAT_EVERY)
        with Counted() as calls:
            lease.keep()
        assert not calls
    assert record().holder is None


def test_a_lease_that_cannot_be_renewed_is_lost_at_its_end(time, fail):
    with held(time) as lease:
        fail(ConnectTimeoutError(endpoint_url="https://dynamodb"), times=99)
        while time.seconds < LEASE_TIME:
            assert not lease.lost
            time.rest(1)
            lease.keep()
        time.rest(5)
        lease.keep()
        with pytest.raises(LeaseLost, match="could not be renewed for 60 s"):
            lease.require(0)


def test_one_lost_heartbeat_delays_no_write(time, fail):
    with held(time) as lease:
        time.rest(HEARTBEAT_EVERY)
        fail(lost())
        lease.keep()
        lease.require(WRITE_TAKES)
        time.rest(2)
        lease.keep()
        assert lease.expires == time.seconds + LEASE_TIME


@pytest.mark.parametrize("error", [ForeignAnswer("HTTP 200 with a web page"), refused("InternalServerError")])
def test_a_heartbeat_that_got_a_page_or_an_error_is_sent_again(time, fail, error):
    with held(time) as lease:
        time.rest(HEARTBEAT_EVERY)
        fail(error)
        lease.keep()
        time.rest(2)
        lease.keep()
        assert lease.expires == time.seconds + LEASE_TIME


def test_a_heartbeat_that_nobody_answers_delays_no_write_if_the_next_one_is_answered(aws):
    config = connection().client("dynamodb", retries=False).meta.config
    answered_within = config.connect_timeout + config.read_timeout
    renewed_after = HEARTBEAT_EVERY + answered_within + HEARTBEAT_RETRIED_AFTER + answered_within
    assert renewed_after < LEASE_TIME - WRITE_TAKES
    assert config.retries["total_max_attempts"] == 1  # as botocore's own would come too late


def test_without_its_record_a_lease_is_lost(time):
    with held(time) as lease:
        client("dynamodb").delete_item(TableName=item.TABLE, Key={item.KEY: {"S": STACK}})
        time.rest(HEARTBEAT_EVERY)
        lease.keep()
        assert "its record was removed" in lease.lost


def test_without_the_table_a_lease_is_lost(time):
    with held(time) as lease:
        client("dynamodb").delete_table(TableName=item.TABLE)
        time.rest(HEARTBEAT_EVERY)
        lease.keep()
        assert "was deleted" in lease.lost


def test_a_broken_lease_stops_its_holder_and_is_taken_over_after_the_lease_time(time):
    leases = Leases(client("dynamodb"), STACK, "arn:boss", time.clock)
    with held(time) as hung:
        leases.take_from(hung.holder)
        time.rest(HEARTBEAT_EVERY)
        hung.keep()
        assert "broken by lease break of" in hung.lost
        before, said = time.seconds, list[str]()
        with held(time, notify=said.append):
            assert "the lease was broken (lease break of" in said[0]
            assert time.seconds == pytest.approx(before + LEASE_TIME, abs=1)
            assert not record().broken


def test_a_lease_that_changed_hands_meanwhile_is_not_broken(time):
    leases = Leases(client("dynamodb"), STACK, "arn:boss", time.clock)
    with held(time) as first:
        pass
    with held(time) as second:
        with pytest.raises(RunRefused, match="the lease is held by apply of"):
            leases.take_from(first.holder)
        assert record().holder == second.holder
    with pytest.raises(RunRefused, match="the lease is given back by now"):
        leases.take_from(second.holder)


def test_people_are_shown_what_was_written_last(time):
    seen = list[Any]()
    dynamodb = client("dynamodb")
    note = ("provide-client-params.*.*", lambda params, **_: seen.append(params))
    leases = Leases(dynamodb, STACK, "arn:boss", time.clock)
    with held(time):
        dynamodb.meta.events.register(*note)
        leases.read()
        leases.require_none_held(print)
        dynamodb.meta.events.unregister(*note)
    assert {params.get("ConsistentRead") for params in seen} == {True}


def test_no_table_in_which_a_run_lives_may_go(time):
    leases, said = Leases(client("dynamodb"), "other", "arn:boss", time.clock), list[str]()
    with (
        held(time),  # which has died
        hold_lease(connection(), "living", this_process("destroy", "arn"), Terms(clock=time.clock)) as lease,
    ):
        time.then = lease.keep
        with pytest.raises(RunRefused, match="in use:\nliving: destroy of") as error:
            leases.require_none_held(said.append)
        assert STACK not in str(error.value)
        assert time.seconds <= HEARTBEAT_EVERY + 5
    assert len(said) == 1


def test_holders_that_died_or_ended_keep_no_table(time):
    leases, said = Leases(client("dynamodb"), "other", "arn:boss", time.clock), list[str]()
    with (
        held(time),
        hold_lease(connection(), "ends", this_process("destroy", "arn"), Terms(clock=time.clock)) as lease,
    ):
        time.then = lease.give_back
        leases.require_none_held(said.append)
        assert time.seconds == pytest.approx(LEASE_TIME, abs=1)
    assert len(said) == 1
    leases.require_none_held(said.append)
    assert len(said) == 1


def test_leases_that_cannot_be_read_are_not_taken_for_none(time, monkeypatch):
    def refuse(*_: Any) -> Any:
        raise refused("AccessDeniedException", "not authorized to perform: dynamodb:Scan")

    dynamodb = client("dynamodb")
    monkeypatch.setattr(dynamodb, "get_paginator", refuse)
    with pytest.raises(RunRefused, match="dynamodb:Scan"):
        Leases(dynamodb, STACK, "arn:boss", time.clock).require_none_held(print)


def test_a_run_that_applied_nothing_leaves_no_apply_in_the_record(time):
    with held(time):
        assert record().applied is None
    assert record() == Record(STACK)


def test_the_last_apply_stays_in_the_record(time):
    done = Applied("d1", "2026-11-27T22:14:03+00:00", "arn", "0.1.0")
    with held(time) as lease:
        lease.applied = done
    with held(time):
        assert record().applied == done
    assert record().applied == done


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("not authorized to perform: dynamodb:CreateTable on resource: arn", "dynamodb:CreateTable"),
        ("no", "dynamodb:UpdateItem"),
    ],
)
def test_missing_rights_refuse_the_run_and_are_named(time, fail, words, action):
    fail(refused("AccessDeniedException", words))
    with pytest.raises(RunRefused) as error, held(time):
        pass
    assert str(error.value) == f"Two runs at once cannot be ruled out: allow {action} or write `lease: false`."


def test_throttling_is_waited_for(time, fail):
    fail(refused("ThrottlingException"), times=3)
    fail(refused("ProvisionedThroughputExceededException"))
    with held(time) as lease:
        assert record().holder == lease.holder


@pytest.mark.parametrize("error", [refused("ThrottlingException", "Rate exceeded"), lost()])
def test_what_keeps_it_from_being_taken_is_said_to_be_about_the_lease(time, fail, error):
    fail(error, times=99)
    with (
        pytest.raises(RunRefused, match=f"the lease's table {item.TABLE} could not be used: ") as refusal,
        held(time),
    ):
        pass
    assert refusal.value.__cause__ is error


def test_who_holds_it_is_safe_on_a_terminal(time):
    holder = replace(this_process("apply", "arn"), host="\x1b]0;title\x07\nhost")
    assert "on \\x1b]0;title\\x07\\nhost (process" in describe(holder)


def test_a_lease_within_another_leaves_the_guard_of_writes_as_it_was(time):
    with held(time) as outer:
        with hold_lease(connection(), "other", this_process("apply", "arn"), Terms(clock=time.clock)):
            pass
        assert connection().before_write == outer.require
    connection().before_write(1e9)


def test_holders_of_one_process_are_told_apart():
    one, other = (this_process("apply", "arn") for _ in range(2))
    assert replace(one, run=other.run) == replace(other, since=one.since)
    assert one.run != other.run


@pytest.mark.parametrize(
    ("attributes", "why"),
    [
        ({"run": {"S": "r"}}, "it has a holder, but no version"),
        ({"run": {"N": "5"}, "version": {"S": "v"}}, "not texts: run"),
        ({"run": {"S": "r"}, "version": {"N": "5"}, "host": {"BOOL": True}}, "not texts: host, version"),
    ],
)
def test_a_record_that_no_run_wrote_is_refused_at_once(time, attributes, why):
    with held(time):
        pass
    begun = time.seconds
    client("dynamodb").put_item(TableName=item.TABLE, Item={item.KEY: {"S": STACK}, **attributes})
    with pytest.raises(RunRefused) as refusal, held(time):
        pass
    assert time.seconds == begun
    assert f"({why})" in str(refusal.value)
    key = f'{{"stack": {{"S": "{STACK}"}}}}'
    assert f"aws dynamodb delete-item --table-name {item.TABLE} --key '{key}'" in str(refusal.value)


def test_a_record_that_somebody_writes_over_ends_the_run_that_holds_it(time):
    with held(time) as lease:
        garbage = {item.KEY: {"S": STACK}, "run": {"N": "5"}}
        client("dynamodb").put_item(TableName=item.TABLE, Item=garbage)
        time.seconds += 15
        lease.keep()
        with pytest.raises(LeaseLost, match="not texts: run"):
            lease.require(0)


def test_a_holder_is_described_in_one_short_line_whatever_its_record_holds():
    hostile = replace(
        this_process("apply", "arn"), host="\x1b[2Jhost\n✓ done\t\x9b31m", user="", actor="a" * 400_000
    )
    line = describe(hostile)
    assert line.isprintable()
    assert len(line) < 500
    assert r"apply of ? on \x1b[2Jhost\n✓ done\t\x9b31m (process" in line
