import pytest
from botocore import xform_name

from reconciler.apply.events import EventKind
from reconciler.apply.ledger import Ledger
from reconciler.aws.buckets import Buckets
from reconciler.aws.rates import READ_RATES, SHARE_OF_RATE, WRITE_RATES
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address
from reconciler.model.steps import Call, NotYet, Wait
from reconciler.resources import KINDS
from reconciler.resources.ecs_service.calls import SERVICE_INACTIVE
from reconciler.sandbox.limits.table import limit_of
from reconciler.sandbox.limits.throttling import READ_PREFIXES

SERVICES = {"elasticloadbalancing": "elbv2", "tag": "resourcegroupstaggingapi"}  # by IAM's names
REGISTER = Call("ecs", "register_task_definition", {})
BURST = 18  # nine tenths of AWS's 20


def turns(buckets, call, count, now=0.0):
    return [buckets.take_turn(*call.split("."), now) for _ in range(count)]


def test_a_burst_goes_at_once_and_the_rest_at_the_rate():
    waits = turns(Buckets(), "ecs.register_task_definition", BURST + 2)
    assert waits == [0] * BURST + [pytest.approx(1 / 0.9), pytest.approx(2 / 0.9)]


def test_a_turn_that_was_given_is_waited_for_by_those_who_come_later():
    buckets = Buckets()
    turns(buckets, "ecs.register_task_definition", BURST + 9)
    assert buckets.take_turn("ecs", "register_task_definition", 5.0) == pytest.approx(10 / 0.9 - 5)
    assert buckets.take_turn("ecs", "register_task_definition", 60.0) == 0


def test_calls_of_one_bucket_share_its_tokens():
    buckets = Buckets()
    turns(buckets, "ecs.register_task_definition", BURST)
    assert buckets.take_turn("ecs", "deregister_task_definition", 0.0) > 0
    assert buckets.take_turn("ecs", "create_service", 0.0) == 0


def test_a_bucket_never_holds_more_than_its_burst():
    buckets = Buckets()
    turns(buckets, "ecs.register_task_definition", BURST)
    assert turns(buckets, "ecs.register_task_definition", BURST + 1, now=1000.0)[-2:] == [
        0,
        pytest.approx(1 / 0.9),
    ]


def test_the_other_calls_of_a_service_share_one_bucket():
    buckets = Buckets()
    turns(buckets, "ec2.create_vpc", 45)
    assert buckets.take_turn("ec2", "create_subnet", 0.0) > 0


def test_what_has_no_rate_is_free():
    assert not any(turns(Buckets(), "sts.get_caller_identity", 500))


@pytest.mark.parametrize("rates", [WRITE_RATES, READ_RATES])
def test_no_call_is_in_two_buckets(rates):
    calls = [call for rate in rates for call in rate.calls]
    assert len(calls) == len(set(calls))


@pytest.mark.parametrize(("rates", "reads"), [(READ_RATES, True), (WRITE_RATES, False)])
def test_no_bucket_of_the_embedded_aws_runs_dry(rates, reads):
    """What may be called together of a bucket there is less than it holds, and than it gains in a second."""
    buckets, taken = Buckets(rates), {}
    for action in {action for kind in KINDS.values() for action in kind.actions}:
        service, _, name = action.partition(":")
        service, is_read = SERVICES.get(service, service), name.startswith(READ_PREFIXES)
        limit = limit_of(service, name, reads=is_read)
        if limit and is_read == reads:
            bucket = buckets.bucket_of(service, xform_name(name))
            assert bucket, action
            taken.setdefault((service, limit), set()).add(bucket)
    assert len(taken) > 9
    for (_service, limit), ours in taken.items():
        assert sum(SHARE_OF_RATE * rate.burst for rate, _ in ours) <= limit.burst, limit
        assert sum(SHARE_OF_RATE * rate.per_second for rate, _ in ours) <= limit.rate, limit


class Book:
    """A ledger of changes with one step each, and the events that it reports."""

    def __init__(self, *steps):
        self.at, self.told = 0.0, []
        changes = [
            Change(f"t.{n}", Address("t", str(n)), Op.DELETE, (), (s,), frozenset(), {}, "")
            for n, s in enumerate(steps)
        ]
        self.ledger = Ledger(Plan(tuple(changes), {}), lambda _: 1.0, lambda: self.at, self.told.append)

    def due(self):
        found = []
        while task := self.ledger.next():
            found.append(task)
        return found

    def waiting(self):
        return [(e.change.address.name, e.text) for e in self.told if e.what is EventKind.WAITING]


def test_a_call_whose_turn_has_not_come_goes_back_and_takes_no_worker():
    book = Book(*[REGISTER] * (BURST + 1))
    assert len(book.due()) == BURST
    assert book.ledger.until_due() == pytest.approx(1 / 0.9)
    book.at = 1.2
    assert [task.tries for task in book.due()] == [0]


def test_waiting_for_a_turn_is_told_once_where_it_is_long():
    book = Book(*[REGISTER] * (BURST + 3))
    for book.at in (0, 0.5, 1.2, 2.3, 9):
        book.due()
    words = "waits to stay below AWS's rate of register_task_definition"
    assert book.waiting() == [(str(BURST + 1), words), (str(BURST + 2), words)]


def test_waiting_for_a_turn_is_no_lack_of_patience():
    book = Book(*[REGISTER] * (BURST + 1))
    *_, last = book.due()
    book.at = 0.5
    book.ledger.enter(last.retried(NotYet("busy"), book.at, 180))  # and is due again a second later
    book.at = 1.2
    assert [task.tries for task in book.due()] == [0]
    book.at = 2.0
    assert not book.due()
    book.at = 2.5
    (task,) = book.due()
    assert (task.tries, task.first_try_ended) == (1, 1.5)


@pytest.mark.parametrize(
    ("poll", "burst"),
    [
        (Wait("ecs", "service_inactive", {}, SERVICE_INACTIVE), 90),
        (Call("ecr", "describe_images", {}), 90),
    ],
)
def test_polls_keep_under_the_rates_of_reads(poll, burst):
    assert len(Book(*[poll] * 300).due()) == burst


def test_polls_take_no_turn_from_what_changes_something():
    polls = [Wait("ecs", "service_inactive", {}, SERVICE_INACTIVE)] * 300
    assert len(Book(*polls, *[Call("ecs", "delete_service", {})] * 10).due()) == 100
