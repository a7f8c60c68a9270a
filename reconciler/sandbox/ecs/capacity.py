"""The choice of a capacity provider for a task."""

from typing import Any

from reconciler.sandbox.ecs.model import Task


def choose_provider(strategy: list[dict[str, Any]], tasks: list[Task]) -> str:
    """Return the provider of the task after these: bases first, then weights (ECS developer guide)."""
    names = [task.launch["capacityProviderName"] for task in tasks]
    below_base = [i for i in strategy if names.count(i["capacityProvider"]) < i.get("base", 0)]
    weighted = below_base or [i for i in strategy if i.get("weight", 0)] or strategy

    def share(item: dict[str, Any]) -> float:
        above_base = names.count(item["capacityProvider"]) - int(item.get("base", 0))
        return above_base / (item.get("weight") or 1)

    return str(min(weighted, key=share)["capacityProvider"])
