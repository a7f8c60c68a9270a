"""Which digests the services run, beside those that their tags have now. ECS pins a tag's digest when it deploys."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model.references import Ref
from reconciler.resources.image import pushed

Raw = Mapping[str, Any]
Images = frozenset[Ref]

AT_ONCE = 20  # revisions that DescribeServiceRevisions takes


def running(reads: Reads, services: Iterable[Raw], wanted: Mapping[str, Images | None]) -> dict[str, Images]:
    """By service name, the images that run for those that are wanted; without the services that AWS tells nothing of.

    An image that is as its tag has it now is told by its name in the plan, any other by its digest.
    """
    asked = [s for s in services if wanted.get(s["serviceName"])]
    arns = [revision["arn"] for s in asked for revision in s.get("currentServiceRevisions") or ()]
    revisions = reads.in_batches(lambda batch: _described(reads, batch), arns, AT_ONCE)
    newest = {r["serviceArn"]: r for r in sorted(revisions, key=lambda r: r["createdAt"])}
    refs = sorted({ref for s in asked for ref in wanted[s["serviceName"]] or ()})
    now = dict(zip(refs, reads.map(lambda ref: _now(reads, ref), refs), strict=True))
    return {
        s["serviceName"]: frozenset(
            _as_run(ref, newest[s["serviceArn"]], now[ref]) for ref in wanted[s["serviceName"]] or ()
        )
        for s in asked
        if s["serviceArn"] in newest
    }


def _described(reads: Reads, arns: list[str]) -> list[Raw]:
    path = "serviceRevisions"
    found: list[Raw] = reads.ask("ecs", "describe_service_revisions", path, serviceRevisionArns=arns)
    return found


def _now(reads: Reads, ref: Ref) -> str | None:
    """The digest of an image by its name in the plan."""
    repository, _, tag = ref.name.rpartition(":")
    return pushed(reads, repository, {"imageTag": tag})


def _as_run(ref: Ref, revision: Raw, now: str | None) -> Ref:
    containers = revision.get("containerImages") or ()
    runs = next(
        (c.get("imageDigest") for c in containers if c.get("image", "").partition("/")[2] == ref.name), None
    )
    # Not known, not pushed, or of another revision, which differs by itself: nothing to say.
    return ref if runs is None or now in (None, runs) else Ref("image", runs, foreign=True)
