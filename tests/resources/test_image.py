import pytest
from support import act, client, look, make, see, settle

from reconciler.model.references import Text
from reconciler.model.spec import Live
from reconciler.resources.ecr_repository import EcrRepository
from reconciler.resources.image import KIND, Image, format_push_commands
from reconciler.resources.log_group import LogGroup

pytestmark = pytest.mark.usefixtures("aws")
NAME = "ecr-repo-shop-dev"
REPOSITORY = make(EcrRepository, NAME)
IMAGE = Image(name=f"{NAME}:latest", repository=REPOSITORY.ref(), tag="latest", region="us-east-1")
DIGEST = f"sha256:{'ab' * 32}"
OF_DIGEST = Image(name=f"{NAME}@{DIGEST}", repository=REPOSITORY.ref(), digest=DIGEST, region="us-east-1")
USER = make(LogGroup, "/aws/ecs/shop-dev").model_copy(update={"after": frozenset({IMAGE.ref()})})
PLATFORM = [REPOSITORY, IMAGE, USER]


def take_away() -> None:
    client("ecr").batch_delete_image(repositoryName=NAME, imageIds=[{"imageTag": "latest"}])


def test_an_image_is_looked_for_and_held_if_it_is_not_there():
    (look_for,) = KIND.ensure(IMAGE, None)
    assert look_for.reads
    assert look_for.hold == ("ImageNotFoundException", "RepositoryNotFoundException")
    assert isinstance(look_for.remedy, Text)


def test_the_remedy_is_the_commands_that_push_it():
    remedy = format_push_commands(IMAGE).fill(lambda _: "1.dkr.ecr.us-east-1.amazonaws.com/shop")
    assert remedy.splitlines() == [
        "REPOSITORY=1.dkr.ecr.us-east-1.amazonaws.com/shop",
        (
            "aws ecr get-login-password --region us-east-1"
            ' | docker login --username AWS --password-stdin "${REPOSITORY%%/*}"'
        ),
        'docker build --platform linux/amd64 --tag "$REPOSITORY:latest" .',
        'docker push "$REPOSITORY:latest"',
    ]


def test_one_cannot_push_to_a_digest():
    remedy = format_push_commands(OF_DIGEST).fill(lambda _: "1.dkr.ecr.us-east-1.amazonaws.com/shop")
    assert remedy.splitlines()[2:] == [
        "# push the image that has this digest, from SOURCE, where it is now, to any TAG",
        f'docker buildx imagetools create --tag "$REPOSITORY:TAG" "SOURCE@{DIGEST}"',
    ]


def test_a_digest_is_looked_for_as_one():
    (look_for,) = KIND.ensure(OF_DIGEST, None)
    assert look_for.params["imageIds"] == [{"imageDigest": DIGEST}]
    settle([REPOSITORY])
    pinned = USER.model_copy(update={"after": frozenset({OF_DIGEST.ref()})})
    assert act(see([REPOSITORY, OF_DIGEST, pinned])).held.keys() == {
        f"image.{NAME}@{DIGEST}",
        "log_group./aws/ecs/shop-dev",
    }
    found = client("ecr").describe_images(repositoryName=NAME)["imageDetails"][0]["imageDigest"]
    there = Image(name=f"{NAME}@{found}", repository=REPOSITORY.ref(), digest=found)
    settle([REPOSITORY, there, USER.model_copy(update={"after": frozenset({there.ref()})})])


def test_an_image_that_is_pushed_is_read_with_its_digest_as_id():
    settle(PLATFORM)
    (found,) = [live for live in look(PLATFORM) if live.spec.kind == "image"]
    assert found.outputs["id"].startswith("sha256:")


def test_what_needs_an_image_is_held_until_it_is_there():
    settle([REPOSITORY])
    take_away()
    outcome = act(see(PLATFORM))
    assert outcome.held.keys() == {f"image.{NAME}:latest", "log_group./aws/ecs/shop-dev"}
    assert f".amazonaws.com/{NAME}\n" in outcome.held[f"image.{NAME}:latest"].remedy


def test_an_image_that_nothing_needs_is_not_looked_for():
    settle(PLATFORM)
    take_away()
    assert not see(PLATFORM).changes


def test_images_of_repositories_that_are_not_there_are_not_asked_for():
    assert look(PLATFORM) == []


def test_an_image_is_not_deleted_by_itself():
    assert list(KIND.remove(Live(IMAGE, {"id": DIGEST}))) == []


def test_an_image_goes_with_its_repository():
    settle(PLATFORM)
    assert settle([], file=PLATFORM) == [f"delete ecr_repository.{NAME}", "delete log_group./aws/ecs/shop-dev"]
