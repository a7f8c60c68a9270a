"""The environment that is asked for, and the one that may be meant instead."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path

from desired_state.overlays import OVERLAYS
from desired_state.tree import Located, Position, put

_NEAR = 0.65  # of 1 for equal names: prd is nearer than this to prod, qa is farther from uat


def choose_environment(base: Located, argument: str | None, environ: Mapping[str, str]) -> Located:
    """Return the tree with the environment that is asked for: --env, RECONCILER_ENV or the file's own."""
    if argument is not None:
        return set_from_outside(base, "environment", argument, "--env")
    if variable := environ.get("RECONCILER_ENV"):
        return set_from_outside(base, "environment", variable, "RECONCILER_ENV")
    return base


def set_from_outside(tree: Located, key: str, value: str, source: str) -> Located:
    """Return the tree with a value that comes from outside of the files; its position has line 0."""
    return put(tree, (key,), Located(value, Position(source, 0, 0), (key,), value))


def find_near_environment(path: Path, own: str | None, name: str) -> str | None:
    """Return the environment that is near to a name without an overlay: one that has one, or the file's own."""
    overlays = _list_environments(path)
    others = [] if name in overlays else [*overlays, own]
    return next((other for other in others if other and other != name and _are_near(name, other)), None)


def _are_near(one: str, other: str) -> bool:
    """Tell whether one name may be a slip of the other. Those of a series, and parts of a name, are meant."""
    in_series = re.sub(r"\d", "", one) == re.sub(r"\d", "", other)  # dev1, dev2
    if in_series or one in other.split("-") or other in one.split("-"):  # dev-anna
        return False
    begins = one.startswith(other) or other.startswith(one)  # production, prod
    return begins or SequenceMatcher(None, one, other).ratio() >= _NEAR


def _list_environments(path: Path) -> list[str]:
    """Return the names of the environments that have an overlay; none if the folder cannot be read."""
    try:
        return sorted(file.stem for file in (path.parent / OVERLAYS).glob("*.yaml"))
    except OSError:
        return []
