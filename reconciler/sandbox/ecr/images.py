"""Images: one is put into each repository as it is made (the embedded AWS plays CI), and what a reference names."""

import json
import re
from hashlib import sha256
from typing import Any

from moto.ecr import ecr_backends
from moto.ecr.models import ECRBackend, Image

from reconciler.sandbox.world import add, current, wrap

REFERENCE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/(?P<repository>[^:@]+)"
    r"(:(?P<tag>[^@]+))?(@(?P<digest>sha256:[0-9a-f]{64}))?$"
)
MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


def install() -> None:
    wrap(ECRBackend, "create_repository", _with_image)
    add(Image, "_create_digest", _digest_of_manifest)


def manifest(name: str) -> str:
    """An image manifest that is the same for the same name, and another for another."""
    layer = {
        "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
        "size": 2813316,
        "digest": _hash(name),
    }
    config = {
        "mediaType": "application/vnd.docker.container.image.v1+json",
        "size": 1470,
        "digest": _hash(f"{name}."),
    }
    return json.dumps({"schemaVersion": 2, "mediaType": MEDIA_TYPE, "config": config, "layers": [layer]})


def digest(image: str) -> str | None:
    """The digest that an image reference stands for now. None: it is of ECR, and not there."""
    match = REFERENCE.match(image)
    if match is None:
        return _hash(image)  # of somebody else's registry, which has everything
    repository = ecr_backends[match["account"]][match["region"]].repositories.get(match["repository"])
    for found in repository.images if repository else ():
        value = str(found.get_image_digest())
        if value == match["digest"] or (not match["digest"] and (match["tag"] or "latest") in found.image_tags):
            return value
    return None


def _with_image(original: Any, ecr: Any, repository_name: str, *args: Any, **kwargs: Any) -> Any:
    repository = original(ecr, repository_name, *args, **kwargs)
    if current().images:
        ecr.put_image(repository_name, manifest(repository_name), "latest")
    return repository


def _digest_of_manifest(image: Any) -> None:
    """As registries do. moto's is of the layers, or one of a hundred by chance."""
    image._image_digest = _hash(image.image_manifest)


def _hash(text: str) -> str:
    return f"sha256:{sha256(text.encode()).hexdigest()}"
