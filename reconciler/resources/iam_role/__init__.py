"""IAM roles that AWS services assume, with all of their policies. Their names are case-insensitive."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from reconciler.aws.candidates import find_only, is_candidate
from reconciler.aws.cli_command import cli_command
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Blocker, Live
from reconciler.model.steps import Call
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.drifting import DriftNotes
from reconciler.resources.iam_policy import Policy, Statement
from reconciler.resources.iam_role.calls import NOT_FOUND, ensure_role, remove
from reconciler.resources.iam_role.documents import from_aws
from reconciler.resources.iam_role.severities import SEVERITIES
from reconciler.resources.iam_role.spec import NO_BOUNDARY, IamRole
from reconciler.resources.kind import Kind, Relations, actions

__all__ = ["KIND", "NO_BOUNDARY", "IamRole", "Policy", "Statement", "ensure_role", "from_aws"]

ACCESS_DENIED = ("AccessDenied",)
NOT_LISTED = "iam:ListRoles is not allowed, and no other call tells it of all roles"
LISTED = ("Description", "MaxSessionDuration")  # ListRoles tells them, GetAccountAuthorizationDetails does not
LARGE_PAGES = {"MaxItems": 1000}  # AWS's most: in a large account pages of 100, one after another, take seconds


def read(reads: Reads) -> Iterator[Live[IamRole]]:
    wanted = {name.lower(): name for name in reads.desired.names("iam_role")}
    for role in _describe_roles(reads):
        owner, name = tags.owner(tags.parse(role.get("Tags"))), wanted.get(role["RoleName"].lower())
        if name is None and owner != reads.stack.name:
            continue
        outputs = {"id": role["RoleName"], "arn": role["Arn"]}
        profiles = tuple(to_blocker(role["RoleName"], p) for p in role.get("InstanceProfileList", ()))
        yield Live(from_aws(role, name or role["RoleName"]), outputs, owner, profiles)


def read_creation_times(reads: Reads) -> dict[str, datetime]:
    """Return the creation times of the roles that may be ours, by name."""
    return {role["RoleName"]: role["CreateDate"] for role in _describe_roles(reads)}


def to_blocker(role: str, profile: Mapping[str, Any]) -> Blocker:
    """Return an instance profile with a role in it, as the blocker of the role's deletion."""
    name = profile["InstanceProfileName"]
    params = {"InstanceProfileName": name, "RoleName": role}
    remedy = cli_command(Call("iam", "remove_role_from_instance_profile", params))
    return Blocker(f"instance profile {name}", remedy)


def _describe_roles(reads: Reads) -> Iterable[dict[str, Any]]:
    """Return all roles with their policies; if that is denied, those that may be ours, read one by one."""
    if only := find_only(reads, "iam_role"):
        return _describe_each(reads, [only])
    pages, listed = _list_details(reads), _list_roles(reads)
    if not pages:
        # Without their ARNs: roles are not in the tagging index, which would rule them out.
        names = {r["RoleName"] for r in listed if is_candidate(reads, "iam_role", r["RoleName"])}
        return _describe_each(reads, sorted(names or reads.desired.names("iam_role")))
    left_out = {r["RoleName"]: {"Description": "", **{k: r[k] for k in LISTED if k in r}} for r in listed}
    return [role | left_out.get(role["RoleName"], {}) for page in pages for role in page]


def _list_details(reads: Reads) -> list[list[dict[str, Any]]]:
    """Return the pages of all roles with their policies; none if that is denied."""
    everything = {"Filter": ["Role"], **LARGE_PAGES}
    path = "[RoleDetailList]"
    return reads.pages("iam", "get_account_authorization_details", path, ACCESS_DENIED, **everything)


def _list_roles(reads: Reads) -> list[dict[str, Any]]:
    return reads.pages("iam", "list_roles", "Roles[]", ACCESS_DENIED, **LARGE_PAGES)


def _describe_each(reads: Reads, names: Iterable[str]) -> list[dict[str, Any]]:
    return [role for role in reads.map(lambda name: _describe_role(reads, name), names) if role]


def _describe_role(reads: Reads, name: str) -> dict[str, Any] | None:
    """Return a role like GetAccountAuthorizationDetails does, with its description; None if it is missing."""
    role = reads.ask("iam", "get_role", "Role", NOT_FOUND, RoleName=name)
    if role is None:
        return None
    inline = reads.pages("iam", "list_role_policies", "PolicyNames[]", RoleName=name)
    return {
        "Description": "",
        **role,
        "AttachedManagedPolicies": reads.pages(
            "iam", "list_attached_role_policies", "AttachedPolicies[]", RoleName=name
        ),
        "RolePolicyList": [reads.ask("iam", "get_role_policy", RoleName=name, PolicyName=p) for p in inline],
    }


KIND = Kind(
    IamRole,
    read,
    ensure_role,
    remove,
    relations=Relations(keeps_ids=lambda ref: ref.name.rpartition("/")[2]),
    tagging=tags.IAM_ROLE,
    severities=SEVERITIES,
    drift_notes=DriftNotes(unknown=dict.fromkeys(("description", "max_session"), NOT_LISTED)),
    early={"iam": lambda reads: (_list_details(reads), _list_roles(reads))},
    touched_by=TouchedBy(
        "iam.amazonaws.com",
        {"roleName": "id"},
        made_by=("CreateRole",),
        deleted_by=("DeleteRole",),
        changed_by={
            "policies": ("PutRolePolicy", "DeleteRolePolicy"),
            "managed_policies": ("AttachRolePolicy", "DetachRolePolicy"),
            "service_principal": ("UpdateAssumeRolePolicy",),
            "trust_conditions": ("UpdateAssumeRolePolicy",),
            "boundary": ("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"),
            "": ("UpdateRole", "UpdateRoleDescription"),
            TAGS: ("TagRole", "UntagRole"),
        },
        parameters={
            "policies": "policyName",
            "max_session": "maxSessionDuration",
            "boundary": "permissionsBoundary",
        },
        found_by="id",
        is_global=True,
    ),
    actions=actions(
        "iam",
        "AttachRolePolicy CreateRole DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy "
        "DetachRolePolicy GetAccountAuthorizationDetails GetRole GetRolePolicy ListAttachedRolePolicies "
        "ListRolePolicies ListRoles PutRolePermissionsBoundary PutRolePolicy TagRole "
        "UpdateAssumeRolePolicy UpdateRole",
    ),
)
