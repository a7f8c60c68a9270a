"""Running without threads: submitted work runs at once, so that runs are deterministic and can be forked."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Self
from unittest.mock import patch


class InlineExecutor:
    """A thread pool that runs everything in the calling thread."""

    def __init__(self, *_: Any) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit(self, fn: Callable[..., Any], *args: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args))
        except Exception as e:  # noqa: BLE001 - the future carries any exception
            future.set_exception(e)
        return future


@contextmanager
def disable_threads() -> Iterator[None]:
    with (
        patch("reconciler.apply.ThreadPoolExecutor", InlineExecutor),
        patch("reconciler.aws.reads.ThreadPoolExecutor", InlineExecutor),
    ):
        yield
