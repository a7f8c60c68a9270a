"""Reads that do not see yet what was made a moment ago: AWS answers from replicas that follow one another.

A new thing is settled after up to `profile.lag` virtual seconds. Until then most reads miss it, and one that saw it
proves nothing of the next (aws-facts 0.2: "seen N times running").
"""

from typing import Any

from reconciler.sandbox.chance import draw
from reconciler.sandbox.world import current

MISSED_BY_READS = 0.7  # rate of reads that miss what is not settled
MISSED_BY_WRITES = 0.25  # rate of writes that are told that what they name is not there


def make_fresh(backend: Any, kind: str, name: str) -> None:
    """It was made just now. Kept on moto's backend, so that a reset clears it."""
    lag = current().profile.lag
    if lag:
        settled: dict[str, float] = backend.__dict__.setdefault("settled_at", {})
        settled[name] = current().clock.now() + lag * draw("lag", kind)


def is_fresh(backend: Any, name: str) -> bool:
    settled_at = backend.__dict__.get("settled_at", {}).get(name, 0.0)
    return bool(current().clock.now() < settled_at)


def missed(backend: Any, kind: str, name: str) -> bool:
    """Whether this read does not see it."""
    return is_fresh(backend, name) and draw("read", kind) < MISSED_BY_READS


def refused(backend: Any, kind: str, name: str) -> bool:
    """Whether this write is told that it is not there."""
    return is_fresh(backend, name) and draw("write", kind) < MISSED_BY_WRITES
