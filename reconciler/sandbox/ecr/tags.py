"""Tags of repositories: keys that are there once, of up to 128 characters, fifty in all."""

from collections.abc import Mapping, Sequence
from typing import Any

from moto.ecr.models import ECRBackend

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap

MAX_TAGS = 50
MAX_KEY, MAX_VALUE = 128, 256  # characters (ECR API reference, Tag)


def install() -> None:
    wrap(ECRBackend, "create_repository", _create)
    wrap(ECRBackend, "tag_resource", _tag)


def _create(original: Any, ecr: Any, repository_name: str, *args: Any, **kwargs: Any) -> Any:
    _check_tags({}, kwargs.get("tags") or ())
    return original(ecr, repository_name, *args, **kwargs)


def _tag(original: Any, ecr: Any, arn: str, tags: list[dict[str, str]]) -> Any:
    _check_tags(ecr.tagger.get_tag_dict_for_resource(arn), tags)
    return original(ecr, arn, tags)


def _check_tags(present: Mapping[str, str], tags: Sequence[Mapping[str, str]]) -> None:
    keys = [tag.get("Key", "") for tag in tags]
    for tag, key in zip(tags, keys, strict=True):
        if not 0 < len(key) <= MAX_KEY or len(tag.get("Value", "")) > MAX_VALUE:
            message = f"Invalid parameter at 'tags': the key or the value of '{key}' is too short or too long"
            raise Refusal("InvalidTagParameterException", message)
    if len({*keys}) < len(keys):
        raise Refusal(
            "InvalidTagParameterException", "Invalid parameter at 'tags': a key is sent more than once"
        )
    if len({*present, *keys}) > MAX_TAGS:
        raise Refusal("TooManyTagsException", f"The number of tags exceeds the limit of {MAX_TAGS} tags")
