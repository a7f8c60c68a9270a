"""Calls of ECR whose parameters exclude or need each other, and what moto leaves out of their answers."""

import json
import re
from datetime import timedelta
from typing import Any

from moto.ecr import models
from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import ECRBackend
from moto.ecr.responses import ECRResponse
from moto.iam import iam_backends

from reconciler.sandbox.world import current, wrap

NAMES = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"  # botocore's model
TOKEN_TIME = timedelta(hours=12)  # of an authorization token (ECR API reference, GetAuthorizationToken)
_DIGEST = re.compile(r"[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+")


def install() -> None:
    models.ECR_REPOSITORY_NAME_PATTERN = NAMES
    wrap(ECRResponse, "create_repository", _create_repository)
    wrap(ECRResponse, "describe_repositories", _describe_repositories)
    wrap(ECRResponse, "describe_images", _describe_images)
    wrap(ECRResponse, "get_authorization_token", _get_token)
    wrap(ECRBackend, "set_repository_policy", _set_policy)


def _refuse(where: str, problem: str) -> InvalidParameterException:
    return InvalidParameterException(
        f"Invalid parameter at '{where}' failed to satisfy constraint: '{problem}'"
    )


def _create_repository(original: Any, response: Any) -> Any:
    encryption = response._get_param("encryptionConfiguration") or {}
    if encryption.get("kmsKey") and encryption["encryptionType"] == "AES256":
        raise _refuse("encryptionConfiguration", "kmsKey is only for encryption of type KMS")
    return original(response)


def _describe_repositories(original: Any, response: Any) -> Any:
    _exclude_pages(response, "repositoryNames")
    return original(response)


def _exclude_pages(response: Any, names: str) -> None:
    """Refuse pages of what is named (API reference: maxResults and nextToken "cannot be used" then)."""
    for key in ("maxResults", "nextToken"):
        if response._get_param(names) and response._get_param(key):
            raise _refuse(key, f"cannot be used with {names}")


def _describe_images(original: Any, response: Any) -> Any:
    """Describe images, those with or those without tags if the call says so."""
    _exclude_pages(response, "imageIds")
    for image_id in response._get_param("imageIds") or ():
        digest, tag = image_id.get("imageDigest"), image_id.get("imageTag")
        if not (digest or tag) or (digest and not _DIGEST.fullmatch(digest)):
            raise _refuse("imageIds", "must have a digest or a tag")
    status = (response._get_param("filter") or {}).get("tagStatus", "ANY")
    answer = original(response)
    if status != "ANY":
        details = answer.result["imageDetails"]
        wanted = [image for image in details if hasattr(image, "image_tags") == (status == "TAGGED")]
        answer.result["imageDetails"] = wanted
    return answer


def _get_token(original: Any, response: Any) -> Any:
    answer = original(response)
    expires = current().clock.date(current().clock.now()) + TOKEN_TIME
    for data in answer.result["authorizationData"]:
        data["expiresAt"] = expires
    return answer


def _set_policy(original: Any, ecr: Any, registry_id: str, repository_name: str, policy_text: str) -> Any:
    """Set the policy of a repository: its statements name present principals and no resource (user guide)."""
    ecr._get_repository(repository_name, registry_id)
    if not _is_repository_policy(ecr, policy_text):
        raise _refuse("PolicyText", "Invalid repository policy provided")
    return original(ecr, registry_id, repository_name, policy_text)


def _is_repository_policy(ecr: Any, text: str) -> bool:
    try:
        statements = json.loads(text)["Statement"]
    except (ValueError, KeyError, TypeError):
        return False
    listed = statements if isinstance(statements, list) else [statements]
    return all(
        isinstance(statement, dict)
        and {"Principal", "NotPrincipal"} & {*statement}
        and not {"Resource", "NotResource"} & {*statement}
        for statement in listed
    ) and not _absent_roles(ecr, text)


def _absent_roles(ecr: Any, text: str) -> set[str]:
    iam = iam_backends[ecr.account_id][ecr.partition]
    named = set(re.findall(rf'"(arn:[\w-]+:iam::{ecr.account_id}:role/[^"*]+)"', text))
    return named - {role.arn for role in iam.get_roles()}
