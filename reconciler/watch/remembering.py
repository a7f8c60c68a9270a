"""Read and write what is remembered of a stack, in its record of the lease table. A failure ends no round."""

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.client import Aws
from reconciler.aws.errors import message
from reconciler.aws.lease import item
from reconciler.errors import RunRefused
from reconciler.watch.memory import Memory, decode, encode

log = structlog.get_logger()

FAILURES = (ClientError, BotoCoreError, RunRefused)


def read_memory(aws: Aws, stack: str) -> Memory:
    """Read it; an empty one if that fails."""
    try:
        return decode(item.read(aws.client("dynamodb", retries=False), stack).memory)
    except FAILURES as error:
        log.warning("what was remembered of the stack is not read", stack=stack, why=message(error))
        return Memory()


def write_memory(aws: Aws, stack: str, memory: Memory, failed_before: str = "") -> str:
    """Write it, if the table is there: a watch that only reports makes none.

    Return why it failed, or an empty text. Why it failed the last time is not logged again.
    """
    try:
        item.put_memory(aws.client("dynamodb", retries=False), stack, encode(memory))
    except FAILURES as error:
        why = message(error)
        if why != failed_before:
            log.warning("what is remembered of the stack is not kept", stack=stack, why=why)
        return why
    return ""
