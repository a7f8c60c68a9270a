"""Refused calls of ECR."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from makers import client_of

from reconciler.sandbox.ecr.images import manifest
from refusals.probe import Probe

OPERATIONS = (
    "CreateRepository",
    "DescribeRepositories",
    "DeleteRepository",
    "PutImageTagMutability",
    "PutImageScanningConfiguration",
    "PutLifecyclePolicy",
    "GetLifecyclePolicy",
    "DeleteLifecyclePolicy",
    "SetRepositoryPolicy",
    "GetRepositoryPolicy",
    "DeleteRepositoryPolicy",
    "PutImage",
    "DescribeImages",
    "ListImages",
    "BatchGetImage",
    "BatchDeleteImage",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
    "GetAuthorizationToken",
)

Params = Callable[[], Mapping[str, Any]]
ARN = "arn:aws:ecr:us-east-1:123456789012:repository/"
ABSENT = {"repositoryName": "absent"}
NO_NAME = {"repositoryName": "No-Name"}
NO_REGISTRY = {"repositoryName": "repo", "registryId": "12"}
LATEST = {"imageIds": [{"imageTag": "latest"}]}
OTHER_IMAGE = {"imageManifest": manifest("another"), "imageTag": "latest"}
RULE = {
    "rulePriority": 1,
    "description": "a description that makes the text long enough",
    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10},
    "action": {"type": "expire"},
}
LIFECYCLE = {"lifecyclePolicyText": json.dumps({"rules": [RULE]})}
PULL = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "ecr:BatchGetImage"}


def given(**params: Any) -> Params:
    return lambda: params


def repository(**fields: Any) -> Params:
    """Make the repository `repo`, with the image `latest`, and return its name with these parameters."""

    def make() -> Mapping[str, Any]:
        client_of("ecr").create_repository(repositoryName="repo")
        return {"repositoryName": "repo", **fields}

    return make


def immutable() -> Mapping[str, Any]:
    client_of("ecr").create_repository(repositoryName="repo", imageTagMutability="IMMUTABLE")
    return {"repositoryName": "repo", **OTHER_IMAGE}


def of_arn(**fields: Any) -> Params:
    return lambda: repository()() and {"resourceArn": f"{ARN}repo", **fields}


def policy(**changes: Any) -> dict[str, str]:
    statement = {key: value for key, value in {**PULL, **changes}.items() if value}
    return {"policyText": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def tags(count: int, key: str = "key") -> list[dict[str, str]]:
    return [{"Key": f"{key}{number}", "Value": "v"} for number in range(count)]


RESERVED = [{"Key": "aws:owner", "Value": "v"}]
TWICE = [{"Key": "k", "Value": "a"}, {"Key": "k", "Value": "b"}]
LONG = [{"Key": "k" * 129, "Value": "v"}]
LONG_VALUE = [{"Key": "k", "Value": "v" * 257}]
INVALID, NOT_FOUND = "InvalidParameterException", "RepositoryNotFoundException"

PROBES = [
    Probe("CreateRepository", "RepositoryAlreadyExistsException", repository()),
    Probe("CreateRepository", INVALID, given(**NO_NAME), "must satisfy regular expression"),
    Probe("CreateRepository", INVALID, given(repositoryName="r" * 257)),
    Probe("CreateRepository", INVALID, given(repositoryName="repo", imageTagMutability="SOMETIMES")),
    Probe(
        "CreateRepository",
        INVALID,
        given(repositoryName="repo", encryptionConfiguration={"encryptionType": "AES256", "kmsKey": "alias/k"}),
    ),
    Probe("CreateRepository", "InvalidTagParameterException", given(repositoryName="repo", tags=RESERVED)),
    Probe("CreateRepository", "InvalidTagParameterException", given(repositoryName="repo", tags=TWICE)),
    Probe("CreateRepository", "InvalidTagParameterException", given(repositoryName="repo", tags=LONG)),
    Probe("CreateRepository", "InvalidTagParameterException", given(repositoryName="repo", tags=LONG_VALUE)),
    Probe("CreateRepository", "TooManyTagsException", given(repositoryName="repo", tags=tags(51))),
    Probe("DescribeRepositories", NOT_FOUND, given(repositoryNames=["absent"])),
    Probe("DescribeRepositories", INVALID, given(nextToken="no token")),
    Probe("DescribeRepositories", INVALID, given(maxResults=1001)),
    Probe("DescribeRepositories", INVALID, lambda: {"repositoryNames": ["repo"], "maxResults": 1}),
    Probe("DeleteRepository", "RepositoryNotEmptyException", repository()),
    Probe("DeleteRepository", NOT_FOUND, given(**ABSENT)),
    Probe("DeleteRepository", INVALID, given(**NO_NAME)),
    Probe("PutImageTagMutability", NOT_FOUND, given(**ABSENT, imageTagMutability="MUTABLE")),
    Probe("PutImageTagMutability", INVALID, repository(imageTagMutability="SOMETIMES")),
    Probe("PutImageScanningConfiguration", NOT_FOUND, given(**ABSENT, imageScanningConfiguration={})),
    Probe("PutImageScanningConfiguration", INVALID, given(**NO_REGISTRY, imageScanningConfiguration={})),
    Probe("PutLifecyclePolicy", NOT_FOUND, given(**ABSENT, **LIFECYCLE)),
    Probe("PutLifecyclePolicy", INVALID, repository(lifecyclePolicyText="x" * 100)),
    Probe("PutLifecyclePolicy", INVALID, repository(lifecyclePolicyText="x" * 30_721), "30720"),
    Probe("GetLifecyclePolicy", NOT_FOUND, given(**ABSENT)),
    Probe("GetLifecyclePolicy", "LifecyclePolicyNotFoundException", repository()),
    Probe("GetLifecyclePolicy", INVALID, given(**NO_NAME)),
    Probe("DeleteLifecyclePolicy", NOT_FOUND, given(**ABSENT)),
    Probe("DeleteLifecyclePolicy", "LifecyclePolicyNotFoundException", repository()),
    Probe("DeleteLifecyclePolicy", INVALID, given(**NO_NAME)),
    Probe("SetRepositoryPolicy", NOT_FOUND, given(**ABSENT, **policy())),
    Probe("SetRepositoryPolicy", INVALID, repository(policyText="{}"), "Invalid repository policy provided"),
    Probe("SetRepositoryPolicy", INVALID, repository(**policy(Principal=None))),
    Probe("SetRepositoryPolicy", INVALID, repository(**policy(Resource="*"))),
    Probe(
        "SetRepositoryPolicy",
        INVALID,
        repository(**policy(Principal={"AWS": "arn:aws:iam::123456789012:role/absent"})),
    ),
    Probe("GetRepositoryPolicy", NOT_FOUND, given(**ABSENT)),
    Probe("GetRepositoryPolicy", "RepositoryPolicyNotFoundException", repository()),
    Probe("GetRepositoryPolicy", INVALID, given(**NO_NAME)),
    Probe("DeleteRepositoryPolicy", NOT_FOUND, given(**ABSENT)),
    Probe("DeleteRepositoryPolicy", "RepositoryPolicyNotFoundException", repository()),
    Probe("DeleteRepositoryPolicy", INVALID, given(**NO_NAME)),
    Probe("PutImage", NOT_FOUND, given(**ABSENT, **OTHER_IMAGE)),
    Probe("PutImage", INVALID, repository(imageManifest="no manifest")),
    Probe("PutImage", INVALID, repository(imageManifest=manifest("x"), imageTag="a tag")),
    Probe(
        "PutImage", "ImageAlreadyExistsException", repository(imageManifest=manifest("repo"), imageTag="latest")
    ),
    Probe("PutImage", "ImageTagAlreadyExistsException", immutable, "the repository is immutable"),
    Probe(
        "PutImage",
        "ImageDigestDoesNotMatchException",
        repository(**OTHER_IMAGE, imageDigest=f"sha256:{'0' * 64}"),
    ),
    Probe("DescribeImages", NOT_FOUND, given(**ABSENT)),
    Probe("DescribeImages", "ImageNotFoundException", repository(imageIds=[{"imageTag": "absent"}])),
    Probe("DescribeImages", INVALID, repository(imageIds=[{"imageDigest": "no digest"}])),
    Probe("DescribeImages", INVALID, repository(**LATEST, maxResults=1)),
    Probe("ListImages", NOT_FOUND, given(**ABSENT)),
    Probe("ListImages", INVALID, repository(nextToken="no token")),
    Probe("BatchGetImage", NOT_FOUND, given(**ABSENT, **LATEST)),
    Probe("BatchGetImage", INVALID, given(**NO_NAME, **LATEST)),
    Probe("BatchDeleteImage", NOT_FOUND, given(**ABSENT, **LATEST)),
    Probe("BatchDeleteImage", INVALID, given(**NO_NAME, **LATEST)),
    Probe("TagResource", NOT_FOUND, given(resourceArn=f"{ARN}absent", tags=tags(1))),
    Probe("TagResource", INVALID, given(resourceArn="no-arn", tags=tags(1))),
    Probe("TagResource", "InvalidTagParameterException", of_arn(tags=RESERVED)),
    Probe("TagResource", "TooManyTagsException", of_arn(tags=tags(51))),
    Probe("UntagResource", NOT_FOUND, given(resourceArn=f"{ARN}absent", tagKeys=["k"])),
    Probe("UntagResource", INVALID, given(resourceArn="no-arn", tagKeys=["k"])),
    Probe("ListTagsForResource", NOT_FOUND, given(resourceArn=f"{ARN}absent")),
    Probe("ListTagsForResource", INVALID, given(resourceArn="no-arn")),
    Probe("GetAuthorizationToken", INVALID, given(registryIds=["12"])),
]
