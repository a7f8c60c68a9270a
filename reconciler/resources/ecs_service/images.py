"""The images that services run, compared with those that their tags name now: ECS pins digests when it deploys."""

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
    """Return, by service name, the running images in the place of those that are wanted.

    An image whose tag still names the digest that runs is the wanted Ref, any other one a Ref to the running digest.
    Services that nobody wants images of, or whose revision AWS does not describe, are left out.
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
    """Return the digest that an image's tag names now; None if nothing was pushed."""
    repository, _, tag = ref.name.rpartition(":")
    return find_digest(reads, repository, {"imageTag": tag})


def _select_image(ref: Ref, revision: Raw, tagged: str | None) -> Ref:
    """Return the wanted Ref, or a Ref to the digest that the revision runs where its tag names another one now.

    It is the wanted one also where the running digest is not known, where nothing is pushed, and where the revision
    is of another task definition, which is a difference by itself.
    """
    containers = revision.get("containerImages") or ()
    running = next(
        (c.get("imageDigest") for c in containers if c.get("image", "").partition("/")[2] == ref.name), None
    )
    return ref if running is None or tagged in (None, running) else Ref("image", running, foreign=True)
