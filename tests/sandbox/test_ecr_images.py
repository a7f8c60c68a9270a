from typing import Any

import pytest

from reconciler.sandbox import install
from reconciler.sandbox.ecr.images import find_digest, manifest

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/repo"


@pytest.fixture
def ecr(client: Any) -> Any:
    return client("ecr")


def digests(ecr: Any) -> list[str]:
    return [image["imageDigest"] for image in ecr.describe_images(repositoryName="repo")["imageDetails"]]


def test_a_new_repository_holds_the_same_image_each_time(ecr: Any) -> None:
    ecr.create_repository(repositoryName="repo")
    first = digests(ecr)
    assert ecr.describe_images(repositoryName="repo")["imageDetails"][0]["imageTags"] == ["latest"]
    ecr.delete_repository(repositoryName="repo", force=True)
    ecr.create_repository(repositoryName="repo")
    assert digests(ecr) == first


def test_images_can_be_left_to_somebody_else(ecr: Any) -> None:
    install(images=False)
    ecr.create_repository(repositoryName="repo")
    assert digests(ecr) == []
    assert find_digest(f"{IMAGE}:latest") is None


def test_a_push_moves_the_tag_to_another_digest(ecr: Any) -> None:
    ecr.create_repository(repositoryName="repo")
    before = find_digest(f"{IMAGE}:latest")
    pushed = ecr.put_image(repositoryName="repo", imageTag="latest", imageManifest=manifest("another"))["image"]
    assert find_digest(IMAGE) == pushed["imageId"]["imageDigest"] != before
    assert find_digest(f"{IMAGE}@{pushed['imageId']['imageDigest']}") == find_digest(IMAGE)


def test_an_image_of_another_registry_is_always_there(ecr: Any) -> None:
    assert (
        find_digest("public.ecr.aws/nginx/nginx:latest")
        == find_digest("public.ecr.aws/nginx/nginx:latest")
        is not None
    )


def test_an_image_whose_tag_moves_stays_without_one(ecr: Any) -> None:
    ecr.create_repository(repositoryName="repo")
    (before,) = digests(ecr)
    ecr.put_image(repositoryName="repo", imageTag="latest", imageManifest=manifest("another"))
    untagged = ecr.describe_images(repositoryName="repo", filter={"tagStatus": "UNTAGGED"})["imageDetails"]
    assert [image["imageDigest"] for image in untagged] == [before]


def test_a_filter_turns_the_rule_of_an_immutable_repository_round(ecr: Any) -> None:
    kept = [{"filterType": "WILDCARD", "filter": "dev*"}]
    ecr.create_repository(
        repositoryName="repo",
        imageTagMutability="IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters=kept,
    )
    for name in ("one", "two"):
        ecr.put_image(repositoryName="repo", imageTag="dev-1", imageManifest=manifest(name))
    assert len(digests(ecr)) == 3
