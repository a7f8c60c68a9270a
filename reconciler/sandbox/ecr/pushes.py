"""Pushes of images: tags that are immutable, manifests, digests."""

import json
import re
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Any

from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import ECRBackend

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap

_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,299}")


def install() -> None:
    wrap(ECRBackend, "put_image", _put_image)


def _put_image(
    original: Any,
    ecr: Any,
    repository_name: str,
    image_manifest: str,
    image_tag: str | None,
    image_manifest_mediatype: str | None = None,
    digest: str | None = None,
) -> Any:
    repository = ecr._get_repository(repository_name)
    _check_manifest(image_manifest)
    if image_tag is not None and not _TAG.fullmatch(image_tag):
        raise _invalid("imageTag", f"must satisfy regular expression '{_TAG.pattern}'")
    if digest and digest != f"sha256:{sha256(image_manifest.encode()).hexdigest()}":
        message = "The calculated digest of the image manifest and the sent digest do not match"
        raise Refusal("ImageDigestDoesNotMatchException", message)
    holder = _find_holder(repository, image_tag)
    if holder is not None and holder.image_manifest != image_manifest:
        _check_overwriting(repository, str(image_tag))
        _leave_untagged(holder, str(image_tag))
    return original(ecr, repository_name, image_manifest, image_tag, image_manifest_mediatype, digest)


def _check_manifest(text: str) -> None:
    try:
        parsed = json.loads(text)
    except ValueError:
        raise _invalid("ImageManifest", "Invalid JSON syntax") from None
    if not isinstance(parsed, dict):
        raise _invalid("ImageManifest", "Invalid image manifest provided")


def _find_holder(repository: Any, tag: str | None) -> Any:
    """Return the image that has the tag, or None."""
    return next((image for image in repository.images if tag and tag in image.image_tags), None)


def _check_overwriting(repository: Any, tag: str) -> None:
    """Refuse to move an immutable tag to another image (ECR user guide, "Preventing image tags ...")."""
    if _is_immutable(repository, tag):
        message = (
            f"The image tag '{tag}' already exists in the '{repository.name}' repository "
            "and cannot be overwritten because the repository is immutable."
        )
        raise Refusal("ImageTagAlreadyExistsException", message)


def _leave_untagged(image: Any, tag: str) -> None:
    """Take a tag from an image, which stays without any if this was its last; moto would delete it."""
    image.image_tags = [other for other in image.image_tags if other != tag]
    image.image_tag = next(iter(image.image_tags), None)


def _is_immutable(repository: Any, tag: str) -> bool:
    """Tell whether a tag may not move. A filter of exclusion turns the rule of its repository round."""
    filters = getattr(repository, "image_tag_mutability_exclusion_filters", None) or ()
    excluded = any(fnmatchcase(tag, entry["filter"]) for entry in filters)
    return bool(repository.image_tag_mutability.startswith("IMMUTABLE") != excluded)


def _invalid(where: str, rule: str) -> InvalidParameterException:
    return InvalidParameterException(f"Invalid parameter at '{where}' failed to satisfy constraint: '{rule}'")
