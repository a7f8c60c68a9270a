"""Images that CI or a person pushes: tasks cannot start before."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from reconciler.model import UNCOMPARED, Kind, Live, Ref, Spec, Text, refers_to
from reconciler.reads import Reads
from reconciler.resources import ecr_repository
from reconciler.steps import Call, Step

ABSENT = ("ImageNotFoundException", "RepositoryNotFoundException")
DIGEST = "imageDetails[0].imageDigest"


class Image(Spec):
    """What a tag of a repository stands for now. Its name: repository:tag."""

    kind: ClassVar[str] = "image"
    repository: Annotated[Ref, refers_to("ecr_repository")]
    tag: str
    region: Annotated[str, UNCOMPARED] = ""
    """For whom it is told how to push: AWS gives passwords for one region."""


def read(reads: Reads) -> Iterator[Live[Image]]:
    there = {r["repositoryName"] for r in ecr_repository.listed(reads)}
    wanted = [
        w for w in reads.wanted.get("image", {}).values() if isinstance(w, Image) and w.repository.name in there
    ]
    digests = reads.map(lambda w: pushed(reads, w.repository.name, w.tag), wanted)
    for want, digest in zip(wanted, digests, strict=True):
        if digest:
            spec = Image(name=want.name, repository=want.repository.name, tag=want.tag)
            yield Live(spec, {"id": digest}, reads.stack.name)


def pushed(reads: Reads, repository: str, tag: str) -> str | None:
    """The digest that the tag has now; None if nothing was pushed."""
    asked = {"repositoryName": repository, "imageIds": [{"imageTag": tag}]}
    digest: str | None = reads.ask("ecr", "describe_images", DIGEST, ABSENT, **asked)
    return digest


def ensure_image(want: Image, _live: Live[Image] | None) -> Iterator[Step]:
    params = {"repositoryName": want.repository, "imageIds": [{"imageTag": want.tag}]}
    outputs = {"id": DIGEST}
    yield Call("ecr", "describe_images", params, outputs, hold=ABSENT, remedy=push(want))


def push(want: Image) -> Text:
    """The commands that build and push it, for a shell."""
    uri = Ref("ecr_repository", want.repository.name, "uri")
    region = f" --region {want.region}" if want.region else ""
    login = f"aws ecr get-login-password{region} | docker login --username AWS --password-stdin"
    return Text(
        "REPOSITORY={}\n"
        f'{login} "${{{{REPOSITORY%%/*}}}}"\n'
        f'docker build --tag "$REPOSITORY:{want.tag}" .\n'
        f'docker push "$REPOSITORY:{want.tag}"',
        (uri,),
    )


def remove(_live: Live[Image]) -> Iterator[Step]:
    """Never by itself: it goes with its repository."""
    yield from ()


KIND = Kind(Image, read, ensure_image, remove, heading="images", external=True)
