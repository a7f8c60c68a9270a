"""Read what AWS has: every kind at once."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from reconciler.applying.rates import Turns
from reconciler.aws import Aws
from reconciler.model import Kind, Kinds, Live, Spec
from reconciler.reads import Reads, Stack

IN_FLIGHT = 16  # questions to AWS at a time


@contextmanager
def looking(aws: Aws, stack: Stack, wanted: Iterable[Spec] = (), turns: Turns | None = None) -> Iterator[Reads]:
    """A view on AWS for those who want these specs."""
    with ThreadPoolExecutor(IN_FLIGHT, "read") as pool:
        yield Reads(aws, stack, {}, pool, turns=turns or Turns()).wanting(wanted)


def read(reads: Reads, kinds: Kinds) -> tuple[Live[Any], ...]:
    """What bears a wanted name, and what is ours. Raises `NotRead` if any of it could not be read."""

    def read_one(kind: Kind[Any]) -> list[Live[Any]]:
        return list(kind.read(reads))

    with ThreadPoolExecutor(len(kinds) or 1, "kind") as pool:
        return tuple(live for found in pool.map(read_one, kinds.values()) for live in found)
