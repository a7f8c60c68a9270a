"""Compare the images that services run with those that the tags name now: a deployment pins digests."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model.references import Ref
from reconciler.resources.image import find_digest

Raw = Mapping[str, Any]
Images = frozenset[Ref]

MAX_REVISIONS_DESCRIBED = 20  # in one DescribeServiceRevisions


def find_running_images(
    reads: Reads, services: Iterable[Raw], wanted: Mapping[str, Images | None]
) -> dict[str, Images]:
    """Return the running images for the desired ones, by service name.

    If an image's tag still names the running digest, it is the desired Ref, else a Ref to the running digest.
    Services without desired images, or without a revision that AWS describes, are left out.
    """
    asked = [s for s in services if wanted.get(s["serviceName"])]
    arns = [revision["arn"] for s in asked for revision in s.get("currentServiceRevisions") or ()]
    revisions = reads.in_batches(lambda batch: _describe_revisions(reads, batch), arns, MAX_REVISIONS_DESCRIBED)
    newest = {r["serviceArn"]: r for r in sorted(revisions, key=lambda r: r["createdAt"])}
    refs = sorted({ref for s in asked for ref in wanted[s["serviceName"]] or ()})
    digests = dict(zip(refs, reads.map(lambda ref: _find_tagged_digest(reads, ref), refs), strict=True))
    return {
        s["serviceName"]: frozenset(
            _select_image(ref, newest[s["serviceArn"]], digests[ref]) for ref in wanted[s["serviceName"]] or ()
        )
        for s in asked
        if s["serviceArn"] in newest
    }


def _describe_revisions(reads: Reads, arns: list[str]) -> list[Raw]:
    path = "serviceRevisions"
    found: list[Raw] = reads.ask("ecs", "describe_service_revisions", path, serviceRevisionArns=arns)
    return found


def _find_tagged_digest(reads: Reads, ref: Ref) -> str | None:
    """Return the digest that an image's tag names now; None if no image was pushed."""
    repository, _, tag = ref.name.rpartition(":")
    return find_digest(reads, repository, {"imageTag": tag})


def _select_image(ref: Ref, revision: Raw, tagged: str | None) -> Ref:
    """Return the desired Ref, or a Ref to the digest that the revision runs if the tag names another one now.

    It is the desired one also if the running digest is not known, if no image was pushed, and if the revision
    is of another task definition, which is a difference by itself.
    """
    containers = revision.get("containerImages") or ()
    running = next(
        (c.get("imageDigest") for c in containers if c.get("image", "").partition("/")[2] == ref.name), None
    )
    return ref if running is None or tagged in (None, running) else Ref("image", running, by_id=True)
