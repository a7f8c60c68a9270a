"""ECR repositories, with the policy that lets old images go."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Json
from reconciler.model.spec import OBSERVED, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources.kind import Kind, Relations, actions

GONE = ("RepositoryNotFoundException",)
NO_POLICY = ("LifecyclePolicyNotFoundException", *GONE)


class EcrRepository(Spec):
    """Where the images of a service are. It is deleted with them."""

    kind: ClassVar[str] = "ecr_repository"
    scan_on_push: Annotated[bool | None, OBSERVED] = True
    """A live None: the registry's own scanning rules are in force, and what the repository says has no effect."""
    keep_images: int | str | None = None
    """So many of the last ones; a live lifecycle policy that says anything else stands here as it is."""


def listed(reads: Reads) -> list[dict[str, Any]]:
    """All repositories of the registry: to ask by name fails for all where one is missing."""
    return reads.pages("ecr", "describe_repositories", "repositories[]")


def read(reads: Reads) -> Iterator[Live[EcrRepository]]:
    found = [
        r
        for r in listed(reads)
        if reads.is_candidate("ecr_repository", r["repositoryName"], r["repositoryArn"])
    ]
    yield from (live for live in reads.map(lambda r: _live(reads, r), found) if live)


def _live(reads: Reads, r: dict[str, Any]) -> Live[EcrRepository] | None:
    name, arn = r["repositoryName"], r["repositoryArn"]
    given = reads.ask("ecr", "list_tags_for_resource", "tags", GONE, resourceArn=arn)
    owned = tags.parse(given)
    owner = tags.owner(owned)
    if given is None or (owner != reads.stack.name and name not in reads.names("ecr_repository")):
        return None
    text = reads.ask("ecr", "get_lifecycle_policy", "lifecyclePolicyText", NO_POLICY, repositoryName=name)
    spec = EcrRepository(
        name=name,
        tags=owned,
        scan_on_push=_scanned(reads, r),
        keep_images=kept(text) if text else None,
    )
    return Live(spec, {"id": name, "arn": arn, "uri": r["repositoryUri"]}, owner)


def _scanned(reads: Reads, r: dict[str, Any]) -> bool | None:
    """Return whether pushes are scanned. The registry is asked only where the repository is not as desired."""
    scanned = bool(r.get("imageScanningConfiguration", {}).get("scanOnPush", False))
    want = reads.wanted(EcrRepository).get(r["repositoryName"])
    if want is None or want.scan_on_push == scanned:
        return scanned
    by = reads.ask("ecr", "get_registry_scanning_configuration", "scanningConfiguration.scanType")
    return None if by == "ENHANCED" else scanned


def lifecycle(keep: int | str) -> dict[str, Any]:
    """The policy that keeps the last `keep` images, whatever their tags."""
    rule = {
        "rulePriority": 1,
        "description": f"Keep only last {keep} images",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": keep},
        "action": {"type": "expire"},
    }
    return {"rules": [rule]}


def kept(text: str) -> int | str:
    """How many images a policy that is as `lifecycle` makes it keeps; another policy, as it is."""
    policy = json.loads(text)
    match policy:
        case {"rules": [{"selection": {"countNumber": int(keep), **selection}, "action": {"type": "expire"}}]}:
            if selection == {"tagStatus": "any", "countType": "imageCountMoreThan"}:
                return keep
    return json.dumps(policy, sort_keys=True)


def ensure_repository(want: EcrRepository, live: Live[EcrRepository] | None) -> Iterator[Step]:
    repository = {"repositoryName": want.name}
    scanning = {"imageScanningConfiguration": {"scanOnPush": want.scan_on_push}}
    if live:
        yield from tags.retag(tags.ECR, want, live)
        if live.spec.scan_on_push not in (None, want.scan_on_push):
            yield Call("ecr", "put_image_scanning_configuration", {**repository, **scanning})
    else:
        params = {**repository, **scanning, "tags": tags.encode(want.tags)}
        outputs = {
            "id": "repository.repositoryName",
            "arn": "repository.repositoryArn",
            "uri": "repository.repositoryUri",
        }
        yield Call("ecr", "create_repository", params, outputs)
    if want.keep_images is not None and (not live or want.keep_images != live.spec.keep_images):
        params = {**repository, "lifecyclePolicyText": Json(lifecycle(want.keep_images))}
        yield Call("ecr", "put_lifecycle_policy", params, retry=GONE, patience=120)


def remove(live: Live[EcrRepository]) -> Iterator[Step]:
    params = {"repositoryName": live.outputs["id"], "force": True}
    yield Call("ecr", "delete_repository", params, ignore=GONE)


KIND = Kind(
    EcrRepository,
    read,
    ensure_repository,
    remove,
    relations=Relations(keeps_ids=lambda ref: ref.name.partition("/")[2] if ref.attr == "uri" else ref.name),
    tagging=tags.ECR,
    actions=actions(
        "ecr",
        "CreateRepository DeleteRepository DescribeRepositories GetLifecyclePolicy "
        "GetRegistryScanningConfiguration ListTagsForResource PutImageScanningConfiguration "
        "PutLifecyclePolicy TagResource",
    ),
)
