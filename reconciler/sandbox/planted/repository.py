"""A repository with the images that a file names."""

from collections.abc import Mapping
from typing import Any

from moto.ecr import ecr_backends

from reconciler.sandbox.ecr.images import MANIFEST_MEDIA_TYPE, manifest


def plant_repository(part: Mapping[str, Any], account: str, region: str) -> None:
    ecr, name = ecr_backends[account][region], part["name"]
    if name not in ecr.repositories:
        ecr.create_repository(name, None, {"encryptionType": "AES256"}, None, "MUTABLE", [])
        for tag in part["tags"]:
            ecr.put_image(name, manifest(f"{name}:{tag}"), tag, MANIFEST_MEDIA_TYPE)
