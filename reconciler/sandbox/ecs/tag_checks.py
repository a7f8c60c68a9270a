"""Check tags, and refuse them with ECS's messages."""

import re

from moto.ecs.exceptions import InvalidParameterException

TAGS_LIMIT = 50  # of a resource
_TEXT = re.compile(r"[\w\s+\-=._:/@]*")
_KEY_LENGTH, _VALUE_LENGTH = 128, 256


def check_tags(tags: list[dict[str, str]]) -> None:
    """Refuse more than 50 tags, AWS's own, repeated keys, and what is too long (ECS API reference, Tag)."""
    if len(tags) > TAGS_LIMIT:
        raise InvalidParameterException(f"The number of tags must not be more than {TAGS_LIMIT}.")
    keys = [tag.get("key", "") for tag in tags]
    if len(set(keys)) < len(keys):
        raise InvalidParameterException("Duplicate tag keys are not allowed.")
    for tag in tags:
        _check_tag(tag.get("key", ""), tag.get("value", ""))


def _check_tag(key: str, value: str) -> None:
    if not 1 <= len(key) <= _KEY_LENGTH or not _TEXT.fullmatch(key):
        raise InvalidParameterException(f"The tag key {key!r} is invalid.")
    if len(value) > _VALUE_LENGTH or not _TEXT.fullmatch(value):
        raise InvalidParameterException(f"The value of the tag {key!r} is invalid.")
    if key.lower().startswith("aws:") or value.lower().startswith("aws:"):
        raise InvalidParameterException("Tag keys and values must not begin with 'aws:', which AWS reserves.")
