"""Results that are alike but for names: a hundred services that fail for one reason are told of once."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TypeVar

from reconciler.model.plan import Change, Plan
from reconciler.render.own_names import hide_names

R = TypeVar("R")
FEWEST = 5  # results that are alike, from which on they are told as one


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
    return hide_names(texts, (change.address.name, change.service or "", str(change.outputs.get("id", ""))))
