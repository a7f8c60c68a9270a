"""IAM roles that a service of AWS takes on, with all of their policies. Their names do not differ by case alone."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Json
from reconciler.model.spec import OBSERVED, Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step, Wait
from reconciler.resources.iam_policy import VERSION, Policy, Statement, canonical, many, parsed, policy
from reconciler.resources.kind import Kind, Relations, actions

__all__ = ["KIND", "IamRole", "Policy", "Statement"]

GONE, DENIED = ("NoSuchEntity",), ("AccessDenied",)
NOT_SEEN = (ErrorMatch("NoSuchEntity", "role with name"), "ConcurrentModification")
PROPAGATION = 120  # seconds, as Terraform's IAM packages have it
EXISTS = {
    "operation": "GetRole",
    "acceptors": [
        # At first the ARN may be the bare unique id (terraform-provider-aws, iam/role.go).
        {"matcher": "path", "argument": "starts_with(Role.Arn, 'arn:')", "expected": True, "state": "success"},
        {"matcher": "error", "expected": "NoSuchEntity", "state": "retry"},
    ],
}


class IamRole(Spec):
    """A role. A policy that is not listed is taken from it."""

    kind: ClassVar[str] = "iam_role"
    description: Annotated[str | None, OBSERVED] = None
    service_principal: str
    """The AWS service that may assume it, such as ecs-tasks.amazonaws.com; of other trust, live, the document."""
    managed_policies: frozenset[str] = frozenset()
    """ARNs."""
    policies: Mapping[str, Policy] = {}
    """Inline ones, by name."""


def read(reads: Reads) -> Iterator[Live[IamRole]]:
    wanted = {name.lower(): name for name in reads.names("iam_role")}
    for role in _roles(reads):
        owned = tags.parse(role.get("Tags"))
        owner, name = tags.owner(owned), wanted.get(role["RoleName"].lower())
        if name is None and owner != reads.stack.name:
            continue
        spec = IamRole(
            name=name or role["RoleName"],
            tags=owned,
            description=role["Description"],
            service_principal=trusted(role["AssumeRolePolicyDocument"]),
            managed_policies=frozenset(p["PolicyArn"] for p in role["AttachedManagedPolicies"]),
            policies={p["PolicyName"]: policy(p["PolicyDocument"]) for p in role["RolePolicyList"]},
        )
        yield Live(spec, {"id": role["RoleName"], "arn": role["Arn"]}, owner)


def _roles(reads: Reads) -> Iterable[dict[str, Any]]:
    """All roles with all that is in them; or, where that is denied, those that might be ours, one by one."""
    everything = {"Filter": ["Role"]}
    pages = reads.pages("iam", "get_account_authorization_details", "[RoleDetailList]", DENIED, **everything)
    listed = reads.pages("iam", "list_roles", "Roles[]", DENIED)
    if not pages:
        names = {r["RoleName"] for r in listed if reads.is_candidate("iam_role", r["RoleName"], r["Arn"])}
        found = reads.map(lambda name: _role(reads, name), sorted(names or reads.names("iam_role")))
        return [role for role in found if role]
    said = {r["RoleName"]: r.get("Description", "") for r in listed}  # the details leave it out
    return [{**r, "Description": said.get(r["RoleName"])} for page in pages for r in page]


def _role(reads: Reads, name: str) -> dict[str, Any] | None:
    role = reads.ask("iam", "get_role", "Role", GONE, RoleName=name)
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


def creation_times(reads: Reads) -> dict[str, datetime]:
    """Return when each role that may be ours was made."""
    return {role["RoleName"]: role["CreateDate"] for role in _roles(reads)}


def trust(service: str) -> dict[str, Any]:
    """The document that lets this service take the role on."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return {"Version": VERSION, "Statement": [statement]}


def trusted(raw: Any) -> str:
    """The service of a document that is as `trust` makes it; of another one, the document itself."""
    document = parsed(raw)
    match [{k: v for k, v in s.items() if k != "Sid"} for s in many(document.get("Statement"))]:
        case [{"Effect": "Allow", "Action": action, "Principal": {"Service": service, **others}, **more}]:
            if many(action) == ["sts:AssumeRole"] and len(many(service)) == 1 and not others and not more:
                return str(many(service)[0])
    return canonical(document)


