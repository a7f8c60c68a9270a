from desired_state.tree import KeyPath

MAX_BALANCER = 32
MAX_TAG = 256  # characters of a tag's value
NAME_PARTS: tuple[KeyPath, ...] = (("platform",), ("environment",), ("region",), ("suffix",))
Limit = tuple[str, str, int]  # resource, its name, maximum length in AWS


def find_longest(limits: list[Limit]) -> Limit | None:
    limit = max(limits, key=lambda limit: len(limit[1]) - limit[2])
    return limit if len(limit[1]) > limit[2] else None


def explain_too_long(limit: Limit, remedy: str) -> str:
    what, name, most = limit
    return (
        f"the {what} would be {name}, {len(name)} characters of {most}: shorten {remedy} by {len(name) - most}"
    )
