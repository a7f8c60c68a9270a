"""Results that are alike but for names: a hundred services that fail for one reason are told of once."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TypeVar

from reconciler.model.plan import Change, Plan

R = TypeVar("R")
FEWEST = 5  # results that are alike, from which on they are told as one
ONES_OWN = "\0"  # in place of a name


def group_alike(
    plan: Plan, results: Mapping[str, R], texts: Callable[[R], tuple[str, ...]]
) -> list[dict[str, R]]:
    """Return results, given by key of the change, in groups: alone, or with at least `FEWEST` that are alike.

    They are alike if their texts are, but for the names of their resources and services.
    """
    by_key = {change.key: change for change in plan.changes if change.key in results}
    alike = defaultdict[tuple[str, ...], dict[str, R]](dict)
    for key, result in results.items():
        alike[_without_names(texts(result), by_key.get(key))][key] = result
    found: list[dict[str, R]] = []
    for group in alike.values():
        found += [group] if len(group) >= FEWEST else [{key: result} for key, result in group.items()]
    return found


def _without_names(texts: tuple[str, ...], change: Change | None) -> tuple[str, ...]:
    if change is None:
        return texts
    names = {change.address.name, change.service or "", str(change.outputs.get("id", ""))} - {""}
    longest_first = sorted(names, key=len, reverse=True)
    own = re.compile(rf"(?<![0-9A-Za-z])({'|'.join(map(re.escape, longest_first))})(?![0-9A-Za-z])")
    return tuple(own.sub(ONES_OWN, text) for text in texts)
