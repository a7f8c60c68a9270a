"""ECR repositories, with the lifecycle policy that expires old images."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, ClassVar

from reconciler.aws.candidates import is_kept, is_looked_at
from reconciler.aws.indexed import tags_if_meant
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.aws_default import AwsDefault
from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.references import Json
from reconciler.model.spec import OBSERVED, UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.drifting import Danger, DriftNotes, Severities
from reconciler.resources.ecr_policy import EVERYBODY, read_principals
from reconciler.resources.kind import Kind, Relations, actions

Raw = Mapping[str, Any]

NOT_FOUND = ("RepositoryNotFoundException",)
NO_LIFECYCLE_POLICY = ("LifecyclePolicyNotFoundException", *NOT_FOUND)
MOST_LISTED = 1000  # items in a page, AWS's most


class EcrRepository(Spec):
    """A repository for the images of a service. They are deleted together with it."""

    kind: ClassVar[str] = "ecr_repository"
    scan_on_push: Annotated[bool | None, OBSERVED] = True
    """Live None: the registry's own scanning rules apply, and the repository's setting has no effect."""
    tag_mutability: Annotated[str | None, AwsDefault("MUTABLE", "services.NAME.image.immutable_tags")] = None
    """IMMUTABLE: a tag cannot be pushed again; MUTABLE; or live another value of AWS's."""
    keep_images: int | str | None = None
    """The number of latest images that are kept. Live, for any other lifecycle policy: the policy as JSON."""
    images: Annotated[int, UNCOMPARED] = 0
    """Live only, and only of one that is to be deleted: the number of images in it."""
    shared_with: Annotated[frozenset[str], UNCOMPARED] = frozenset()
    """Live only, and only for a drift report: whom its policy lets in, outside of the account."""


def list_repositories(reads: Reads) -> list[dict[str, Any]]:
    """Return all repositories of the registry: a describe by names would fail if one of them is missing."""
    return reads.pages("ecr", "describe_repositories", "repositories[]", maxResults=MOST_LISTED)


def read(reads: Reads) -> Iterator[Live[EcrRepository]]:
    candidates = [
        repository
        for repository in list_repositories(reads)
        if is_looked_at(reads, "ecr_repository", repository["repositoryName"], repository["repositoryArn"])
    ]
    yield from (live for live in reads.map(lambda found: _read_live(reads, found), candidates) if live)


def _read_live(reads: Reads, repository: Raw) -> Live[EcrRepository] | None:
    """Return the repository; None if it has been deleted, or if it is neither ours nor has a desired name."""
    name, arn = repository["repositoryName"], repository["repositoryArn"]
    ask = partial(reads.ask, "ecr", "list_tags_for_resource", "tags", NOT_FOUND, resourceArn=arn)
    resource_tags = tags_if_meant(reads, EcrRepository.kind, name, arn, ask)
    if resource_tags is None:
        return None
    owner = tags.owner(resource_tags)
    path = "lifecyclePolicyText"
    policy = reads.ask("ecr", "get_lifecycle_policy", path, NO_LIFECYCLE_POLICY, repositoryName=name)
    spec = from_aws(repository, resource_tags, policy, _read_scan_type(reads, repository))
    if owner == reads.stack.name and not is_kept(reads, "ecr_repository", name):
        spec = spec.model_copy(update={"images": _count_images(reads, name)})
    if owner == reads.stack.name:
        shared_with = read_principals(reads, name, str(repository.get("registryId")))
        spec = spec.model_copy(update={"shared_with": shared_with})
    return Live(spec, {"id": name, "arn": arn, "uri": repository["repositoryUri"]}, owner)


def _count_images(reads: Reads, name: str) -> int:
    path, most = "imageDetails[].imageDigest", {"maxResults": MOST_LISTED}
    return len(reads.pages("ecr", "describe_images", path, NOT_FOUND, repositoryName=name, **most))


def _read_scan_type(reads: Reads, repository: Raw) -> str | None:
    """Return the registry's scan type. It is read only if the repository's setting differs; else None."""
    want = reads.desired.of(EcrRepository).get(repository["repositoryName"])
    if want is None or want.scan_on_push == _scans_on_push(repository):
        return None
    path = "scanningConfiguration.scanType"
    scan_type: str | None = reads.ask("ecr", "get_registry_scanning_configuration", path)
    return scan_type


def from_aws(
    repository: Raw, resource_tags: tags.Tags, lifecycle_policy: str | None, scan_type: str | None = None
) -> EcrRepository:
    """Return the spec of a repository of DescribeRepositories, its policy and the registry's scan type."""
    return EcrRepository(
        name=repository["repositoryName"],
        tags=resource_tags,
        scan_on_push=None if scan_type == "ENHANCED" else _scans_on_push(repository),
        tag_mutability=repository.get("imageTagMutability", "MUTABLE"),
        keep_images=decode_lifecycle(lifecycle_policy) if lifecycle_policy else None,
    )


