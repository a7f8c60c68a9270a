"""Which requests the conditions of a rule let it take, compared with those of others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from itertools import product
from typing import Protocol

from desired_state.patterns import takes_all


class Conditions(Protocol):
    """The conditions of a route, or of a rule in AWS."""

    @property
    def paths(self) -> Iterable[str]: ...
    @property
    def hosts(self) -> Iterable[str]: ...
    @property
    def methods(self) -> Iterable[str]: ...
    @property
    def headers(self) -> Mapping[str, Iterable[str]]: ...
    @property
    def query(self) -> Mapping[str, Iterable[str]]: ...
    @property
    def source(self) -> Iterable[str]: ...
    @property
    def answer(self) -> object: ...


Values = tuple[tuple[str, frozenset[str]], ...]  # patterns by name


@dataclass(frozen=True)
class Requests:
    """The requests that meet all conditions. Only paths and methods have their case (ELB user guide)."""

    hosts: frozenset[str]
    paths: frozenset[str]
    methods: frozenset[str] = frozenset()
    headers: Values = ()
    query: Values = ()
    source: frozenset[str] = frozenset()
    answered: bool = field(default=False, compare=False)  # by the load balancer itself

    def takes(self, host: str, path: str) -> bool:
        """Tell whether its hosts and paths take every request of these two patterns."""
        return any(takes_all(h, host) for h in self.hosts) and any(takes_all(p, path) for p in self.paths)

    def takes_all(self, other: "Requests") -> bool:
        """Tell whether it takes all requests of the other. If it cannot be certain, it says no."""
        pairs = product(other.hosts, other.paths)
        return self.admits(other) and all(self.takes(host, path) for host, path in pairs)

    def takes_some(self, other: "Requests") -> bool:
        """Tell whether it may take all requests of one of the other's paths at one of its hosts, or more."""
        pairs = product(other.hosts, other.paths)
        return self._may_meet(other) and any(self.takes(host, path) for host, path in pairs)

    def admits(self, other: "Requests") -> bool:
        """Tell whether all requests of the other meet the conditions that are neither of hosts nor of paths."""
        methods = not self.methods or (bool(other.methods) and other.methods <= self.methods)
        ranges = not self.source or (bool(other.source) and all(map(self._has_range, other.source)))
        lists = ((self.headers, other.headers), (self.query, other.query))
        return methods and ranges and all(_covers_each(mine, theirs) for mine, theirs in lists)

    def _has_range(self, inner: str) -> bool:
        return any(_is_within(inner, outer) for outer in self.source)

    def _may_meet(self, other: "Requests") -> bool:
        """Tell whether a request may meet these conditions of both: it may have headers of both."""
        methods = not self.methods or not other.methods or bool(self.methods & other.methods)
        pairs = product(self.source, other.source)
        ranges = any(_is_within(a, b) or _is_within(b, a) for a, b in pairs)
        return methods and (ranges or not self.source or not other.source)


def find_requests(of: Conditions) -> Requests:
    """Return the requests that meet these conditions."""
    return Requests(
        frozenset(host.lower() for host in of.hosts) or frozenset("*"),
        frozenset(map(_as_path, of.paths)) or frozenset("*"),
        frozenset(method.upper() for method in of.methods),
        _fold(of.headers),
        _fold(of.query),
        frozenset(of.source),
        of.answer is not None,
    )


def _fold(by_name: Mapping[str, Iterable[str]]) -> Values:
    folded = ((name.lower(), frozenset(value.lower() for value in by_name[name])) for name in by_name)
    return tuple(sorted(folded, key=lambda item: (item[0], sorted(item[1]))))


def _covers_each(mine: Values, theirs: Values) -> bool:
    """Tell whether whatever has the values of `theirs` has those of `mine`."""
    return all(
        any(
            _covers(name, other) and all(any(_covers(v, value) for v in values) for value in others)
            for other, others in theirs
        )
        for name, values in mine
    )


def _covers(pattern: str, other: str) -> bool:
    """Tell whether one pattern takes all that another takes. A backslash makes a wildcard a character."""
    return pattern == other or ("\\" not in pattern + other and takes_all(pattern, other))


def _is_within(inner: str, outer: str) -> bool:
    one, other = ip_network(inner), ip_network(outer)
    return one.version == other.version and one.subnet_of(other)  # type: ignore[arg-type] # of one version


def _as_path(path: str) -> str:
    """Return a pattern that matches the same paths, of which every one begins with a slash."""
    if path == "/*":
        return "*"
    if path.startswith("?"):
        return f"/{path[1:]}"
    return f"/{path}" if path.startswith("*") and path.strip("*?")[:1] not in {"", "/"} else path
