"""A view on what AWS has: read requests, and which resources are worth one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from re import Pattern, compile, escape  # noqa: A004
from threading import Event
from typing import Any, TypeVar, cast

import structlog

from reconciler.aws.client import Aws
from reconciler.aws.errors import ACCESS_DENIED, matches
from reconciler.aws.jmes import search
from reconciler.aws.parallel import map_in
from reconciler.aws.rates import Turns
from reconciler.aws.read_requests import Answers, Asker, Page
from reconciler.errors import ReadFailed
from reconciler.model.spec import S, Spec, parts
from reconciler.model.steps import ErrorMatches
from reconciler.model.tags import STACK

log = structlog.get_logger()

T = TypeVar("T")
R = TypeVar("R")
TAGGED_ARNS = "ResourceTagMappingList[].ResourceARN"
QUESTIONS_AT_ONCE = 16


@dataclass(frozen=True)
class Stack:
    """The stack that resources belong to."""

    name: str  # <platform>/<environment>/<region>
    suffix: str  # how the physical names of its resources end


@dataclass
class Reads:
    """A view on what AWS has at one time. Threads may share it."""

    aws: Aws
    stack: Stack
    desired: Mapping[str, Mapping[str, Spec]]  # kind -> name in the plan -> spec
    pool: ThreadPoolExecutor
    destroying: bool = False  # all desired resources are about to be deleted
    stop: Event | None = None  # once it is set, no request is made; given one, each request is tried only once
    turns: Turns = field(default_factory=Turns)
    _answers: Answers = field(default_factory=Answers)

    def pages(
        self, service: str, operation: str, /, path: str, absent: ErrorMatches = (), **params: Any
    ) -> list[Any]:
        """Return the items at JMESPath `path` of all pages, [] on an error in `absent`. Raises `ReadFailed`."""
        found = [search(path, page) for page in self._ask(absent, service, operation, params)]
        return [item for items in found for item in items or () if item is not None]

    def ask(
        self, service: str, operation: str, /, path: str = "@", absent: ErrorMatches = (), **params: Any
    ) -> Any:
        """Return what JMESPath `path` finds in the only page, None on an error in `absent`. Or `ReadFailed`."""
        pages = self._ask(absent, service, operation, params)
        if len(pages) > 1:
            raise ReadFailed(f"{service}.{operation} has more pages than the one that was asked for")
        return search(path, pages[0]) if pages else None

    def _ask(self, absent: ErrorMatches, service: str, operation: str, params: Mapping[str, Any]) -> list[Page]:
        question = repr((service, operation, sorted(params.items())))
        asker = Asker(self.aws, self.turns, self.stop)
        try:
            return self._answers.once(question, lambda: asker.ask(service, operation, params))
        except ReadFailed as e:
            if e.__cause__ and matches(e.__cause__, absent):
                return []
            raise

    def map(self, fn: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Return fn of each item, in order. Several run at a time, but one by one inside another `map`."""
        tally = self.aws.tally

        def run(item: T) -> R:
            tally.begin_item()
            return fn(item)

        return map_in(self.pool, run, tally.count_items(items))

    def in_batches(self, fn: Callable[[list[T]], Iterable[R]], items: Iterable[T], size: int) -> list[R]:
        """Call fn with batches of `size` items, and return its results in one list, in order."""
        return [found for batch in self.map(fn, batches(items, size)) for found in batch]

    def wanted(self, cls: type[S]) -> Mapping[str, S]:
        """Return the desired specs of this type, by their names in the plan."""
        return cast("Mapping[str, S]", self.desired.get(cls.kind, {}))

    def names(self, kind: str) -> frozenset[str]:
        """Return the physical names of the desired resources of this kind."""
        return self._names.get(kind, frozenset())

    def is_kept(self, kind: str, name: str) -> bool:
        """Tell whether the resource with this physical name is desired and not about to be destroyed."""
        return not self.destroying and name in self.names(kind)

    def is_candidate(self, kind: str, name: str, arn: str | None = None) -> bool:
        """Tell whether a resource may be ours, by its name (desired or with the stack's suffix) or tags."""
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
        """The ARNs that the tagging API finds under our stack, as candidates: it lags and lacks some kinds.

        Empty if the credentials do not allow it: resources of ours under other names are not found then.
        """
        where = [{"Key": STACK, "Values": [self.stack.name]}]
        params: dict[str, Any] = {"TagFilters": where, "ResourcesPerPage": 100}
        pages = self._ask(ACCESS_DENIED, "resourcegroupstaggingapi", "get_resources", params)
        if not pages:
            log.warning("not allowed", operation="tag:GetResources", missed="what is ours under other names")
        return frozenset(arn for page in pages for arn in search(TAGGED_ARNS, page) or ())

    def for_specs(self, wanted: Iterable[Spec]) -> "Reads":
        """Return this view with other desired specs. It shares the answers that it has."""
        by_kind: dict[str, dict[str, Spec]] = {}
        for spec in parts(wanted).values():
            by_kind.setdefault(spec.kind, {})[spec.name] = spec
        return replace(self, desired=by_kind)

    def fresh(self, stop: Event | None = None) -> "Reads":
        """Return a new view without answers. Once `stop` is set, it makes no requests."""
        return Reads(self.aws, self.stack, self.desired, self.pool, self.destroying, stop, self.turns)


def batches(items: Iterable[T], size: int) -> list[list[T]]:
    """Return the items in lists of at most `size`."""
    found = list(items)
    return [found[i : i + size] for i in range(0, len(found), size)]


@contextmanager
def open_reads(
    aws: Aws, stack: Stack, wanted: Iterable[Spec] = (), turns: Turns | None = None
) -> Iterator[Reads]:
    """Open a view on AWS for these desired specs."""
    with ThreadPoolExecutor(QUESTIONS_AT_ONCE, "read") as pool:
        yield Reads(aws, stack, {}, pool, turns=turns or Turns()).for_specs(wanted)
