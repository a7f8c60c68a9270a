"""Convert roles and their trust policies to and from IAM's form."""

from collections.abc import Mapping
from typing import Any

from reconciler.model import tags
from reconciler.resources.iam_policy import (
    POLICY_VERSION,
    Condition,
    as_list,
    dump_document,
    encode_conditions,
    parse_conditions,
    parse_document,
    parse_policy,
)
from reconciler.resources.iam_role.spec import NO_BOUNDARY, IamRole


def encode_trust(role: IamRole) -> dict[str, Any]:
    """Return the trust policy that lets the role's service assume it, under the role's conditions."""
    principal = {"Service": role.service_principal}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    conditions = encode_conditions(role.trust_conditions)
    return {"Version": POLICY_VERSION, "Statement": [statement | conditions]}


def decode_trust(raw: Any) -> tuple[str, frozenset[Condition]]:
    """Return the service and the conditions of a trust policy in the form of `encode_trust`.

    Any other document is returned as JSON, without conditions.
    """
    document = parse_document(raw)
    match [{k: v for k, v in s.items() if k != "Sid"} for s in as_list(document.get("Statement"))]:
        case [{"Effect": "Allow", "Action": action, "Principal": {"Service": service, **others}, **more}]:
            conditions = frozenset(parse_conditions(more.pop("Condition", {})))
            services = as_list(service)
            if as_list(action) == ["sts:AssumeRole"] and len(services) == 1 and not others and not more:
                return str(services[0]), conditions
    return dump_document(document), frozenset()


def from_aws(role: Mapping[str, Any], name: str) -> IamRole:
    """Return the spec of a role of GetAccountAuthorizationDetails, with this name in the plan.

    That answer leaves out the description and the longest session, which ListRoles tells.
    """
    service, conditions = decode_trust(role["AssumeRolePolicyDocument"])
    return IamRole(
        name=name,
        tags=tags.parse(role.get("Tags")),
        description=role.get("Description"),
        service_principal=service,
        trust_conditions=conditions,
        managed_policies=frozenset(p["PolicyArn"] for p in role["AttachedManagedPolicies"]),
        policies={p["PolicyName"]: parse_policy(p["PolicyDocument"]) for p in role["RolePolicyList"]},
        boundary=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", NO_BOUNDARY),
        max_session=role.get("MaxSessionDuration"),
    )
