"""Images that CI or a person pushes: tasks cannot start before."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model.references import Ref, Text, refers_to
from reconciler.model.spec import UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources import ecr_repository
from reconciler.resources.kind import Kind, Relations, actions

ABSENT = ("ImageNotFoundException", "RepositoryNotFoundException")
DIGEST = "imageDetails[0].imageDigest"


class Image(Spec):
    """What a tag of a repository stands for now, or a digest in it. Its name: repository:tag, repository@digest."""

    kind: ClassVar[str] = "image"
    repository: Annotated[Ref, refers_to("ecr_repository")]
    tag: str | None = None
    digest: str | None = None
    """Instead of a tag."""
    region: Annotated[str, UNCOMPARED] = ""
    """For whom it is told how to push: AWS gives passwords for one region."""

    @property
    def image_id(self) -> dict[str, str]:
        """By what ECR finds it."""
        return {"imageDigest": self.digest} if self.digest else {"imageTag": self.tag or "latest"}


def read(reads: Reads) -> Iterator[Live[Image]]:
    there = {r["repositoryName"] for r in ecr_repository.listed(reads)}
    wanted = [want for want in reads.wanted(Image).values() if want.repository.name in there]
    digests = reads.map(lambda w: pushed(reads, w.repository.name, w.image_id), wanted)
    for want, digest in zip(wanted, digests, strict=True):
        if digest:
            spec = Image(name=want.name, repository=want.repository.name, tag=want.tag, digest=want.digest)
            yield Live(spec, {"id": digest}, reads.stack.name)


def pushed(reads: Reads, repository: str, image_id: dict[str, str]) -> str | None:
    """The digest that it has now; None if nothing was pushed."""
    asked = {"repositoryName": repository, "imageIds": [image_id]}
    digest: str | None = reads.ask("ecr", "describe_images", DIGEST, ABSENT, **asked)
    return digest


def ensure_image(want: Image, _live: Live[Image] | None) -> Iterator[Step]:
    params = {"repositoryName": want.repository, "imageIds": [want.image_id]}
    outputs = {"id": DIGEST}
    yield Call("ecr", "describe_images", params, outputs, hold=ABSENT, remedy=push(want))


def push(want: Image) -> Text:
    """The commands that push it, for a shell; with a tag, they build it too."""
    uri = Ref("ecr_repository", want.repository.name, "uri")
    region = f" --region {want.region}" if want.region else ""
    login = f"aws ecr get-login-password{region} | docker login --username AWS --password-stdin"
    return Text(
        "REPOSITORY={}\n"
        f'{login} "${{REPOSITORY%%/*}}"\n' + (_of_digest(want.digest) if want.digest else _built(want.tag)),
        (uri,),
    )


def _built(tag: str | None) -> str:
    return f'docker build --tag "$REPOSITORY:{tag}" .\ndocker push "$REPOSITORY:{tag}"'


def _of_digest(digest: str) -> str:
    """Nobody can push to a digest; what is copied from registry to registry keeps its own."""
    return (
        "# push the image that has this digest, from SOURCE, where it is now, to any TAG\n"
        f'docker buildx imagetools create --tag "$REPOSITORY:TAG" "SOURCE@{digest}"'
    )


def remove(_live: Live[Image]) -> Iterator[Step]:
    """Never by itself: it goes with its repository."""
    yield from ()


KIND = Kind(
    Image,
    read,
    ensure_image,
    remove,
    relations=Relations(awaited=True),
    actions=actions("ecr", "DescribeImages DescribeRepositories"),
)
