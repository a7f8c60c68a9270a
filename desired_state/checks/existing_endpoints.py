"""Endpoints in a VPC that exists act on all that is in it, which the file has to allow by name."""

from collections.abc import Iterator, Sequence

from desired_state.checks.violation import Violation
from desired_state.endpoints import GATEWAYS, GROUPS, find_needed
from desired_state.network import Network
from desired_state.platform import Platform
from desired_state.tree import KeyPath

_WHERE: KeyPath = ("network", "endpoints")
_ALLOW: KeyPath = ("network", "existing", "allow")


_EFFECTS = {  # key of `allow` -> what endpoints do to the VPC, how that is allowed, and the endpoints
    "route_tables": (
        "would write routes into route tables",
        "name these in `network.existing.allow.route_tables`",
        "gateway (s3, dynamodb)",
    ),
    "private_dns": (
        "would take the names of AWS services for everything",
        "write `private_dns: true` in `network.existing.allow`",
        "interface",
    ),
}


def check_existing_endpoints(platform: Platform) -> Iterator[Violation]:
    """Check that what endpoints add to a VPC that exists is allowed, and that nothing else is."""
    network = platform.network
    if network.existing is None:
        return
    if network.endpoints == "auto":
        yield Violation(_WHERE, _ask_for_names(platform), depends_on=(("network", "existing"),))
        return
    gateways, interfaces = _split(network)
    allow = network.existing.allow
    yield from _check_one("route_tables", gateways, allowed=bool(allow.route_tables))
    yield from _check_one("private_dns", interfaces, allowed=allow.private_dns)
    for index, own_id in enumerate(allow.route_tables):
        if own_id in allow.route_tables[:index]:
            yield Violation((*_ALLOW, "route_tables", index), f"{own_id} is there twice")


def _check_one(key: str, words: Sequence[str], *, allowed: bool) -> Iterator[Violation]:
    effect, remedy, kind = _EFFECTS[key]
    if words and not allowed:
        message = f"{', '.join(words)} {effect} in a VPC that exists: {remedy}, or leave it out"
        yield Violation(_WHERE, message, depends_on=(_ALLOW,))
    if allowed and not words:
        message = f"nothing would use it: `network.endpoints` has no {kind} endpoint; leave it out"
        yield Violation((*_ALLOW, key), message, depends_on=(_WHERE,))


def _split(network: Network) -> tuple[Sequence[str], Sequence[str]]:
    """Return the words of the file for gateways, and those for interfaces."""
    gateways = [word for word in network.endpoints if word in GATEWAYS]
    return gateways, [word for word in network.endpoints if word not in GATEWAYS]


def _ask_for_names(platform: Platform) -> str:
    words = {name: word for word, names in GROUPS.items() for name in names}
    needed = ", ".join(dict.fromkeys(words.get(name, name) for name in find_needed(platform)))
    told = f"; tasks without NAT need [{needed}]" if needed else ""
    return f"auto is for a network of this stack's own: in one that exists, name those that it lacks{told}"
