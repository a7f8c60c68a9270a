"""A repository, with the images that the file names by tags."""

from collections.abc import Mapping
from typing import Any

from moto.ecr import ecr_backends
from moto.ecr.exceptions import RepositoryNotFoundException

from reconciler.sandbox.ecr.images import manifest


def plant_repository(part: Mapping[str, Any], account: str, region: str) -> None:
    ecr, name = ecr_backends[account][region], part["name"]
    try:
        ecr._get_repository(name)
    except RepositoryNotFoundException:
        ecr.create_repository(name, None, None, None, None, None)
        for tag in part["tags"]:
            ecr.put_image(name, manifest(f"{name}:{tag}"), tag)
