"""Lag in Cloud Map: lists miss a new namespace or service."""

from functools import partial
from typing import Any

from moto.servicediscovery.models import ServiceDiscoveryBackend

from reconciler.sandbox.lag.freshness import make_fresh, read_misses
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(ServiceDiscoveryBackend, "create_service", _create_fresh_service)
    for action, around in _LISTS:
        wrap(ServiceDiscoveryBackend, action, around)


def _create_fresh_service(original: Any, discovery: Any, **wanted: Any) -> Any:
    service = original(discovery, **wanted)
    make_fresh(discovery, "discovery", service.id)
    return service


def _list_seen(kind: str, original: Any, discovery: Any) -> Any:
    return [item for item in original(discovery) if not read_misses(discovery, kind, item.id)]


_LISTS = (
    ("list_services", partial(_list_seen, "discovery")),
    ("list_namespaces", partial(_list_seen, "namespace")),
)
