import re
from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.platform import Platform

MAX_TAGS = 50 - 4  # AWS's limit, less ecs-reconciler:stack, :name, :service and :protect
MAX_KEY_LENGTH, MAX_VALUE_LENGTH = 128, 256


def check_tags(platform: Platform) -> Iterator[Violation]:
    """Check that AWS accepts the tags (Tagging AWS resources user guide); IAM ignores the case of keys."""
    if len(platform.tags) > MAX_TAGS:
        yield Violation(("tags",), f"{len(platform.tags)} tags are too many: {MAX_TAGS} at most")
    seen: dict[str, str] = {}
    for key, value in platform.tags.items():
        if message := _explain_tag(key, value):
            yield Violation(("tags", key), message)
        elif seen.setdefault(key.lower(), key) != key:
            yield Violation(("tags", key), f"IAM takes it for the same key as {seen[key.lower()]}")


def _explain_tag(key: str, value: str) -> str:
    if key.lower().startswith(("aws:", "ecs-reconciler:")) or key == "Name":
        return "is not yours to set: aws:…, ecs-reconciler:… and Name are taken"
    if not key or len(key) > MAX_KEY_LENGTH or len(value) > MAX_VALUE_LENGTH:
        return f"a key has 1 to {MAX_KEY_LENGTH} characters, a value at most {MAX_VALUE_LENGTH}"
    if not re.fullmatch(r"[\w\s.:/=+@-]+", key) or not re.fullmatch(r"[\w\s.:/=+@-]*", value):
        return "tags are made of letters, digits, spaces and _ . : / = + - @"
    return ""
