"""A view on what AWS has: its answers to read requests, each made once, and several at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from threading import Event
from typing import Any, ParamSpec, TypeVar

import structlog

from reconciler.aws.client import Aws
from reconciler.aws.desired import Desired, index_specs
from reconciler.aws.errors import ACCESS_DENIED, matches
from reconciler.aws.jmes import search
from reconciler.aws.parallel import batches, begin, map_in
from reconciler.aws.read_requests import Answers, Asker, Page, has_more
from reconciler.aws.tag_index import TagIndex, parse_index, search_for
from reconciler.aws.turns import Turns
from reconciler.errors import ReadFailed
from reconciler.model.references import Address
from reconciler.model.spec import Spec
from reconciler.model.steps import ErrorMatches

log = structlog.get_logger()

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")
THREADS = 256  # at most; one that waits takes about 20 KiB


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
    pool: ThreadPoolExecutor
    desired: Desired = field(default_factory=Desired)
    destroying: bool = False  # all desired resources are about to be deleted
    directly: frozenset[Address] | None = None
    """The resources that are read without the tagging index, as a plan would change them; None: all are.
    Of the others, the index may say that their tags are as desired."""
    stop: Event | None = None  # once it is set, no request is made; given one, each request is tried only once
    turns: Turns = field(default_factory=Turns)
    only: Spec | None = None
    """The one resource that is of interest, as its call's answer was lost; None: all of them are. Types whose
    names in AWS tell them apart read no others then (see `candidates.find_only`)."""
    seeks_foreign: bool = False  # a drift report also tells what others have in what is ours
    role: str = ""  # ARN of the role by which it asks; empty: with the run's own credentials
    region: str = ""  # that it asks; empty: the run's own
    asks_early: bool = False  # what fails ends no reading: it is told where the answer is wanted
    _answers: Answers = field(default_factory=Answers)

    def pages(
        self, service: str, operation: str, /, path: str, absent: ErrorMatches = (), **params: Any
    ) -> list[Any]:
        """Return the items at JMESPath `path` of all pages, [] on an error in `absent`. Raises `ReadFailed`."""
        found = [search(path, page) for page in self._ask(absent, service, operation, params)]
        return [item for items in found for item in items or () if item is not None]

    def few(self, service: str, operation: str, /, path: str, at_most: int, **params: Any) -> list[Any] | None:
        """Return the items at JMESPath `path` of all pages, or None if AWS has more than `at_most`.

        No further pages are asked for then. Raises `ReadFailed`.
        """
        limit = {"PaginationConfig": {"MaxItems": at_most}}  # botocore's
        found = self._ask((), service, operation, params | limit)
        return None if has_more(found) else [item for page in found for item in search(path, page) or ()]

    def ask(
        self, service: str, operation: str, /, path: str = "@", absent: ErrorMatches = (), **params: Any
    ) -> Any:
        """Return what JMESPath `path` finds in the only page, None on an error in `absent`. Or `ReadFailed`."""
        pages = self._ask(absent, service, operation, params)
        if len(pages) > 1:
            raise ReadFailed(f"{service}.{operation} has more pages than the one that was asked for")
        return search(path, pages[0]) if pages else None

    def _ask(self, absent: ErrorMatches, service: str, operation: str, params: Mapping[str, Any]) -> list[Page]:
        question = repr((service, operation, sorted(params.items()), *filter(None, [self.role, self.region])))
        asker = Asker(self.aws, self.turns, self.stop, self._answers.given_up, self.role, self.region)
        try:
            return self._answers.once(question, lambda: asker.ask(service, operation, params))
        except ReadFailed as e:
            if e.__cause__ and matches(e.__cause__, absent):
                return []
            raise

    def map(self, fn: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Return fn of each item, in order. Several run at a time, also inside another `map`.

        An error ends all reading for this view, unless it asks early.
        """
        tally = self.aws.tally

        def run(item: T) -> R:
            tally.begin_item()
            return fn(item)

        try:
            return map_in(self.pool, run, tally.count_items(items))
        except BaseException as error:  # it is raised below, unless it comes of another one
            if self.asks_early:
                raise
            failure = self._answers.give_up(error)
        raise failure

    def meanwhile(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Callable[[], R]:
        """Begin a call in another thread, and return a function that waits for its result."""
        return begin(self.pool, partial(fn, *args, **kwargs))

    def ahead(self, fn: Callable[[T], object], items: Iterable[T]) -> None:
        """Begin to ask what will be wanted of each item. What fails is told where its answer is wanted."""
        begin(self.pool, partial(map_in, self.pool, fn, items))

    def in_batches(self, fn: Callable[[list[T]], Iterable[R]], items: Iterable[T], size: int) -> list[R]:
        """Call fn with batches of `size` items, and return its results in one list, in order."""
        return [found for batch in self.map(fn, batches(items, size)) for found in batch]

    @cached_property
    def index(self) -> TagIndex | None:
        """The tagging index of our stack; None if the credentials do not allow to ask for it.

        What is ours under other names is not found then.
        """
        return self._answers.once("the tagging index", self._ask_index)

    def _ask_index(self) -> TagIndex | None:
        params = search_for(self.stack.name)
        pages = self._ask(ACCESS_DENIED, "resourcegroupstaggingapi", "get_resources", params)
        if not pages:
            log.warning("not allowed", operation="tag:GetResources", missed="what is ours under other names")
            return None
        return parse_index(pages)

    def for_specs(self, wanted: Iterable[Spec]) -> "Reads":
        """Return this view with other desired specs. It shares the answers that it has."""
        return replace(self, desired=index_specs(wanted))

    def assuming(self, role: str | None) -> "Reads":
        """Return this view as a role has it, given its ARN; this one if there is none."""
        return replace(self, role=role) if role else self

    def in_region(self, region: str) -> "Reads":
        """Return this view on another region, or on this one."""
        return replace(self, region="" if region == self.aws.region else region)

    def fresh(self, stop: Event | None = None, only: Spec | None = None) -> "Reads":
        """Return a new view without answers, which reads directly. Once `stop` is set, it makes no requests.

        `only`: the one resource that is of interest.
        """
        return replace(self, directly=None, stop=stop, only=only, _answers=Answers())


@contextmanager
def open_reads(
    aws: Aws, stack: Stack, wanted: Iterable[Spec] = (), turns: Turns | None = None, threads: int = THREADS
) -> Iterator[Reads]:
    """Open a view on AWS for these desired specs. At most so many threads read, beside their callers."""
    answers = Answers()
    with ThreadPoolExecutor(threads, "read") as pool:
        try:
            yield Reads(aws, stack, pool, index_specs(wanted), turns=turns or Turns(), _answers=answers)
        finally:
            answers.given_up.set()  # nobody waits for what is still being read
