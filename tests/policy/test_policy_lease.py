"""Who only reports may remember what it told, and neither take, keep nor break anybody's lease."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from crash import platforms
from crash.cloud import cloud
from support import client
from test_policy_uses import alice
from uses import documents_of

from desired_state import Platform
from reconciler.aws.clock import Clock
from reconciler.aws.lease import item
from reconciler.aws.lease.process import this_process
from reconciler.aws.lease.table import ensure_table
from reconciler.policy import Use
from reconciler.sandbox import CALM

HOLDER = this_process("apply", "arn")


@pytest.fixture
def held() -> Iterator[Platform]:
    """Yield a platform whose lease a run holds."""
    platform = platforms.default()
    with cloud(CALM) as clock:
        dynamodb = client("dynamodb")
        ensure_table(dynamodb, Clock(clock.now, clock.advance))
        assert item.put_holder(dynamodb, platform.stack, HOLDER, item.FREE) is None
        yield platform


def test_drift_writes_its_memory_and_not_the_holder(held):
    dynamodb, stack = client("dynamodb"), held.stack
    with alice(documents_of(held, Use.DRIFT)):
        item.put_memory(dynamodb, stack, "told")
        assert item.read(dynamodb, stack).memory == "told"
        for write in (
            lambda: item.put_holder(dynamodb, stack, this_process("apply", "alice"), {"run": HOLDER.run}),
            lambda: item.put_version(dynamodb, stack, HOLDER.run, 7),
            lambda: item.remove_holder(dynamodb, stack, HOLDER.run, None),
            lambda: item.put_memory(dynamodb, "another/dev/us-east-1", "told"),
        ):
            with pytest.raises(ClientError, match="AccessDenied"):
                write()
    assert item.read(dynamodb, stack).holder == HOLDER
