"""The count of a run's read requests."""

from dataclasses import replace

import pytest
from support import connection

from reconciler.aws.reads import Stack, open_reads
from reconciler.aws.tally import Tally
from reconciler.errors import ReadFailed


def test_a_request_is_to_come_until_it_is_answered():
    tally = Tally()
    with tally.asking("ecr", "describe_images"):
        assert (tally.to_come, tally.answered, tally.most_asked) == (1, 0, "ecr.describe_images")
    assert (tally.to_come, tally.answered, tally.most_asked) == (0, 1, "")


def test_a_request_that_fails_is_not_to_come_any_more():
    tally = Tally()
    with pytest.raises(ReadFailed), tally.asking("ecr", "describe_images"):
        raise ReadFailed("no")
    assert tally.to_come == 0


def test_items_are_to_come_until_their_reading_begins():
    tally = Tally()
    items = tally.count_items(range(3))
    assert tally.to_come == 3
    for _ in items:
        tally.begin_item()
    assert tally.to_come == 0


def test_the_operation_that_most_requests_wait_for_is_named():
    tally = Tally()
    with (
        tally.asking("iam", "get_role"),
        tally.asking("ecr", "describe_images"),
        tally.asking("iam", "get_role"),
    ):
        assert tally.most_asked == "iam.get_role"


def test_reads_are_counted_once_and_nothing_is_to_come_after_them(aws):
    connected = replace(connection(), tally=Tally())
    with open_reads(connected, Stack("shop/dev/us-east-1", "dev")) as reads:
        reads.map(lambda number: reads.ask("ec2", "describe_vpcs", MaxResults=5 + number), range(3))
        reads.ask("ec2", "describe_vpcs", MaxResults=5)  # its answer is known
    assert (connected.tally.answered, connected.tally.to_come) == (3, 0)
