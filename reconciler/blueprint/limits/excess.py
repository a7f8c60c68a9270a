"""A limit that is exceeded, and how the sizes of parts are told."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from desired_state.tree import KeyPath

PARTS_TOLD = 4
NO_DETAILS: Mapping[str, str] = MappingProxyType({})


class Excess(NamedTuple):
    """A limit that the platform exceeds, at the value that a person has to shorten."""

    where: KeyPath
    message: str


def format_sizes(sizes: Mapping[str, int], details: Mapping[str, str] = NO_DETAILS) -> str:
    """Return the largest parts with their sizes and details, largest first, and the sum of the others."""
    ordered = sorted(sizes.items(), key=lambda part: -part[1])
    told = [
        f"{name} {size:,}" + (f" ({details[name]})" if name in details else "")
        for name, size in ordered[:PARTS_TOLD]
    ]
    if others := ordered[PARTS_TOLD:]:
        told.append(f"{len(others)} more {sum(size for _, size in others):,}")
    return ", ".join(told)
