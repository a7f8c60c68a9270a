import re
from collections.abc import Iterator, Mapping

from desired_state.checks.violation import Violation
from desired_state.platform import Platform
from desired_state.tree import KeyPath

MAX_TAGS = 50 - 4  # AWS's limit, less ecs-reconciler:stack, :name, :service and :protect
MAX_KEY_LENGTH, MAX_VALUE_LENGTH = 128, 256


def check_tags(platform: Platform) -> Iterator[Violation]:
    """Check that AWS accepts the tags (Tagging AWS resources user guide); IAM ignores the case of keys."""
    yield from _check(("tags",), platform.tags, {})
    for name, service in platform.services.items():
        yield from _check(("services", name, "tags"), service.tags, platform.tags)


def _check(where: KeyPath, own: Mapping[str, str], shared: Mapping[str, str]) -> Iterator[Violation]:
    """Check the tags at a place of the file, together with those that what they are for has as well."""
    further = (("tags",),) if shared else ()
    if len({*shared, *own}) > MAX_TAGS and own:
        of_which = f", with {len(shared)} of the platform" if shared else ""
        message = f"{len({*shared, *own})} tags are too many{of_which}: {MAX_TAGS} at most"
        yield Violation(where, message, depends_on=further)
    seen = {key.lower(): key for key in shared}
    for key, value in own.items():
        if message := _explain_tag(key, value):
            yield Violation((*where, key), message)
        elif seen.setdefault(key.lower(), key) != key:
            message = f"IAM takes it for the same key as {seen[key.lower()]}"
            yield Violation((*where, key), message, depends_on=further)


def _explain_tag(key: str, value: str) -> str:
    if key.lower().startswith(("aws:", "ecs-reconciler:")) or key == "Name":
        return "is not yours to set: aws:…, ecs-reconciler:… and Name are taken"
    if not key or len(key) > MAX_KEY_LENGTH or len(value) > MAX_VALUE_LENGTH:
        return f"a key has 1 to {MAX_KEY_LENGTH} characters, a value at most {MAX_VALUE_LENGTH}"
    if not re.fullmatch(r"[\w\s.:/=+@-]+", key) or not re.fullmatch(r"[\w\s.:/=+@-]*", value):
        return "tags are made of letters, digits, spaces and _ . : / = + - @"
    return ""
