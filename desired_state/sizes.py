"""How the sizes of parts are told, so that a person sees what to shorten."""

from collections.abc import Mapping
from types import MappingProxyType

_PARTS_TOLD = 4
_NO_DETAILS: Mapping[str, str] = MappingProxyType({})


def format_sizes(sizes: Mapping[str, int], details: Mapping[str, str] = _NO_DETAILS) -> str:
    """Return the largest parts with their sizes and details, largest first, and the sum of the others."""
    ordered = sorted(sizes.items(), key=lambda part: -part[1])
    told = [
        f"{name} {size:,}" + (f" ({details[name]})" if name in details else "")
        for name, size in ordered[:_PARTS_TOLD]
    ]
    if others := ordered[_PARTS_TOLD:]:
        told.append(f"{len(others)} more {sum(size for _, size in others):,}")
    return ", ".join(told)
