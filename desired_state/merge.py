"""Merging overlays and defaults: mappings are merged deeply, lists are replaced whole, null removes."""

from collections.abc import Iterator
from dataclasses import replace

from desired_state.mistakes import Mistake
from desired_state.tree import KeyPath, Located, find, put

# Mappings whose keys are names that people choose; a bare name in one is more likely a slip than a removal.
NAMED_PARTS: tuple[KeyPath, ...] = (
    ("services",),
    ("load_balancer", "listeners"),
    ("cluster", "capacity_providers"),
    ("network", "subnets"),
)


def merge(base: Located, over: Located) -> Located:
    """Merge `over` onto `base`. Keep nulls, so that they remove defaults merged in later; see remove_nulls."""
    if not isinstance(base.value, dict) or not isinstance(over.value, dict):
        return over
    choices = _find_exclusive_keys(over.where)
    settled = choices if choices & over.value.keys() else set()
    rest = {key: node for key, node in base.value.items() if key not in settled}
    merged = {key: merge(rest[key], node) if key in rest else node for key, node in over.value.items()}
    return replace(over, value=rest | merged)


def _find_exclusive_keys(where: KeyPath) -> set[str]:
    """Return the keys of this mapping that exclude each other: one in `over` removes the others from `base`."""
    match where:
        case ("services", _, "image") | ("service_defaults", "image"):
            return {"tag", "digest", "uri"}
        case ("load_balancer", "listeners", _):
            return {"default", "redirect"}
    return set()


def apply_service_defaults(tree: Located) -> Located:
    """Merge service_defaults under each service, and remove them from the tree."""
    services, defaults = tree.child("services"), tree.child("service_defaults")
    if services and defaults and isinstance(services.value, dict):
        named = services.value.items()
        merged = {name: node if node.value is None else merge(defaults, node) for name, node in named}
        tree = put(tree, ("services",), replace(services, value=merged))
    return put(tree, ("service_defaults",), None)


def remove_nulls(node: Located) -> Located:
    """Remove the keys that are set to null, at any depth."""
    match node.value:
        case dict():
            values = {key: remove_nulls(child) for key, child in node.value.items() if child.value is not None}
            return replace(node, value=values)
        case tuple():
            return replace(node, value=tuple(map(remove_nulls, node.value)))
    return node


def find_ineffective_settings(tree: Located) -> Iterator[Mistake]:
    """Yield a mistake for each load balancer setting of a service that has no routes."""
    services, defaults = find(tree, ("services",)).value, find(tree, ("service_defaults", "routes")).value
    for service in services.values() if isinstance(services, dict) else ():
        for key in ("health_check", "deregistration_delay"):
            node = service.child(key)
            if node and node.value is not None and not (service.child("routes") or defaults):
                yield node.mistake("has no effect: only services with routes are behind the load balancer")


def find_bare_names(base: Located, over: Located | None) -> Iterator[Mistake]:
    """Yield a mistake for each name with nothing after it, unless an overlay removes a known one with it."""
    if over and (services := over.child("services")) and services.value is None:
        yield services.mistake("has nothing after it, which would remove every service; name those to remove")
    for where in NAMED_PARTS:
        known = find(base, where).value
        known = known if isinstance(known, dict) else {}
        for tree, removable in ((base, {}), (over, known)):
            named = find(tree, where).value if tree else None
            for name, node in named.items() if isinstance(named, dict) else ():
                if node.value is None and name not in removable:
                    yield node.mistake("has nothing after it; write {} for what the defaults say")
