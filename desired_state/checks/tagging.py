import re
from collections.abc import Iterator

from desired_state.checks.complaint import Complaint
from desired_state.platform import Platform

MOST = 50 - 3  # AWS's limit, less ecs-reconciler:stack and :name, and Name or :protect
LONGEST_KEY, LONGEST_VALUE = 128, 256


def tags(platform: Platform) -> Iterator[Complaint]:
    """What every service of AWS takes (Tagging AWS resources user guide); IAM ignores the case of keys."""
    if len(platform.tags) > MOST:
        yield Complaint(("tags",), f"{len(platform.tags)} tags are too many: {MOST} at most")
    seen: dict[str, str] = {}
    for key, value in platform.tags.items():
        if message := _wrong(key, value):
            yield Complaint(("tags", key), message)
        elif seen.setdefault(key.lower(), key) != key:
            yield Complaint(("tags", key), f"IAM takes it for the same key as {seen[key.lower()]}")


def _wrong(key: str, value: str) -> str:
    if key.lower().startswith(("aws:", "ecs-reconciler:")) or key == "Name":
        return "is not yours to set: aws:…, ecs-reconciler:… and Name are taken"
    if not key or len(key) > LONGEST_KEY or len(value) > LONGEST_VALUE:
        return f"a key has 1 to {LONGEST_KEY} characters, a value at most {LONGEST_VALUE}"
    if not re.fullmatch(r"[\w\s.:/=+@-]+", key) or not re.fullmatch(r"[\w\s.:/=+@-]*", value):
        return "tags are made of letters, digits, spaces and _ . : / = + - @"
    return ""
