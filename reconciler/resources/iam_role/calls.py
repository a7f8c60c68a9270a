"""The calls that create, change and delete a role."""

from collections.abc import Iterator
from typing import Any

from reconciler.model import tags
from reconciler.model.newness import IN_FORCE_WITHIN, if_new
from reconciler.model.references import Json, Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Step, Wait
from reconciler.resources.iam_role.documents import encode_trust
from reconciler.resources.iam_role.spec import NO_BOUNDARY, IamRole

NOT_FOUND = ("NoSuchEntity",)
ROLE_NOT_FOUND = (ErrorMatch("NoSuchEntity", "role with name"),)
POLICIES_GONE_WITHIN = 120  # seconds until IAM shows that a policy is removed, as Terraform's packages have it
# At first the ARN may be the bare unique id (terraform-provider-aws, iam/role.go).
ARN_IN_ANSWER = "[not_null(Role.Arn, '')][?starts_with(@, 'arn:')] | [0]"
ROLE_EXISTS = {
    "operation": "GetRole",
    "acceptors": [
        {"matcher": "path", "argument": "starts_with(Role.Arn, 'arn:')", "expected": True, "state": "success"},
        {"matcher": "error", "expected": "NoSuchEntity", "state": "retry"},
    ],
}


def ensure_role(want: IamRole, live: Live[IamRole] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.IAM_ROLE, want, live)
        yield from _update(want, live.spec)
        yield from _remove_policies(want.ref(), live.spec, want)
    else:
        yield from _create(want)
    yield from _add_policies(want, live.spec if live else None)


def _create(want: IamRole) -> Iterator[Step]:
    params = {
        "RoleName": want.name,
        "AssumeRolePolicyDocument": Json(encode_trust(want)),
        "Tags": tags.encode(want.tags),
    }
    params |= {"Description": want.description} if want.description else {}
    params |= {"PermissionsBoundary": want.boundary} if want.boundary else {}
    params |= {"MaxSessionDuration": want.max_session} if want.max_session else {}
    yield Call("iam", "create_role", params, {"id": "Role.RoleName", "arn": ARN_IN_ANSWER})
    # That the role is known everywhere is waited for by the calls that need it.
    yield Wait(
        "iam",
        "role_exists",
        {"RoleName": want.ref()},
        ROLE_EXISTS,
        {"arn": "Role.Arn"},
        for_outputs=True,
        patience=IN_FORCE_WITHIN,
    )


def _update(want: IamRole, live: IamRole) -> Iterator[Step]:
    # First: who may write roles only with their boundary (`policy`) may else not make the other changes.
    if want.boundary and want.boundary != live.boundary:
        yield _change(want, "put_role_permissions_boundary", PermissionsBoundary=want.boundary)
    if (want.service_principal, want.trust_conditions) != (live.service_principal, live.trust_conditions):
        yield _change(want, "update_assume_role_policy", PolicyDocument=Json(encode_trust(want)))
    if changed := dict(_find_changes(want, live)):
        yield _change(want, "update_role", **changed)  # it keeps what is not sent (recorded, 2026)
    if want.boundary == NO_BOUNDARY and live.boundary:
        yield _change(want, "delete_role_permissions_boundary")


def _find_changes(want: IamRole, live: IamRole) -> Iterator[tuple[str, Any]]:
    """Yield the parameters of UpdateRole that differ from what is known of the live role."""
    for field, name in {"description": "Description", "max_session": "MaxSessionDuration"}.items():
        new, old = getattr(want, field), getattr(live, field)
        if new is not None and old not in (None, new):
            yield name, new


def _remove_policies(role: Ref | str, live: IamRole, want: IamRole | None) -> Iterator[Step]:
    """Yield the calls that remove policies which are not desired. They come first, because of the quota."""
    for arn in sorted(live.managed_policies - (want.managed_policies if want else frozenset())):
        params = {"RoleName": role, "PolicyArn": arn}
        yield Call("iam", "detach_role_policy", params, ignore=NOT_FOUND, patience=POLICIES_GONE_WITHIN)
    for name in sorted(live.policies.keys() - (want.policies.keys() if want else set())):
        params = {"RoleName": role, "PolicyName": name}
        yield Call("iam", "delete_role_policy", params, ignore=NOT_FOUND, patience=POLICIES_GONE_WITHIN)


def _add_policies(want: IamRole, live: IamRole | None) -> Iterator[Step]:
    for arn in sorted(want.managed_policies - (live.managed_policies if live else frozenset())):
        yield _change(want, "attach_role_policy", PolicyArn=arn)
    for name, policy in sorted(want.policies.items()):
        if not live or live.policies.get(name) != policy:
            yield _change(want, "put_role_policy", PolicyName=name, PolicyDocument=Json(policy.document))


def _change(want: IamRole, operation: str, **params: Any) -> Call:
    not_yet = if_new(ROLE_NOT_FOUND, want.ref())
    params = {"RoleName": want.ref(), **params}
    return Call("iam", operation, params, retry=not_yet, patience=IN_FORCE_WITHIN)


def remove(live: Live[IamRole]) -> Iterator[Step]:
    name, in_use = live.outputs["id"], ("DeleteConflict",)
    yield from _remove_policies(name, live.spec, None)
    yield Call(
        "iam", "delete_role", {"RoleName": name}, ignore=NOT_FOUND, retry=in_use, patience=POLICIES_GONE_WITHIN
    )
