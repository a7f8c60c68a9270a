"""What a role, a policy and their tags may hold (IAM user guide, "IAM and STS quotas")."""

import re
from typing import Any

from moto.iam.exceptions import LimitExceededException
from moto.iam.models import IAMBackend

from reconciler.sandbox.world import wrap

ATTACHED_LIMIT = 10  # managed policies of a role
INLINE_LIMIT = 10_240  # characters of all inline policies of a role, blanks not counted
POLICY_LIMIT = 6_144  # characters of a managed policy, blanks not counted
TAGS_LIMIT = 50  # tags of a role or a policy
TRUST_LIMIT = 2_048  # characters of a trust policy, blanks not counted


def install() -> None:
    wrap(IAMBackend, "create_role", _create_role)
    wrap(IAMBackend, "update_assume_role_policy", _update_trust)
    wrap(IAMBackend, "put_role_policy", _put_role_policy)
    wrap(IAMBackend, "attach_role_policy", _attach_role_policy)
    wrap(IAMBackend, "create_policy", _create_policy)
    wrap(IAMBackend, "create_policy_version", _create_policy_version)
    wrap(IAMBackend, "tag_role", _tag_role)
    wrap(IAMBackend, "tag_policy", _tag_policy)


def _check_size(text: str, quota: str, limit: int) -> None:
    if _count(text) > limit:
        raise LimitExceededException(f"Cannot exceed quota for {quota}: {limit}")


def _count(text: str) -> int:
    return len(re.sub(r"\s", "", text))


def _create_role(
    original: Any, iam: Any, role_name: str, assume_role_policy_document: str, *args: Any, **kwargs: Any
) -> Any:
    _check_size(assume_role_policy_document, "ACLSizePerRole", TRUST_LIMIT)
    return original(iam, role_name, assume_role_policy_document, *args, **kwargs)


def _update_trust(original: Any, iam: Any, role_name: str, policy_document: str) -> Any:
    iam.get_role(role_name)
    _check_size(policy_document, "ACLSizePerRole", TRUST_LIMIT)
    return original(iam, role_name, policy_document)


def _put_role_policy(original: Any, iam: Any, role_name: str, policy_name: str, policy_json: str) -> Any:
    role = iam.get_role(role_name)
    texts = {**role.policies, policy_name: policy_json}.values()
    if sum(_count(text) for text in texts) > INLINE_LIMIT:
        raise LimitExceededException(
            f"Maximum policy size of {INLINE_LIMIT} bytes exceeded for role {role_name}"
        )
    return original(iam, role_name, policy_name, policy_json)


def _attach_role_policy(original: Any, iam: Any, policy_arn: str, role_name: str) -> Any:
    attached = set(iam.get_role(role_name).managed_policies) | {policy_arn}
    if len(attached) > ATTACHED_LIMIT and policy_arn in iam.managed_policies:
        raise LimitExceededException(f"Cannot exceed quota for PoliciesPerRole: {ATTACHED_LIMIT}")
    return original(iam, policy_arn, role_name)


def _create_policy(
    original: Any, iam: Any, description: str, path: str, policy_document: str, policy_name: str, tags: Any
) -> Any:
    _check_size(policy_document, "PolicySize", POLICY_LIMIT)
    return original(iam, description, path, policy_document, policy_name, tags)


def _create_policy_version(
    original: Any, iam: Any, policy_arn: str, policy_document: str, set_as_default: bool
) -> Any:
    iam.get_policy(policy_arn)
    _check_size(policy_document, "PolicySize", POLICY_LIMIT)
    return original(iam, policy_arn, policy_document, set_as_default)


def _tag_role(original: Any, iam: Any, role_name: str, tags: list[dict[str, str]]) -> Any:
    """Tag a role. Keys differ without case, and a tag that is sent again replaces the old one (user guide)."""
    role = iam.get_role(role_name)
    kept = _without(role.tags, tags)
    _check_tags("TagsPerRole", len(kept) + len(tags))
    role.tags = kept
    return original(iam, role_name, tags)


def _without(present: list[dict[str, str]], tags: list[dict[str, str]]) -> list[dict[str, str]]:
    sent = {tag["Key"].lower() for tag in tags}
    return [tag for tag in present if tag["Key"].lower() not in sent]


def _tag_policy(original: Any, iam: Any, policy_arn: str, tags: list[dict[str, str]]) -> Any:
    policy = iam.get_policy(policy_arn)
    _check_tags("TagsPerPolicy", len({*policy.tags} | {tag["Key"].lower() for tag in tags}))
    return original(iam, policy_arn, tags)


def _check_tags(quota: str, count: int) -> None:
    if count > TAGS_LIMIT:
        raise LimitExceededException(f"Cannot exceed quota for {quota}: {TAGS_LIMIT}")
