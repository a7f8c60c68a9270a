"""Eventual consistency: AWS answers from replicas, some of which do not yet know a new resource.

A new resource is fresh for up to `profile.lag` virtual seconds. Until then most reads miss it, and a read may
miss it after another one has seen it (terraform-provider-aws waits until it has seen some several times).
"""

from typing import Any

from reconciler.sandbox.chance import draw
from reconciler.sandbox.world import current

MISSED_BY_READS = 0.7  # rate of reads that do not see a fresh resource
MISSED_BY_WRITES = 0.25  # rate of writes that are refused because a fresh resource that they name is not found


def make_fresh(backend: Any, kind: str, name: str) -> None:
    """Record on moto's backend, where a reset clears it, that this resource was created just now."""
    lag = current().profile.lag
    if lag:
        settled: dict[str, float] = backend.__dict__.setdefault("settled_at", {})
        settled[name] = current().clock.now() + lag * draw("lag", kind)


def settle(backend: Any, *names: str) -> None:
    """Let every replica know these resources: they stand for what was there long ago."""
    for name in names:
        backend.__dict__.get("settled_at", {}).pop(name, None)


def is_fresh(backend: Any, name: str) -> bool:
    """Tell whether some replicas do not know the resource yet."""
    settled_at = backend.__dict__.get("settled_at", {}).get(name, 0.0)
    return bool(current().clock.now() < settled_at)


def read_misses(backend: Any, kind: str, name: str) -> bool:
    """Draw whether this read does not see the resource."""
    return is_fresh(backend, name) and draw("read", kind) < MISSED_BY_READS


def write_misses(backend: Any, kind: str, name: str) -> bool:
    """Draw whether this write does not find the resource."""
    return is_fresh(backend, name) and draw("write", kind) < MISSED_BY_WRITES
