"""The DynamoDB table of all leases of an account in a region: made on first use, and kept."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from reconciler.aws.clock import Clock
from reconciler.aws.errors import matches
from reconciler.aws.lease.item import KEY, NOT_FOUND, TABLE, parse
from reconciler.errors import RunRefused
from reconciler.model.lease import Record

MAKING_TAKES = 120  # seconds at most; usually 5 to 15
BEING_MADE = ("ResourceInUseException", "LimitExceededException")  # by another run; too many tables at once
USABLE = ("ACTIVE", "UPDATING")
TAGS = {"ecs-reconciler:purpose": "leases"}  # of no stack: every stack of the region uses it


def ensure_table(client: Any, clock: Clock) -> None:
    """Return when the table can be used; make it if necessary. Raises `RunRefused` if that takes long."""
    for _ in range(MAKING_TAKES):
        status = _status(client)
        if status in USABLE:
            return
        if status is None:
            _create(client)
        clock.rest(1)
    raise RunRefused(
        f"the DynamoDB table {TABLE} is still not ACTIVE after {MAKING_TAKES} s: run the command again"
    )


def _status(client: Any) -> str | None:
    try:
        status: str = client.describe_table(TableName=TABLE)["Table"]["TableStatus"]
    except ClientError as error:
        if matches(error, NOT_FOUND):
            return None
        raise
    return status


def _create(client: Any) -> None:
    """Ask for the table. Another run may have done so, or DescribeTable may not show it yet."""
    try:
        client.create_table(
            TableName=TABLE,
            AttributeDefinitions=[{"AttributeName": KEY, "AttributeType": "S"}],
            KeySchema=[{"AttributeName": KEY, "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
        )
    except ClientError as error:
        if not matches(error, BEING_MADE):
            raise


def held_records(client: Any) -> Iterator[Record]:
    """Yield the records whose lease somebody holds; none if there is no table."""
    try:
        for page in client.get_paginator("scan").paginate(TableName=TABLE, ConsistentRead=True):
            yield from (record for item in page["Items"] if (record := parse(item)).holder)
    except ClientError as error:
        if not matches(error, NOT_FOUND):
            raise


def delete_table(client: Any) -> bool:
    """Delete the table; return whether there was one."""
    try:
        client.delete_table(TableName=TABLE)
    except ClientError as error:
        if matches(error, NOT_FOUND):
            return False
        raise
    return True
