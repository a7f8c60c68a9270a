"""Images that CI or a person pushes. A task cannot start before its image has been pushed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model.references import Ref, Text, refers_to
from reconciler.model.spec import UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources import ecr_repository
from reconciler.resources.kind import Kind, Relations, actions

NOT_FOUND = ("ImageNotFoundException", "RepositoryNotFoundException")
IMAGE_DIGEST = "imageDetails[0].imageDigest"


class Image(Spec):
    """An image in a repository, by tag or digest. Its name is `repository:tag` or `repository@digest`."""

    kind: ClassVar[str] = "image"
    repository: Annotated[Ref, refers_to("ecr_repository")]
    tag: str | None = None
    digest: str | None = None
    """The digest; then `tag` is None."""
    region: Annotated[str, UNCOMPARED] = ""
    """The region for the push commands: a password of ECR is valid in one region."""
    platform: Annotated[str, UNCOMPARED] = "linux/amd64"
    """The platform to build it for, in Docker's form, such as linux/arm64."""
    uri: Annotated[Ref | None, refers_to("ecr_repository", "uri"), UNCOMPARED] = None
    """The URI of a repository that exists already. None: it is the output of a repository of the stack."""
    source: Annotated[str, UNCOMPARED] = ""
    """What it is built of, in words for the push commands; empty: of what the person knows who builds it."""

    @property
    def image_id(self) -> dict[str, str]:
        """The ImageIdentifier for ECR's calls."""
        return {"imageDigest": self.digest} if self.digest else {"imageTag": self.tag or "latest"}


def read(reads: Reads) -> Iterator[Live[Image]]:
    existing = {r["repositoryName"] for r in ecr_repository.list_repositories(reads)}
    wanted = [want for want in reads.desired.of(Image).values() if want.repository.name in existing]
    digests = reads.map(lambda want: find_digest(reads, want.repository.name, want.image_id), wanted)
    for want, digest in zip(wanted, digests, strict=True):
        if digest:
            spec = from_aws(want.name, want.repository.name, want.image_id)
            yield Live(spec, {"id": digest}, reads.stack.name)


def find_digest(reads: Reads, repository: str, image_id: dict[str, str]) -> str | None:
    """Return the image's digest; None if it has not been pushed."""
    params = {"repositoryName": repository, "imageIds": [image_id]}
    digest: str | None = reads.ask("ecr", "describe_images", IMAGE_DIGEST, NOT_FOUND, **params)
    return digest


def find_missing(reads: Reads, refs: Iterable[Ref]) -> frozenset[str]:
    """Return the names of those desired images among these Refs that the registry does not have."""
    wanted = reads.desired.of(Image)
    images = [wanted[ref.name] for ref in refs if ref.kind == Image.kind and ref.name in wanted]
    digests = reads.map(lambda image: find_digest(reads, image.repository.name, image.image_id), images)
    return frozenset(i.name for i, digest in zip(images, digests, strict=True) if digest is None)


def from_aws(name: str, repository: str, image_id: Mapping[str, str]) -> Image:
    """Return the spec of an image with this ImageIdentifier and this name in the plan."""
    tag, digest = image_id.get("imageTag"), image_id.get("imageDigest")
    return Image(name=name, repository=repository, tag=tag, digest=digest)


def ensure_image(want: Image, _live: Live[Image] | None) -> Iterator[Step]:
    params = {"repositoryName": want.repository, "imageIds": [want.image_id]}
    outputs, remedy = {"id": IMAGE_DIGEST}, format_push_commands(want)
    yield Call("ecr", "describe_images", params, outputs, hold=NOT_FOUND, remedy=remedy)


def format_push_commands(want: Image) -> Text:
    """Return the shell commands that push the image. For a tag, they also build it."""
    uri = want.uri or Ref("ecr_repository", want.repository.name, "uri")
    region = f" --region {want.region}" if want.region else ""
    login = f"aws ecr get-login-password{region} | docker login --username AWS --password-stdin"
    push = _format_copy(want.digest) if want.digest else _format_build(want)
    push = f"# {want.source}\n{push}" if want.source else push
    return Text(f'REPOSITORY={{}}\n{login} "${{REPOSITORY%%/*}}"\n{push}', (uri,))


def _format_build(want: Image) -> str:
    uri = f'"$REPOSITORY:{want.tag}"'
    return f"docker build --platform {want.platform} --tag {uri} .\ndocker push {uri}"


def _format_copy(digest: str) -> str:
    """Return the command that copies an image. A digest cannot be pushed to, but a copy keeps its digest."""
    return (
        "# push the image that has this digest, from SOURCE, where it is now, to any TAG\n"
        f'docker buildx imagetools create --tag "$REPOSITORY:TAG" "SOURCE@{digest}"'
    )


def remove(_live: Live[Image]) -> Iterator[Step]:
    """Yield nothing: an image is deleted with its repository."""
    yield from ()


KIND = Kind(
    Image,
    read,
    ensure_image,
    remove,
    relations=Relations(awaited=True),
    indexed_as="ecr:repository/",
    actions=actions("ecr", "DescribeImages DescribeRepositories"),
)
