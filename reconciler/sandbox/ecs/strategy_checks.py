"""Check capacity provider strategies, and refuse them with ECS's messages."""

from typing import Any

from moto.ecs.exceptions import InvalidParameterException

PROVIDERS_LIMIT = 20  # of a strategy (ECS API reference)
WEIGHTS, BASES = range(1001), range(100_001)  # ECS API reference, CapacityProviderStrategyItem


def check_strategy(providers: list[str], strategy: list[dict[str, Any]]) -> None:
    """Refuse over 20 items, two bases, and providers that are not the cluster's.

    (ECS API reference, CreateService.)
    """
    if len(strategy) > PROVIDERS_LIMIT:
        message = f"A capacity provider strategy can contain a maximum of {PROVIDERS_LIMIT} capacity providers."
        raise InvalidParameterException(message)
    if sum(item.get("base", 0) > 0 for item in strategy) > 1:
        raise InvalidParameterException(
            "Only one capacity provider in a strategy can have a base greater than 0."
        )
    names = [item["capacityProvider"] for item in strategy]
    if len(set(names)) < len(names):
        raise InvalidParameterException("A capacity provider strategy cannot name a capacity provider twice.")
    for item in strategy:
        _check_item(item, providers)


def _check_item(item: dict[str, Any], providers: list[str]) -> None:
    if item.get("weight", 0) not in WEIGHTS:
        raise InvalidParameterException(f"weight must be between 0 and {WEIGHTS[-1]}.")
    if item.get("base", 0) not in BASES:
        raise InvalidParameterException(f"base must be between 0 and {BASES[-1]}.")
    if item["capacityProvider"] not in providers:
        message = (
            "The specified capacity provider strategy cannot contain a capacity provider that is not associated "
            "with the cluster. Associate the capacity provider with the cluster and try again."
        )
        raise InvalidParameterException(message)


def check_weights(strategy: list[dict[str, Any]]) -> None:
    """Refuse several providers that all have weight 0: no task could use them (ECS API reference)."""
    if len(strategy) > 1 and not any(item.get("weight", 0) for item in strategy):
        raise InvalidParameterException(
            "The capacity provider strategy must contain at least one capacity provider with a weight above 0."
        )
