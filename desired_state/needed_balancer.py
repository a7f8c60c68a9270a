"""Whether a file that does not speak of `load_balancer` needs one: a route would lead to none of the others."""

from collections.abc import Iterator, Mapping
from typing import Any

from desired_state.absence import is_none
from desired_state.load_balancer import NETWORK, PUBLIC_SCHEME


def needs_singular(data: Mapping[str, Any]) -> bool:
    """Tell whether a route names no load balancer, and none that the file names is for such routes.

    `data` are the values of a Platform, validated or not: what is no mapping or list is a mistake told later.
    """
    names_none = any(_get(route, "load_balancer") is None for route in _list_routes(data.get("services")))
    written = [one for one in _entries(data.get("load_balancers")) if not is_none(one)]
    others = [one for one in written if _get(one, "type") != NETWORK]  # a network one has to be named
    return names_none and not any((_get(one, "scheme") or PUBLIC_SCHEME) == PUBLIC_SCHEME for one in others)


def _list_routes(services: Any) -> Iterator[Any]:
    for service in _entries(services):
        routes = _get(service, "routes")
        yield from routes if isinstance(routes, list | tuple) else ()


def _entries(written: Any) -> Iterator[Any]:
    yield from written.values() if isinstance(written, Mapping) else ()


def _get(part: Any, key: str) -> Any:
    """Return a value of a part of the file, validated or not."""
    return part.get(key) if isinstance(part, Mapping) else getattr(part, key, None)
