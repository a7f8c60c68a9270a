"""Principals of trust policies: each is there, and one that was deleted is shown by its id for ever.

A role that is made again under the same name is another principal (IAM user guide, "AWS JSON policy elements:
Principal"; known to terraform-provider-aws as a drift that only a new document puts right).
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from moto.ecr import ecr_backends
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.models import IAMBackend
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator

from reconciler.sandbox.world import wrap

_KINDS = {"AWS", "Service", "Federated", "CanonicalUser"}
_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_OF_AWS = re.compile(r"\*|\d{12}|arn:[\w-]+:(iam|sts)::\d{12}:.+")


def install() -> None:
    wrap(IAMBackend, "create_role", _create_role)
    wrap(IAMBackend, "update_assume_role_policy", _update_trust)
    wrap(IAMBackend, "delete_role", _delete_role)


def _create_role(
    original: Any, iam: Any, role_name: str, assume_role_policy_document: str, *args: Any, **kwargs: Any
) -> Any:
    _check_trust(iam, assume_role_policy_document)
    return original(iam, role_name, assume_role_policy_document, *args, **kwargs)


def _update_trust(original: Any, iam: Any, role_name: str, policy_document: str) -> Any:
    iam.get_role(role_name)
    _check_trust(iam, policy_document)
    return original(iam, role_name, policy_document)


def _check_trust(iam: Any, document: str) -> None:
    try:
        parsed = json.loads(document)
    except ValueError:
        raise MalformedPolicyDocument("This policy contains invalid Json") from None
    IAMTrustPolicyDocumentValidator(document).validate()
    statements = parsed["Statement"] if isinstance(parsed["Statement"], list) else [parsed["Statement"]]
    for statement in statements:
        if not statement.get("Principal") and not statement.get("NotPrincipal"):
            raise MalformedPolicyDocument("Missing required field Principal cannot be empty!")
        for kind, value in _principals(statement.get("Principal")):
            _check_principal(iam, kind, value)


def _principals(principal: Any) -> Iterator[tuple[str, str]]:
    """Yield each principal of a statement with its kind."""
    for kind, values in principal.items() if isinstance(principal, dict) else ():
        yield from ((kind, str(value)) for value in ([values] if isinstance(values, str) else values))


def _check_principal(iam: Any, kind: str, value: str) -> None:
    """Refuse what is no principal, and an absent role or user of this account (terraform: propagation)."""
    wrong = kind not in _KINDS
    if kind == "AWS":
        wrong = not _is_known(iam, value)
    elif kind == "Service":
        wrong = not _SERVICE.fullmatch(value)
    if wrong:
        raise MalformedPolicyDocument(f'Invalid principal in policy: "{kind.upper()}":"{value}"')


def _is_known(iam: Any, value: str) -> bool:
    """Tell whether an account, an ARN or an id may be a principal; those of this account are looked up."""
    entities = [*iam.roles.values(), *iam.users.values()]
    if re.fullmatch(rf"arn:[\w-]+:iam::{iam.account_id}:(role|user)/.+", value):
        return any(entity.arn == value for entity in entities)
    return bool(_OF_AWS.fullmatch(value)) or any(entity.id == value for entity in entities)


def _delete_role(original: Any, iam: Any, role_name: str) -> Any:
    """Delete a role; the policies that name it show its id from now on, also once its name is used again."""
    role = iam.get_role(role_name)
    answer = original(iam, role_name)
    for other in iam.get_roles():
        other.assume_role_policy_document = _forget(other.assume_role_policy_document, role)
    for region in ecr_backends[iam.account_id].values():
        for repository in region.repositories.values():
            repository.policy = repository.policy and _forget(repository.policy, role)
    return answer


def _forget(document: str, role: Any) -> str:
    return document.replace(json.dumps(role.arn), json.dumps(role.id))
