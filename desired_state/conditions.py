"""The conditions of a route: what a request must be for the route to take it."""

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Annotated, Any

from pydantic import AfterValidator

from desired_state.absence import Absent, Entries
from desired_state.part import Part, Pattern, ShortForm, WrongValue

# ELB's own alphabets for path and host conditions, * and ? included (ELB user guide, "Condition types").
PathPattern = Annotated[
    str, Pattern(r"[/*?][A-Za-z0-9_\-.$/~\"'@:+&*?]{0,127}", "a path such as /api/*, at most 128 characters")
]
HostPattern = Annotated[
    str,
    Pattern(
        r"(?=.{1,128}$)[A-Za-z0-9.*?-]*\.[A-Za-z]+",
        "a host name such as *.example.com, at most 128 characters, with letters after the last dot",
    ),
]
Method = Annotated[str, Pattern(r"[A-Za-z_-]{1,40}", "an HTTP method such as GET, at most 40 characters")]
HeaderName = Annotated[
    str,
    Pattern(
        r"(?![Hh][Oo][Ss][Tt]$)[A-Za-z0-9!#$%&'+.^_`|~-]{1,40}",
        "a header's name such as X-Env, at most 40 characters; for Host, write `hosts`",
    ),
]
Text = Annotated[
    Annotated[str, Pattern(r"[ -~]{1,128}", "1 to 128 characters of ASCII")],
    ShortForm("text", ("number", "boolean")),
]
AnyOf = Annotated[tuple[Text, ...], ShortForm("values", ("string", "number", "boolean"))]
ANY_KEY = "*"  # of a query


def _validate_range(value: str) -> str:
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise WrongValue("is not a range of addresses, such as 10.0.0.0/8") from None
    if "/" not in value:
        raise WrongValue("has no prefix length, such as /8", [str(network)])
    if str(network) != value:
        raise WrongValue("is not written as usual", [str(network)])
    return value


Range = Annotated[str, AfterValidator(_validate_range)]


class Conditions(Part):
    """The conditions of a route, all of which a request must meet; of each, one value is enough."""

    paths: Annotated[tuple[PathPattern, ...], Absent(())] = ()
    """Path patterns, one of which must match; * and ? are wildcards."""

    hosts: Annotated[tuple[HostPattern, ...], Absent(())] = ()
    """Host name patterns, one of which must match as well."""

    methods: Annotated[tuple[Method, ...], Absent(())] = ()
    """HTTP methods, such as [GET, HEAD], one of which it must have."""

    headers: Annotated[Mapping[HeaderName, AnyOf], Entries(word=False), Absent({})] = {}
    """Patterns of headers by name, such as {X-Env: [blue]}; one pattern of each must match."""

    query: Annotated[Mapping[Text, AnyOf], Entries(word=False), Absent({})] = {}
    """Patterns of the query's values by key, such as {version: [v2]}, or by "*" for any key; one of each
    must match."""

    source: Annotated[tuple[Range, ...], Absent(())] = ()
    """Ranges (CIDR) of addresses, IPv4 or IPv6, one of which the connection must come from; behind a proxy it
    comes from there."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """The values in which * and ? are wildcards."""
        by_name: tuple[Mapping[str, Any], ...] = (self.headers, self.query)
        values = (value for each in by_name for several in each.values() for value in several)
        keys = (key for key in self.query if key != ANY_KEY)
        return (*self.paths, *self.hosts, *values, *keys)

    @property
    def size(self) -> int:
        """The number of values, as AWS counts them: a key of a query and its value are one."""
        several = (*self.headers.values(), *self.query.values())
        return len(self.paths) + len(self.hosts) + len(self.methods) + sum(map(len, several)) + len(self.source)