def _scans_on_push(repository: Raw) -> bool:
    return bool(repository.get("imageScanningConfiguration", {}).get("scanOnPush", False))


def encode_lifecycle(keep: int | str) -> dict[str, Any]:
    """Return the lifecycle policy that keeps the last `keep` images, whatever their tags."""
    rule = {
        "rulePriority": 1,
        "description": f"Keep only last {keep} images",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": keep},
        "action": {"type": "expire"},
    }
    return {"rules": [rule]}


def decode_lifecycle(text: str) -> int | str:
    """Return the number of images that a policy of `encode_lifecycle` keeps; any other policy as JSON."""
    policy = json.loads(text)
    match policy:
        case {"rules": [{"selection": {"countNumber": int(keep), **selection}, "action": {"type": "expire"}}]}:
            if selection == {"tagStatus": "any", "countType": "imageCountMoreThan"}:
                return keep
    return json.dumps(policy, sort_keys=True)


def ensure_repository(want: EcrRepository, live: Live[EcrRepository] | None) -> Iterator[Step]:
    repository = {"repositoryName": want.name}
    scanning = {"imageScanningConfiguration": {"scanOnPush": want.scan_on_push}}
    mutability = {"imageTagMutability": want.tag_mutability} if want.tag_mutability else {}
    if live:
        yield from tags.retag(tags.ECR, want, live)
        if live.spec.scan_on_push not in (None, want.scan_on_push):
            yield Call("ecr", "put_image_scanning_configuration", {**repository, **scanning})
        if want.tag_mutability not in (None, live.spec.tag_mutability):
            yield Call("ecr", "put_image_tag_mutability", {**repository, **mutability})
    else:
        params = {**repository, **scanning, **mutability, "tags": tags.encode(want.tags)}
        paths = {"id": "repositoryName", "arn": "repositoryArn", "uri": "repositoryUri"}
        outputs = {name: f"repository.{path}" for name, path in paths.items()}
        yield Call("ecr", "create_repository", params, outputs)
    if want.keep_images is not None and (not live or want.keep_images != live.spec.keep_images):
        params = {**repository, "lifecyclePolicyText": Json(encode_lifecycle(want.keep_images))}
        not_yet = if_new(NOT_FOUND, want.ref())
        yield Call("ecr", "put_lifecycle_policy", params, retry=not_yet, patience=120)


def remove(live: Live[EcrRepository]) -> Iterator[Step]:
    params = {"repositoryName": live.outputs["id"], "force": True}
    yield Call("ecr", "delete_repository", params, ignore=NOT_FOUND)


def loses(live: Live[EcrRepository]) -> str:
    """Return the number of images that are deleted with it, in words."""
    count = live.spec.images
    return f"{count} image{'s' * (count != 1)}" if count else ""


def judge(_live: EcrRepository, _want: EcrRepository, diff: ValueDiff) -> Severity | None:
    """Judge what protects images: scanning that is off, and tags that can be pushed over."""
    off = (diff.field == "scan_on_push" and not diff.live) or (
        diff.field == "tag_mutability" and diff.live == "MUTABLE"
    )
    return Severity.SECURITY if off else None


def find_dangers(live: EcrRepository, _want: EcrRepository) -> Iterator[Danger]:
    """Yield whom the policy of the repository lets in: the file knows no such policy."""
    for principal in sorted(live.shared_with):
        who = "everybody" if principal == EVERYBODY else principal
        yield Severity.SECURITY, f"its repository policy lets {who} in, which the file does not say"


KIND = Kind(
    EcrRepository,
    read,
    ensure_repository,
    remove,
    relations=Relations(
        keeps_ids=lambda ref: ref.name.partition("/")[2] if ref.attr == "uri" else ref.name, loses=loses
    ),
    tagging=tags.ECR,
    severities=Severities(judge=judge),
    drift_notes=DriftNotes(dangerous=find_dangers),
    indexed_as="ecr:repository/",
    trusts_index=True,
    early={"ecr": list_repositories},
    touched_by=TouchedBy(
        "ecr.amazonaws.com",
        {"repositoryName": "id", "resourceArn": "arn"},
        made_by=("CreateRepository",),
        deleted_by=("DeleteRepository",),
        changed_by={
            "keep_images": ("PutLifecyclePolicy", "DeleteLifecyclePolicy"),
            "scan_on_push": ("PutImageScanningConfiguration",),
            "tag_mutability": ("PutImageTagMutability",),
            TAGS: ("TagResource", "UntagResource"),
        },
        parameters={"scan_on_push": "scanOnPush", "tag_mutability": "imageTagMutability"},
    ),
    actions=actions(
        "ecr",
        "CreateRepository DeleteRepository DescribeImages DescribeRepositories GetLifecyclePolicy "
        "GetRegistryScanningConfiguration GetRepositoryPolicy ListTagsForResource PutImageScanningConfiguration "
        "PutImageTagMutability PutLifecyclePolicy TagResource",
    ),
)
