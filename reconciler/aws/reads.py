"""What AWS says, each question asked once a run, all of it or an error."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from re import Pattern, compile, escape  # noqa: A004
from threading import Event, Lock
from typing import Any, TypeVar, cast

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from reconciler.aws.client import Aws
from reconciler.aws.errors import code, matches, message
from reconciler.aws.jmes import search
from reconciler.aws.rates import Turns
from reconciler.errors import ReadFailed, Stopped
from reconciler.model.spec import S, Spec, parts
from reconciler.model.steps import ErrorMatches
from reconciler.model.tags import STACK

log = structlog.get_logger()

T = TypeVar("T")
R = TypeVar("R")
Page = dict[str, Any]  # one answer of AWS's
DENIED = ("AccessDenied", "UnauthorizedOperation")
ARNS = "ResourceTagMappingList[].ResourceARN"
IN_FLIGHT = 16  # questions to AWS at a time
BY_HAND = frozenset({"list_service_deployments"})  # has pages, and no paginator of botocore's
TOKENS = ("NextToken", "nextToken", "NextMarker", "Marker")


@dataclass(frozen=True)
class Stack:
    """Whose resources these are, and how their physical names end."""

    name: str  # <platform>/<environment>/<region>
    suffix: str


@dataclass
class Reads:
    """A view on AWS at one time. Threads may share it."""

    aws: Aws
    stack: Stack
    desired: Mapping[str, Mapping[str, Spec]]  # kind -> name in the plan -> spec
    pool: ThreadPoolExecutor
    destroying: bool = False  # all that is wanted is to go: a destroy
    stop: Event | None = None  # given, nothing is asked once it is set, and nothing twice
    turns: Turns = field(default_factory=Turns)
    _answers: dict[str, list[Page] | ReadFailed] = field(default_factory=dict)
    _asking: dict[str, Lock] = field(default_factory=dict)  # who asks the same waits for the first one's answer
    _lock: Lock = field(default_factory=Lock)

    def pages(
        self, service: str, operation: str, /, path: str, absent: ErrorMatches = (), **params: Any
    ) -> list[Any]:
        """Every item at JMESPath `path`, over all pages; none where AWS refuses in an `absent` way. Raises `ReadFailed`."""
        found = [search(path, page) for page in self._unless(absent, service, operation, params)]
        return [item for items in found for item in items or () if item is not None]

    def ask(
        self, service: str, operation: str, /, path: str = "@", absent: ErrorMatches = (), **params: Any
    ) -> Any:
        """What JMESPath `path` finds in the answer; None where AWS refuses in an `absent` way. Raises `ReadFailed`."""
        pages = self._unless(absent, service, operation, params)
        if len(pages) > 1:
            raise ReadFailed(f"{service}.{operation} has more pages than the one that was asked for")
        return search(path, pages[0]) if pages else None

    def _unless(
        self, absent: ErrorMatches, service: str, operation: str, params: Mapping[str, Any]
    ) -> list[Page]:
        try:
            return self._once(service, operation, params)
        except ReadFailed as e:
            if e.__cause__ and matches(e.__cause__, absent):
                return []
            raise

    def map(self, fn: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Fn of each item, in order, several at a time. `fn` must not itself call `map`."""
        return list(self.pool.map(fn, items))

    def in_batches(self, fn: Callable[[list[T]], Iterable[R]], items: Iterable[T], size: int) -> list[R]:
        """What fn gives for each batch of `size` items, together."""
        return [found for batch in self.map(fn, batches(items, size)) for found in batch]

    def wanted(self, cls: type[S]) -> Mapping[str, S]:
        """Return the desired specs of this type, by their names in the plan."""
        return cast("Mapping[str, S]", self.desired.get(cls.kind, {}))

    def names(self, kind: str) -> frozenset[str]:
        """What AWS would call the wanted ones of this kind."""
        return self._names.get(kind, frozenset())

    def is_kept(self, kind: str, name: str) -> bool:
        """Whether what AWS calls so is wanted, and not about to be destroyed."""
        return not self.destroying and name in self.names(kind)

    def is_candidate(self, kind: str, name: str, arn: str | None = None) -> bool:
        """Whether it is worth asking whose it is: it is wanted, bears the stack's suffix, or is known to be tagged."""
        fits = self._fitting.search(name) is not None
        return fits or name in self.names(kind) or (arn is not None and arn in self.tagged)

    @cached_property
    def _names(self) -> dict[str, frozenset[str]]:
        return {k: frozenset(s.physical_name for s in specs.values()) for k, specs in self.desired.items()}

    @cached_property
    def _fitting(self) -> Pattern[str]:
        return compile(rf"(^|[^0-9A-Za-z]){escape(self.stack.suffix)}($|[^0-9A-Za-z])")

    @cached_property
    def tagged(self) -> frozenset[str]:
        """ARNs that the tagging API knows under our stack: candidates only, as it lags and does not know every kind.

        Where it may not be asked, what is ours and bears none of our names is not found.
        """
        where = [{"Key": STACK, "Values": [self.stack.name]}]
        asked: dict[str, Any] = {"TagFilters": where, "ResourcesPerPage": 100}
        pages = self._unless(DENIED, "resourcegroupstaggingapi", "get_resources", asked)
        if not pages:
            log.warning("not allowed", operation="tag:GetResources", missed="what is ours under other names")
        return frozenset(arn for page in pages for arn in search(ARNS, page) or ())

    def for_specs(self, wanted: Iterable[Spec]) -> "Reads":
        """The same view, for those who want these specs; what was asked already is not asked again."""
        by_kind: dict[str, dict[str, Spec]] = {}
        for spec in parts(wanted).values():
            by_kind.setdefault(spec.kind, {})[spec.name] = spec
        return replace(self, desired=by_kind)

    def fresh(self, stop: Event | None = None) -> "Reads":
        """The same view, at a later time."""
        return Reads(self.aws, self.stack, self.desired, self.pool, self.destroying, stop, self.turns)

    def _once(self, service: str, operation: str, params: Mapping[str, Any]) -> list[Page]:
        key = repr((service, operation, sorted(params.items())))
        with self._lock:
            asking = self._asking.setdefault(key, Lock())
        with asking:
            if key not in self._answers:
                try:
                    self._answers[key] = self._ask(service, operation, params)
                except ReadFailed as e:
                    self._answers[key] = e
        answer = self._answers[key]
        if isinstance(answer, ReadFailed):
            raise answer
        return answer

    def _ask(self, service: str, operation: str, params: Mapping[str, Any]) -> list[Page]:
        found: list[Page] = []
        try:
            self._wait(service, operation)
            client = self.aws.until(self.stop) if self.stop else self.aws.client
            for page in _answers(client(service), operation, params):
                if found:  # each page is a call: that a further one was made shows when it is there
                    self._wait(service, operation)
                found.append(page)
                self._go_on()
        except Stopped as e:
            raise ReadFailed(str(e)) from e
        except (ClientError, BotoCoreError, ResponseParserError) as e:
            told = f"AWS did not answer {service}.{operation}: {code(e)}: {message(e)}"
            raise ReadFailed(told, service) from e
        return found

    def _wait(self, service: str, operation: str) -> None:
        self._go_on()
        self.turns.wait(service, operation, self.stop)
        self._go_on()

    def _go_on(self) -> None:
        if self.stop and self.stop.is_set():
            raise ReadFailed("stopped")


def _answers(client: Any, operation: str, params: Mapping[str, Any]) -> Iterator[Page]:
    """All pages of the answer: part of a list would be taken for all of it."""
    if client.can_paginate(operation):
        yield from client.get_paginator(operation).paginate(**params)
        return
    page: Page = getattr(client, operation)(**params)
    yield page
    while operation in BY_HAND and page.get("nextToken"):
        page = getattr(client, operation)(**params, nextToken=page["nextToken"])
        yield page
    if any(page.get(token) for token in TOKENS):
        raise ReadFailed(f"AWS's answer to {operation} has a next page that is not read")


def batches(items: Iterable[T], size: int) -> list[list[T]]:
    """The items in lists of at most `size`."""
    found: Sequence[T] = list(items)
    return [list(found[i : i + size]) for i in range(0, len(found), size)]


@contextmanager
def open_reads(
    aws: Aws, stack: Stack, wanted: Iterable[Spec] = (), turns: Turns | None = None
) -> Iterator[Reads]:
    """A view on AWS for those who want these specs."""
    with ThreadPoolExecutor(IN_FLIGHT, "read") as pool:
        yield Reads(aws, stack, {}, pool, turns=turns or Turns()).for_specs(wanted)
