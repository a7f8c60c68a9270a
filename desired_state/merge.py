"""Merging overlays and defaults: mappings are merged deeply, lists are replaced whole, null is a value."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from desired_state.absence import is_none
from desired_state.env_files import Variables
from desired_state.mistakes import Mistake
from desired_state.tree import KeyPath, Located, find, put

# Mappings whose keys are names that people choose; a bare name in one is more likely a slip than a removal.
NAMED_PARTS: tuple[KeyPath, ...] = (
    ("services",),
    ("load_balancer", "listeners"),
    ("load_balancers",),
    ("cluster", "capacity_providers"),
    ("network", "subnets"),
)
# The same in a service, and what is right there. `docker compose` would take a variable from the shell.
_BARE_ENTRIES: Mapping[KeyPath, str] = {
    ("environment",): 'write "" for an empty text',
    ("secrets",): 'write "" for an empty text',
    ("ports",): "give the port's number",
    ("scaling", "schedules"): "give its cron, min and max",
}


def merge(base: Located, over: Located) -> Located:
    """Merge `over` onto `base`. A null stays: it removes also what defaults say that are merged in later.

    A mapping that a short form stands for has a text, and replaces the one below whole, as any scalar does.
    """
    if not isinstance(base.value, dict) or not isinstance(over.value, dict) or over.text:
        return over
    given = {key for key, node in over.value.items() if node.value is not None}
    choices = [keys for keys in _find_exclusive_keys(over.where) if keys & given]
    settled = set[str]().union(_find_settled_ports(over), *choices) - over.value.keys()
    rest = {key: node for key, node in base.value.items() if key not in settled}
    merged = {key: merge(rest[key], node) if key in rest else node for key, node in over.value.items()}
    return replace(over, value=rest | merged)


def _find_exclusive_keys(where: KeyPath) -> tuple[set[str], ...]:
    """Return sets of keys of this mapping that exclude each other: one in `over` removes the others below."""
    match where:
        case ("services", _, "image") | ("service_defaults", "image"):
            return {"tag", "digest", "uri"}, {"repository", "uri"}
        case ("services", _, "secrets", _) | ("service_defaults", "secrets", _):
            return ({"value_from", "secret"},)
        case ("load_balancer", "listeners", _) | ("load_balancers", _, "listeners", _):
            return ({"default", "redirect"},)
    return ()


def _find_settled_ports(over: Located) -> set[str]:
    """Return the keys of a service below for its ports that are gone: a `port`, even none, says it for all."""
    match over.where:
        case ("services", _) | ("service_defaults",):
            ports = over.child("ports")
            if over.child("port"):
                return set() if ports else {"ports"}
            return {"port"} if ports and not is_none(ports.value) else set()
    return set()


def apply_service_defaults(tree: Located) -> Located:
    """Merge service_defaults under each service, and remove them from the tree."""
    services, defaults = tree.child("services"), tree.child("service_defaults")
    if services and defaults and isinstance(services.value, dict) and not is_none(defaults.value):
        named = services.value.items()
        merged = {name: node if node.value is None else merge(defaults, node) for name, node in named}
        tree = put(tree, ("services",), replace(services, value=merged))
    return put(tree, ("service_defaults",), None)


def find_ineffective_settings(tree: Located) -> Iterator[Mistake]:
    """Yield a mistake for each load balancer setting without routes, and for routes without a health check."""
    services, defaults = find(tree, ("services",)).value, find(tree, ("service_defaults", "routes"))
    for service in services.values() if isinstance(services, dict) else ():
        routes = service.child("routes") or defaults
        for key in ("health_check", "deregistration_delay", "slow_start", "algorithm"):
            node = service.child(key)
            if node and not is_none(node.value) and is_none(routes.value):
                yield node.mistake("has no effect: only services with routes are behind the load balancer")
            elif node and key == "health_check" and is_none(node.value) and not is_none(routes.value):
                yield node.mistake("cannot be absent where there are routes: a load balancer always checks")


def is_named_part(where: KeyPath) -> bool:
    """Tell whether the keys of the mapping at a path are names that people choose."""
    match where:
        case ("load_balancers", _, "listeners"):
            return True
    return where in NAMED_PARTS


def _list_named_parts(base: Located, over: Located | None) -> Iterator[KeyPath]:
    yield from NAMED_PARTS
    several: KeyPath = ("load_balancers",)
    for key in sorted(_list_names(base, several) | _list_names(over, several), key=str):
        yield (*several, key, "listeners")


def find_bare_names(base: Located, over: Located | None, in_files: Variables) -> Iterator[Mistake]:
    """Yield a mistake for each name with nothing after it, unless it removes one that is known without it.

    `in_files` are the variables in files of their own, which may be removed as well.
    """
    if over and (services := over.child("services")) and is_none(services.value):
        yield services.mistake("has nothing after it, which would remove every service; name those to remove")
    for where in _list_named_parts(base, over):
        for tree, removable in ((base, set[str]()), (over, _list_names(base, where))):
            if tree is over and where == ("services",):
                continue  # see overlays.find_unknown_services
            for name, node in _get_entries(tree, where).items():
                if is_none(node.value) and name not in removable:
                    yield node.mistake("has nothing after it; write {} for what the defaults say")
    yield from _find_bare_entries(base, None, in_files)
    if over:
        yield from _find_bare_entries(over, base, in_files)


def _find_bare_entries(tree: Located, below: Located | None, in_files: Variables) -> Iterator[Mistake]:
    """Yield a mistake for each entry of a service's mappings by name that has no value and removes nothing."""
    for kind, right in _BARE_ENTRIES.items():
        shared: KeyPath = ("service_defaults", *kind)
        for service in _get_entries(tree, ("services",)):
            own: KeyPath = ("services", service, *kind)
            removable = _list_names(tree, shared) | _list_names(below, shared) | _list_names(below, own)
            removable |= set(in_files.get(service, ()))
            for name, node in _get_entries(tree, own).items():
                if node.value is None and name not in removable:
                    yield node.mistake(f"has nothing after it; {right}, or leave it out")


def _list_names(tree: Located | None, where: KeyPath) -> set[str]:
    return set(_get_entries(tree, where))


def _get_entries(tree: Located | None, where: KeyPath) -> dict[str, Located]:
    found = find(tree, where).value if tree else None
    return found if isinstance(found, dict) else {}
