"""Convert roles and their trust policies to and from IAM's form."""

from collections.abc import Mapping
from typing import Any

from reconciler.model import tags
from reconciler.resources.iam_policy import POLICY_VERSION, as_list, dump_document, parse_document, parse_policy
from reconciler.resources.iam_role.spec import NO_BOUNDARY, IamRole


def encode_trust(service: str) -> dict[str, Any]:
    """Return the trust policy that lets this AWS service assume the role."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return {"Version": POLICY_VERSION, "Statement": [statement]}


def decode_trust(raw: Any) -> str:
    """Return the service of a trust policy in the form of `encode_trust`; any other document as JSON."""
    document = parse_document(raw)
    match [{k: v for k, v in s.items() if k != "Sid"} for s in as_list(document.get("Statement"))]:
        case [{"Effect": "Allow", "Action": action, "Principal": {"Service": service, **others}, **more}]:
            services = as_list(service)
            if as_list(action) == ["sts:AssumeRole"] and len(services) == 1 and not others and not more:
                return str(services[0])
    return dump_document(document)


def from_aws(role: Mapping[str, Any], name: str) -> IamRole:
    """Return the spec of a role of GetAccountAuthorizationDetails, with this name in the plan.

    That answer leaves out the description and the longest session, which ListRoles tells.
    """
    return IamRole(
        name=name,
        tags=tags.parse(role.get("Tags")),
        description=role.get("Description"),
        service_principal=decode_trust(role["AssumeRolePolicyDocument"]),
        managed_policies=frozenset(p["PolicyArn"] for p in role["AttachedManagedPolicies"]),
        policies={p["PolicyName"]: parse_policy(p["PolicyDocument"]) for p in role["RolePolicyList"]},
        boundary=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", NO_BOUNDARY),
        max_session=role.get("MaxSessionDuration"),
    )
