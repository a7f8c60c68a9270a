"""What may be done with the stack's roles: who may write their policies can become whatever they may be.

With a permissions boundary (`roles: {boundary: ARN}`) a role can never do more than that boundary allows, as
it is written only with it, and its removal is denied. (IAM user guide, "Delegate responsibility to others using
permissions boundaries"; service authorization reference.)
"""

from collections.abc import Collection, Iterable, Iterator

from reconciler.resources.iam_role import NO_BOUNDARY, IamRole
from reconciler.rights.grant import Grant, grant
from reconciler.rights.place import Place
from reconciler.rights.row import NEW, NOT_GIVEN_AWAY, OURS, UNCLAIMED, Conditions
from reconciler.rights.use import Use

ROLE = "arn:{partition}:iam::{account}:role/{role}"
SCHEDULE_ROLE = "arn:{partition}:iam::{account}:role/{schedule_role}"
FLOW_LOGS_ROLE = "arn:{partition}:iam::{account}:role/{flow_logs_role}"
EVERY_ROLE = "arn:{partition}:iam::{account}:role/*"
TASKS_PRINCIPAL, SCHEDULER_PRINCIPAL = "ecs-tasks.amazonaws.com", "scheduler.amazonaws.com"
FLOW_LOGS_PRINCIPAL = "vpc-flow-logs.amazonaws.com"
FURTHER_ROLES = {SCHEDULER_PRINCIPAL: SCHEDULE_ROLE, FLOW_LOGS_PRINCIPAL: FLOW_LOGS_ROLE}  # by whom they trust
FIRST_USES = (  # the services that make a role for themselves with the first resource in an account
    "ecs.amazonaws.com",
    "ecs.application-autoscaling.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
)
CHANGES_OF_BOUNDARY_POLICY = (
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:SetDefaultPolicyVersion",
)

READ_POLICY = "iam:GetPolicy"


def role_grants(
    use: Use, place: Place, roles: Iterable[IamRole], existing: Collection[str] = ()
) -> Iterator[Grant]:
    """Yield what a use may do with roles, given those of the file, and the ARNs of those that exist already."""
    roles = tuple(roles)
    further = (role for who, role in FURTHER_ROLES.items() if use.deletes or _trusting(roles, who))
    fence = (ROLE, *further)
    if named := sorted({arn for role in roles if role.service for arn in role.managed_policies}):
        yield grant(place, "PoliciesOfTheFile", (READ_POLICY,), named)
    boundary = next((role.boundary for role in roles), None)
    bounded: Conditions = (("StringEquals", "iam:PermissionsBoundary", (boundary,)),) if boundary else ()
    if use.writes and roles:
        yield from _writes(place, fence, roles, bounded)
        yield from _passing(place, roles)
    if use.writes and existing:
        to_tasks: Conditions = (("StringEquals", "iam:PassedToService", (TASKS_PRINCIPAL,)),)
        yield grant(place, "PassExistingToTasks", ("iam:PassRole",), existing, to_tasks)
    if use.writes or use.deletes:
        # Also of roles of before the boundary was: they lose rights, and get it before they get any.
        removals = ("iam:DeleteRolePolicy", "iam:DetachRolePolicy")
        yield grant(place, "RolePoliciesGone", removals, fence, OURS)
    if use.deletes:
        yield grant(place, "RolesGone", ("iam:DeleteRole",), fence, OURS)
    if use.writes and boundary == NO_BOUNDARY:
        yield grant(place, "RolesUnbound", ("iam:DeleteRolePermissionsBoundary",), fence, OURS)
    if bounded and (use.writes or use.deletes):
        yield from _denials(place, str(boundary))


def _writes(
    place: Place, fence: tuple[str, ...], roles: Iterable[IamRole], bounded: Conditions
) -> Iterator[Grant]:
    changes = ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"]
    changes += ["iam:PutRolePermissionsBoundary"] if bounded else []
    attached = sorted({arn for role in roles for arn in role.managed_policies})
    changes += ["iam:AttachRolePolicy"] if attached else []
    # The other calls name no managed policy: the condition says nothing about them.
    of_the_file: Conditions = (("ArnEqualsIfExists", "iam:PolicyARN", tuple(attached)),) if attached else ()
    yield grant(place, "RolesNew", ("iam:CreateRole",), fence, (*NEW, *bounded))
    yield grant(place, "RolesNewTags", ("iam:TagRole",), fence, UNCLAIMED)
    yield grant(place, "RolesTags", ("iam:TagRole",), fence, (*OURS, *NOT_GIVEN_AWAY))
    yield grant(place, "Roles", changes, fence, (*OURS, *bounded, *of_the_file))
    first_use: Conditions = (("StringEquals", "iam:AWSServiceName", FIRST_USES),)
    service_roles = EVERY_ROLE.replace("role/*", "role/aws-service-role/*")
    yield grant(place, "FirstUseOfAService", ("iam:CreateServiceLinkedRole",), (service_roles,), first_use)


def _passing(place: Place, roles: Iterable[IamRole]) -> Iterator[Grant]:
    """Yield the right to give the stack's roles to the services that the file's roles trust.

    Roles are fenced by name, as AWS does not do it reliably by tag (IAM user guide, "Grant a user permissions
    to pass a role").
    """
    passed = (
        ("PassToTasks", TASKS_PRINCIPAL, ROLE),
        ("PassToScheduler", SCHEDULER_PRINCIPAL, SCHEDULE_ROLE),
        ("PassToFlowLogs", FLOW_LOGS_PRINCIPAL, FLOW_LOGS_ROLE),
    )
    for sid, service, role in passed:
        if _trusting(roles, service):
            to_it: Conditions = (("StringEquals", "iam:PassedToService", (service,)),)
            yield grant(place, sid, ("iam:PassRole",), (role,), to_it)


def _trusting(roles: Iterable[IamRole], service: str) -> bool:
    return any(role.service_principal == service for role in roles)


def _denials(place: Place, boundary: str) -> Iterator[Grant]:
    """Yield what keeps the boundary in force, also beside other policies of its holder."""
    removal = ("iam:DeleteRolePermissionsBoundary",)
    other: Conditions = (("StringNotEquals", "iam:PermissionsBoundary", (boundary,)),)
    yield grant(place, "BoundaryStays", removal, (EVERY_ROLE,), effect="Deny")
    yield grant(
        place, "NoOtherBoundary", ("iam:PutRolePermissionsBoundary",), (EVERY_ROLE,), other, effect="Deny"
    )
    yield grant(place, "BoundaryAsItIs", CHANGES_OF_BOUNDARY_POLICY, (boundary,), effect="Deny")


def escalation(use: Use, roles: Iterable[IamRole]) -> str:
    """Return what the holder of a use's policy could become without a boundary; empty if nothing."""
    roles = tuple(roles)
    if not use.writes or not roles or any(role.boundary for role in roles):
        return ""
    holders = "the job of `drift_correction` and whoever holds this policy"
    who = holders if any(role.of_the_job for role in roles) else "whoever holds this policy"
    return (
        f"{who} can become administrator of the account: put any policy on one of the stack's "
        "roles and run a task with it. A permissions boundary ends that: `roles: {boundary: ARN}` in the file."
    )
