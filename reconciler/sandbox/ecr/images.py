"""Images: one is pushed to each new repository, as CI would do, and references resolve to digests."""

import json
import re
from hashlib import sha256
from typing import Any

from moto.ecr import ecr_backends
from moto.ecr.models import ECRBackend, Image

from reconciler.sandbox.world import add, current, wrap

ECR_REFERENCE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)(\.[a-z0-9-]+)+/(?P<repository>[^:@]+)"
    r"(:(?P<tag>[^@]+))?(@(?P<digest>sha256:[0-9a-f]{64}))?$"
)
MANIFEST_MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


def install() -> None:
    wrap(ECRBackend, "create_repository", _create_with_image)
    add(Image, "_create_digest", _set_digest)


def manifest(name: str) -> str:
    """Return an image manifest that depends on the name only, and differs for different names."""
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
    return json.dumps(
        {"schemaVersion": 2, "mediaType": MANIFEST_MEDIA_TYPE, "config": config, "layers": [layer]}
    )


def find_digest(image: str) -> str | None:
    """Return the present digest of an image reference, or None if it names an image that ECR does not have."""
    match = ECR_REFERENCE.match(image)
    if match is None:
        return _hash(image)  # other registries are taken to have every image
    repository = ecr_backends[match["account"]][match["region"]].repositories.get(match["repository"])
    for found in repository.images if repository else ():
        value = str(found.get_image_digest())
        if value == match["digest"] or (not match["digest"] and (match["tag"] or "latest") in found.image_tags):
            return value
    return None


def _create_with_image(original: Any, ecr: Any, repository_name: str, *args: Any, **kwargs: Any) -> Any:
    """Create a repository and push an image tagged latest, if the World has `images`."""
    repository = original(ecr, repository_name, *args, **kwargs)
    if current().images:
        ecr.put_image(repository_name, manifest(repository_name), "latest")
    return repository


def _set_digest(image: Any) -> None:
    """Set the digest to the manifest's, as registries do. moto uses that of the layers or a random one."""
    image._image_digest = _hash(image.image_manifest)


def _hash(text: str) -> str:
    return f"sha256:{sha256(text.encode()).hexdigest()}"
