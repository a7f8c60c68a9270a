import json
from typing import Any

import pytest
from support import Counted, calls, client, differences, look, make, see, settle

from reconciler.model.references import Json, Ref
from reconciler.model.tags import STACK
from reconciler.resources.ecr_repository import KIND, EcrRepository, decode_lifecycle, encode_lifecycle
from reconciler.sandbox.ecr.images import manifest

pytestmark = pytest.mark.usefixtures("aws")
NAME = "ecr-repo-shop-dev"


def repository(**fields: Any) -> EcrRepository:
    return make(EcrRepository, NAME, **{"scan_on_push": True, "keep_images": 10, **fields})


def rule(**fields: Any) -> str:
    (ours,) = encode_lifecycle(10)["rules"]
    return json.dumps({"rules": [{**ours, **fields}]})


def test_our_lifecycle_policy_is_a_number():
    assert decode_lifecycle(json.dumps(encode_lifecycle(10))) == 10
    assert decode_lifecycle(rule(description="mine", rulePriority=5)) == 10


@pytest.mark.parametrize(
    "text",
    [
        rule(selection={"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 10}),
        rule(
            selection={
                "tagStatus": "any",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 10,
            }
        ),
        json.dumps({"rules": encode_lifecycle(10)["rules"] * 2}),
    ],
)
def test_any_other_policy_is_itself(text: str):
    assert json.loads(str(decode_lifecycle(text))) == json.loads(text)


def test_a_new_repository_is_scanned_and_keeps_so_many():
    create, keep = calls(KIND.ensure(repository(), None))
    assert create[1]["imageScanningConfiguration"] == {"scanOnPush": True}
    assert keep == (
        "put_lifecycle_policy",
        {"repositoryName": NAME, "lifecyclePolicyText": Json(encode_lifecycle(10))},
    )


def test_what_is_to_be_kept_is_not_managed_if_not_given():
    assert [operation for operation, _ in calls(KIND.ensure(repository(keep_images=None), None))] == [
        "create_repository"
    ]


def test_made_then_nothing_to_do_then_gone_with_its_images():
    assert settle([repository()]) == [f"create ecr_repository.{NAME}"]
    (found,) = look([repository()])
    assert found.outputs["uri"].endswith(f"/{NAME}")
    assert client("ecr").list_images(repositoryName=NAME)["imageIds"]
    assert settle([], file=[repository()]) == [f"delete ecr_repository.{NAME}"]
    assert look([repository()]) == []


@pytest.mark.parametrize("wanted", [[], [make(EcrRepository, "ecr-repo-other-dev")]])
def test_a_deletion_says_how_many_images_go_with_it(wanted: list[EcrRepository]):
    settle([repository()])
    for tag in ("one", "two"):
        client("ecr").put_image(repositoryName=NAME, imageManifest=manifest(tag), imageTag=tag)
    todo = see(wanted, wanted or [repository()])
    (deletion,) = [change for change in todo.changes if change.address.name == NAME]
    assert deletion.loses == "3 images"  # with the one that the embedded AWS puts into a new repository


def test_images_are_counted_before_a_deletion_only():
    settle([repository()])
    with Counted() as counter:
        look([repository()])
    assert counter["DescribeImages"] == 0
    (deletion,) = see([], [repository()]).changes
    assert deletion.loses == "1 image"


def test_scanning_changed_by_hand_is_put_right():
    settle([repository()])
    off = {"scanOnPush": False}
    client("ecr").put_image_scanning_configuration(repositoryName=NAME, imageScanningConfiguration=off)
    assert differences(see([repository()])) == {f"ecr_repository.{NAME}": ["scan_on_push"]}
    settle([repository()])


def test_who_scans_is_asked_only_where_a_repository_differs():
    settle([repository()])
    with Counted() as asked:
        look([repository()])
    assert asked["GetRegistryScanningConfiguration"] == 0


def test_where_the_registry_scans_a_repository_cannot_differ():
    settle([repository()])
    client("ecr").put_registry_scanning_configuration(scanType="ENHANCED", rules=[])
    off = {"scanOnPush": False}
    client("ecr").put_image_scanning_configuration(repositoryName=NAME, imageScanningConfiguration=off)
    assert see([repository()]).changes == ()


@pytest.mark.parametrize(
    "text", [json.dumps(encode_lifecycle(3)), json.dumps({"rules": encode_lifecycle(3)["rules"]}), None]
)
def test_a_lifecycle_policy_changed_by_hand_is_put_right(text: str | None):
    settle([repository()])
    if text:
        client("ecr").put_lifecycle_policy(repositoryName=NAME, lifecyclePolicyText=text)
    else:
        client("ecr").delete_lifecycle_policy(repositoryName=NAME)
    assert differences(see([repository()])) == {f"ecr_repository.{NAME}": ["keep_images"]}
    settle([repository()])


def test_a_tag_changed_by_hand_is_put_right():
    settle([repository()])
    (found,) = look([repository()])
    tags = [{"Key": "ecs-reconciler:name", "Value": "else"}, {"Key": "theirs", "Value": "kept"}]
    client("ecr").tag_resource(resourceArn=found.outputs["arn"], tags=tags)
    assert differences(see([repository()])) == {f"ecr_repository.{NAME}": ["tags"]}
    settle([repository()])
    (found,) = look([repository()])
    assert found.spec.tags["theirs"] == "kept"


def test_a_repository_of_others_is_not_touched():
    client("ecr").create_repository(repositoryName=NAME)
    (conflict,) = see([repository()]).conflicts
    assert "aws ecr tag-resource" in conflict.remedy


def test_a_repository_that_lost_its_tag_stops_the_plan():
    settle([repository()])
    (found,) = look([repository()])
    client("ecr").untag_resource(resourceArn=found.outputs["arn"], tagKeys=[STACK])
    assert [str(c.address) for c in see([repository()]).conflicts] == [f"ecr_repository.{NAME}"]


def test_repositories_of_others_cost_list_pages_only():
    settle([repository()])
    for n in range(20):
        client("ecr").create_repository(repositoryName=f"theirs-{n}")
    with Counted() as counted:
        look([repository()])
    assert counted["ListTagsForResource"] == counted["GetLifecyclePolicy"] == 1


@pytest.mark.parametrize(
    ("attr", "own_id"),
    [("id", "team/web"), ("uri", "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web")],
)
def test_a_repository_that_is_made_again_has_its_name_and_its_uri_again(attr: str, own_id: str):
    assert KIND.relations.keeps_ids
    assert KIND.relations.keeps_ids(Ref("ecr_repository", own_id, attr, by_id=True)) == "team/web"
