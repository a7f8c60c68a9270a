import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of, code_of

ANY = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10}
TAGGED = {**ANY, "tagStatus": "tagged", "tagPrefixList": ["v"]}


@pytest.fixture
def ecr(aws) -> Any:
    client_of("ecr").create_repository(repositoryName="repo")
    return client_of("ecr")


def rule(priority: int, **selection: Any) -> dict[str, Any]:
    return {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}


def put(ecr: Any, *rules: Any) -> str:
    text = json.dumps({"rules": rules}, indent=4)
    return ecr.put_lifecycle_policy(repositoryName="repo", lifecyclePolicyText=text)["lifecyclePolicyText"]


@pytest.mark.parametrize(
    "rules",
    [
        [rule(1, tagStatus="tagged", countType="imageCountMoreThan", countNumber=10)],
        [rule(1, **TAGGED), rule(1, **ANY)],
        [rule(1, **ANY), rule(2, **TAGGED)],
        [rule(1, **{**ANY, "tagPrefixList": ["v"]})],
        [rule(1, **{**ANY, "countType": "sinceImagePushed"})],
        [rule(1, **{**ANY, "countUnit": "days"})],
    ],
)
def test_bad_lifecycle_rules_are_refused_and_the_old_ones_stay(ecr, rules):
    kept = put(ecr, rule(1, **ANY))
    with pytest.raises(ClientError) as refused:
        put(ecr, *rules)
    assert code_of(refused) == "InvalidParameterException"
    assert ecr.get_lifecycle_policy(repositoryName="repo")["lifecyclePolicyText"] == kept


def test_good_lifecycle_rules_are_taken(ecr):
    days = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 1}
    text = put(ecr, rule(1, **TAGGED), rule(2, **days), rule(3, **ANY))
    assert len(json.loads(text)["rules"]) == 3


def test_a_repository_is_made_once(ecr):
    with pytest.raises(ClientError) as refused:
        ecr.create_repository(repositoryName="repo")
    assert code_of(refused) == "RepositoryAlreadyExistsException"


def test_a_repository_with_images_is_deleted_by_force_only(ecr):
    with pytest.raises(ClientError) as refused:
        ecr.delete_repository(repositoryName="repo")
    assert code_of(refused) == "RepositoryNotEmptyException"
    ecr.delete_repository(repositoryName="repo", force=True)
    with pytest.raises(ClientError) as refused:
        ecr.get_lifecycle_policy(repositoryName="repo")
    assert code_of(refused) == "RepositoryNotFoundException"


def test_tags_are_put_read_and_taken(ecr):
    arn = ecr.describe_repositories()["repositories"][0]["repositoryArn"]
    ecr.tag_resource(resourceArn=arn, tags=[{"Key": "k", "Value": "v"}, {"Key": "more", "Value": "too"}])
    ecr.untag_resource(resourceArn=arn, tagKeys=["k"])
    assert ecr.list_tags_for_resource(resourceArn=arn)["tags"] == [{"Key": "more", "Value": "too"}]
    with pytest.raises(ClientError) as refused:
        ecr.list_tags_for_resource(resourceArn=f"{arn}-absent")
    assert code_of(refused) == "RepositoryNotFoundException"
