"""The files of variables in S3 that a container names, and what its execution role needs for them."""

import re
from collections.abc import Iterator
from typing import Any

from moto.ecs.exceptions import EcsClientException

MAX_FILES = 10  # of a container (ECS API reference, ContainerDefinition)
_OBJECT = re.compile(r"arn:[a-z-]+:s3:::[^/]+/.+\.env")


def check_env_files(container: dict[str, Any]) -> None:
    """Refuse files that are too many, or no objects of S3 whose keys end in .env."""
    files = container.get("environmentFiles", [])
    if len(files) > MAX_FILES:
        raise EcsClientException(f"A container can have at most {MAX_FILES} environment files.")
    for file in files:
        if not _OBJECT.fullmatch(file["value"]):
            raise EcsClientException(
                f"Invalid environment file '{file['value']}': it must be the ARN of an object in Amazon S3 with the "
                "extension .env."
            )


def required_file_actions(container: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the action that reads each file, and its ARN."""
    for file in container.get("environmentFiles", []):
        yield "s3:GetObject", file["value"]
