"""Make read requests: each one once a run, with all pages of its answer or an error."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Lock
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from reconciler.aws.calls import Client
from reconciler.aws.client import Aws
from reconciler.aws.errors import code, message
from reconciler.aws.turns import Turns
from reconciler.errors import ReadFailed, Stopped

T = TypeVar("T")
Page = dict[str, Any]  # one response of AWS's
# Operations with pages, for which botocore has no paginator:
WITHOUT_PAGINATOR = frozenset({"list_service_deployments"})
# IAM's is `Marker`, with `IsTruncated`; elsewhere a Marker is that of the request.
NEXT_PAGE_TOKENS = ("NextToken", "nextToken", "NextMarker", "PaginationToken")


@dataclass
class Answers:
    """AWS's answers, by question. Threads may share it: the first one to ask a question makes the request."""

    given_up: Event = field(default_factory=Event)  # set once nothing more is to be asked
    failure: BaseException | None = None  # the first error that ended the reading
    _known: dict[str, Any] = field(default_factory=dict)  # an answer, or the `ReadFailed` that was raised
    _asking: dict[str, Lock] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def once(self, question: str, ask: Callable[[], T]) -> T:
        """Return the known answer, or else what `ask` returns. Raises the `ReadFailed` of `ask`, each time."""
        with self._lock:
            asking = self._asking.setdefault(question, Lock())
        with asking:
            if question not in self._known:
                try:
                    self._known[question] = ask()
                except ReadFailed as e:
                    self._known[question] = e
        answer: T | ReadFailed = self._known[question]
        if isinstance(answer, ReadFailed):
            raise answer
        return answer

    def give_up(self, error: BaseException) -> BaseException:
        """End all reading, and return the first error that did so: later ones may only come of it."""
        with self._lock:
            self.failure = self.failure or error
        self.given_up.set()
        return self.failure


@dataclass(frozen=True)
class Asker:
    """Makes read requests within AWS's rates, until it is given up or `stop` is set.

    Given a `stop`, it makes them by clients that try once.
    """

    aws: Aws
    turns: Turns
    stop: Event | None = None
    given_up: Event = field(default_factory=Event)
    role: str = ""  # ARN of the role by which they are made; empty: with the run's own credentials
    region: str = ""  # that is asked; empty: the run's own

    def ask(self, service: str, operation: str, params: Mapping[str, Any]) -> list[Page]:
        """Return all pages of the answer. Raises `ReadFailed`."""
        with self.aws.tally.asking(service, operation):
            return self._ask(service, operation, params)

    def _ask(self, service: str, operation: str, params: Mapping[str, Any]) -> list[Page]:
        try:
            self._wait_for_turn(service, operation)
            with self._clients() as client:
                return [*self._read(all_pages(client(service), operation, params), service, operation)]
        except Stopped as e:
            raise ReadFailed(str(e)) from e
        except (ClientError, BotoCoreError, ResponseParserError) as e:
            why = f"AWS did not answer {service}.{operation}: {code(e)}: {message(e)}"
            raise ReadFailed(why, service) from e

    def _clients(self) -> AbstractContextManager[Client]:
        if self.stop:
            return self.aws.stoppable_clients(self.stop, role=self.role, region=self.region or None)
        if self.role or self.region:
            return nullcontext(partial(self.aws.client, role=self.role, region=self.region or None))
        return nullcontext(self.aws.client)

    def _read(self, pages: Iterator[Page], service: str, operation: str) -> Iterator[Page]:
        """Yield the pages. Each is a call, so each but the first, whose turn has come, waits for its own."""
        while (page := self._next(pages)) is not None:
            yield page
            if _next_page(page):
                self._wait_for_turn(service, operation)

    def _next(self, pages: Iterator[Page]) -> Page | None:
        with self.turns.places:
            page = next(pages, None)
        self._go_on()
        return page

    def _wait_for_turn(self, service: str, operation: str) -> None:
        self._go_on()
        self.turns.wait(service, operation, *([self.stop] if self.stop else []), self.given_up)
        self._go_on()

    def _go_on(self) -> None:
        if self.stop and self.stop.is_set():
            raise ReadFailed("stopped")
        if self.given_up.is_set():
            raise ReadFailed("given up, as another read failed")


def all_pages(client: Any, operation: str, params: Mapping[str, Any]) -> Iterator[Page]:
    """Yield all pages of the answer: part of a list would be taken for all of it. Raises `ReadFailed`.

    It also raises for a token that came before: such pages would go round for ever.
    """
    seen = set[str]()
    for page in _pages(client, operation, params):
        if (token := _next_page(page)) in seen:
            raise ReadFailed(f"AWS's pages of {operation} do not end: the token {token!r} came before")
        seen |= {token} - {""}
        yield page


def _pages(client: Any, operation: str, params: Mapping[str, Any]) -> Iterator[Page]:
    if client.can_paginate(operation):
        yield from client.get_paginator(operation).paginate(**params)
        return
    page: Page = getattr(client, operation)(**params)
    yield page
    while operation in WITHOUT_PAGINATOR and page.get("nextToken"):
        page = getattr(client, operation)(**params, nextToken=page["nextToken"])
        yield page
    if _next_page(page):
        raise ReadFailed(f"AWS's answer to {operation} has a next page that is not read")


def _next_page(page: Page) -> str:
    """Return the token of the next page; an empty string after the last one."""
    token = next((page[name] for name in NEXT_PAGE_TOKENS if page.get(name)), "")
    return str(token or (page.get("IsTruncated") and page.get("Marker")) or "")


def has_more(pages: Sequence[Page]) -> bool:
    """Tell whether AWS has more pages than these."""
    return bool(pages and _next_page(pages[-1]))