def ensure_role(want: IamRole, live: Live[IamRole] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.IAM_ROLE, want, live)
        yield from _amend(want, live.spec)
        yield from _take(want.ref(), live.spec, want)
    else:
        yield from _create(want)
    yield from _give(want, live.spec if live else None)


def _create(want: IamRole) -> Iterator[Step]:
    params = {
        "RoleName": want.name,
        "AssumeRolePolicyDocument": Json(trust(want.service_principal)),
        "Tags": tags.encode(want.tags),
    }
    about = {"Description": want.description} if want.description else {}
    outputs = {"id": "Role.RoleName", "arn": "Role.Arn"}
    yield Call("iam", "create_role", params | about, outputs)
    yield Wait(
        "iam", "role_exists", {"RoleName": want.ref()}, EXISTS, {"arn": "Role.Arn"}, patience=PROPAGATION
    )


def _amend(want: IamRole, have: IamRole) -> Iterator[Step]:
    role = {"RoleName": want.ref()}
    if want.service_principal != have.service_principal:
        params = {**role, "PolicyDocument": Json(trust(want.service_principal))}
        yield Call("iam", "update_assume_role_policy", params, retry=NOT_SEEN, patience=PROPAGATION)
    if want.description is not None and have.description not in (None, want.description):
        # Not UpdateRole: that puts the longest session back to an hour (IAM API reference).
        params = {**role, "Description": want.description}
        yield Call("iam", "update_role_description", params, retry=NOT_SEEN, patience=PROPAGATION)


def _take(role: Any, have: IamRole, want: IamRole | None) -> Iterator[Step]:
    """Before anything is given: a role may be at the limit of what it can hold."""
    once_more = ("ConcurrentModification",)
    for arn in sorted(have.managed_policies - (want.managed_policies if want else frozenset())):
        params = {"RoleName": role, "PolicyArn": arn}
        yield Call("iam", "detach_role_policy", params, ignore=GONE, retry=once_more, patience=PROPAGATION)
    for name in sorted(have.policies.keys() - (want.policies.keys() if want else set())):
        params = {"RoleName": role, "PolicyName": name}
        yield Call("iam", "delete_role_policy", params, ignore=GONE, retry=once_more, patience=PROPAGATION)


def _give(want: IamRole, have: IamRole | None) -> Iterator[Step]:
    role = {"RoleName": want.ref()}
    for arn in sorted(want.managed_policies - (have.managed_policies if have else frozenset())):
        params = {**role, "PolicyArn": arn}
        yield Call("iam", "attach_role_policy", params, retry=NOT_SEEN, patience=PROPAGATION)
    for name, one in sorted(want.policies.items()):
        if not have or have.policies.get(name) != one:
            params = {**role, "PolicyName": name, "PolicyDocument": Json(one.document)}
            yield Call("iam", "put_role_policy", params, retry=NOT_SEEN, patience=PROPAGATION)


def remove(live: Live[IamRole]) -> Iterator[Step]:
    yield from _take(live.outputs["id"], live.spec, None)
    params, busy = {"RoleName": live.outputs["id"]}, ("DeleteConflict", "ConcurrentModification")
    yield Call("iam", "delete_role", params, ignore=GONE, retry=busy, patience=PROPAGATION)


KIND = Kind(
    IamRole,
    read,
    ensure_role,
    remove,
    relations=Relations(keeps_ids=lambda ref: ref.name.rpartition("/")[2]),
    tagging=tags.IAM_ROLE,
    actions=actions(
        "iam",
        "AttachRolePolicy CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy "
        "GetAccountAuthorizationDetails GetRole GetRolePolicy ListAttachedRolePolicies "
        "ListRolePolicies ListRoles PutRolePolicy TagRole UpdateAssumeRolePolicy "
        "UpdateRoleDescription",
    ),
)
