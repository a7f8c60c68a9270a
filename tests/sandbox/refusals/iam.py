"""Refused calls of IAM."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from makers import client_of

from refusals.probe import Probe

OPERATIONS = (
    "CreateRole",
    "GetRole",
    "ListRoles",
    "UpdateRole",
    "UpdateRoleDescription",
    "UpdateAssumeRolePolicy",
    "DeleteRole",
    "TagRole",
    "UntagRole",
    "ListRoleTags",
    "PutRolePermissionsBoundary",
    "DeleteRolePermissionsBoundary",
    "PutRolePolicy",
    "GetRolePolicy",
    "ListRolePolicies",
    "DeleteRolePolicy",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "ListAttachedRolePolicies",
    "CreatePolicy",
    "GetPolicy",
    "ListPolicies",
    "ListEntitiesForPolicy",
    "DeletePolicy",
    "CreatePolicyVersion",
    "GetPolicyVersion",
    "ListPolicyVersions",
    "SetDefaultPolicyVersion",
    "DeletePolicyVersion",
    "CreateInstanceProfile",
    "GetInstanceProfile",
    "ListInstanceProfilesForRole",
    "AddRoleToInstanceProfile",
    "RemoveRoleFromInstanceProfile",
    "DeleteInstanceProfile",
    "CreateServiceLinkedRole",
    "DeleteServiceLinkedRole",
    "GetAccountAuthorizationDetails",
)

ECS = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
OURS = "arn:aws:iam::123456789012:policy/"
MANAGED = "arn:aws:iam::aws:policy/ReadOnlyAccess"
SERVICES_OWN = "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy"
NO_ARN = "arn:aws:s3:::no-policy-at-all"


def document(statement: Mapping[str, Any], **changes: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **changes}]})


def given(**params: Any) -> Callable[[], Mapping[str, Any]]:
    return lambda: params


def role(**params: Any) -> Callable[[], Mapping[str, Any]]:
    """Make the role `role` and return its name with these parameters."""

    def make() -> Mapping[str, Any]:
        client_of("iam").create_role(RoleName="role", AssumeRolePolicyDocument=document(ECS))
        return {"RoleName": "role", **params}

    return make


def new_role(**params: Any) -> Callable[[], Mapping[str, Any]]:
    return given(**{"RoleName": "role", "AssumeRolePolicyDocument": document(ECS), **params})


def linked(**params: Any) -> Callable[[], Mapping[str, Any]]:
    def make() -> Mapping[str, Any]:
        made = client_of("iam").create_service_linked_role(AWSServiceName="ecs.amazonaws.com")["Role"]
        return {"RoleName": made["RoleName"], **params}

    return make


def policy(versions: int = 1, **params: Any) -> Callable[[], Mapping[str, Any]]:
    def make() -> Mapping[str, Any]:
        client_of("iam").create_policy(PolicyName="policy", PolicyDocument=document(READ))
        for _ in range(versions - 1):
            client_of("iam").create_policy_version(PolicyArn=f"{OURS}policy", PolicyDocument=document(READ))
        return {"PolicyArn": f"{OURS}policy", **params}

    return make


def profile(*roles: str, **params: Any) -> Callable[[], Mapping[str, Any]]:
    """Make a role and an instance profile that holds it, if it is named."""

    def make() -> Mapping[str, Any]:
        iam = client_of("iam")
        iam.create_role(RoleName="role", AssumeRolePolicyDocument=document(ECS))
        iam.create_instance_profile(InstanceProfileName="profile")
        for name in roles:
            iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName=name)
        return {"InstanceProfileName": "profile", **params}

    return make


def attached() -> Mapping[str, Any]:
    params = role()()
    client_of("iam").attach_role_policy(RoleName="role", PolicyArn=MANAGED)
    return params


def attached_policy() -> Mapping[str, Any]:
    role()()
    params = policy()()
    client_of("iam").attach_role_policy(RoleName="role", **params)
    return params


def role_with_ten_policies() -> Mapping[str, Any]:
    role()()
    for number in range(11):
        name = f"policy-{number}"
        client_of("iam").create_policy(PolicyName=name, PolicyDocument=document(READ))
        if number:
            client_of("iam").attach_role_policy(RoleName="role", PolicyArn=f"{OURS}{name}")
    return {"RoleName": "role", "PolicyArn": f"{OURS}policy-0"}


def tags(count: int, prefix: str = "key") -> list[dict[str, str]]:
    return [{"Key": f"{prefix}{number}", "Value": "v"} for number in range(count)]


def role_with_fifty_tags() -> Mapping[str, Any]:
    params = role()()
    client_of("iam").tag_role(RoleName="role", Tags=tags(50))
    return {**params, "Tags": tags(1, "one-more")}


ABSENT = {"RoleName": "absent"}
ABSENT_POLICY = {"PolicyArn": f"{OURS}absent"}
ABSENT_PROFILE = {"InstanceProfileName": "absent"}
INLINE = {"PolicyName": "inline", "PolicyDocument": document(READ)}
RESERVED = [{"Key": "aws:owner", "Value": "v"}]
TWICE = [{"Key": "team", "Value": "a"}, {"Key": "Team", "Value": "b"}]
LONG = "x" * 10_241
LONG_RESOURCE = document(READ, Resource=f"arn:aws:s3:::{LONG}")

PROBES = [
    Probe("CreateRole", "ValidationError", new_role(RoleName="r" * 65), "length less than or equal to 64"),
    Probe("CreateRole", "ValidationError", new_role(RoleName="a role"), "alphanumeric characters"),
    Probe("CreateRole", "ValidationError", new_role(MaxSessionDuration=43_201), "less than or equal to 43200"),
    Probe("CreateRole", "ValidationError", new_role(Description="a\u2013b"), "description"),
    Probe("CreateRole", "ValidationError", new_role(Path="no-slashes"), "path"),
    Probe("CreateRole", "ValidationError", new_role(Tags=tags(51)), "length less than or equal to 50"),
    Probe("CreateRole", "InvalidInput", new_role(Tags=RESERVED), "aws:"),
    Probe("CreateRole", "InvalidInput", new_role(Tags=TWICE), "Duplicate tag keys"),
    Probe("CreateRole", "InvalidInput", new_role(PermissionsBoundary=NO_ARN)),
    Probe("CreateRole", "NoSuchEntity", new_role(PermissionsBoundary=f"{OURS}absent"), "Scope ARN"),
    Probe("CreateRole", "EntityAlreadyExists", role(RoleName="ROLE", AssumeRolePolicyDocument=document(ECS))),
    Probe("CreateRole", "MalformedPolicyDocument", new_role(AssumeRolePolicyDocument="{")),
    Probe(
        "CreateRole",
        "MalformedPolicyDocument",
        new_role(AssumeRolePolicyDocument=document(ECS, Principal={"AWS": "AROAAAAAAAAAAAAAAAAAA"})),
        "Invalid principal in policy",
    ),
    Probe("CreateRole", "LimitExceeded", new_role(AssumeRolePolicyDocument=document(ECS, Sid="x" * 2048))),
    Probe("GetRole", "NoSuchEntity", given(**ABSENT), "The role with name absent cannot be found."),
    Probe("ListRoles", "ValidationError", given(Marker="no marker")),
    Probe("ListRoles", "ValidationError", given(PathPrefix="no-slash")),
    Probe("UpdateRole", "NoSuchEntity", given(**ABSENT)),
    Probe("UpdateRole", "UnmodifiableEntity", linked(MaxSessionDuration=7200)),
    Probe("UpdateRole", "ValidationError", role(MaxSessionDuration=43_201)),
    Probe("UpdateRoleDescription", "NoSuchEntity", given(**ABSENT, Description="d")),
    Probe("UpdateAssumeRolePolicy", "NoSuchEntity", given(**ABSENT, PolicyDocument=document(ECS))),
    Probe("UpdateAssumeRolePolicy", "MalformedPolicyDocument", role(PolicyDocument=document(READ))),
    Probe("UpdateAssumeRolePolicy", "LimitExceeded", role(PolicyDocument=document(ECS, Sid="x" * 2048))),
    Probe("UpdateAssumeRolePolicy", "UnmodifiableEntity", linked(PolicyDocument=document(ECS))),
    Probe("DeleteRole", "NoSuchEntity", given(**ABSENT)),
    Probe("DeleteRole", "DeleteConflict", attached),
    Probe("DeleteRole", "UnmodifiableEntity", linked(), "only modifiable by AWS"),
    Probe("TagRole", "NoSuchEntity", given(**ABSENT, Tags=tags(1))),
    Probe("TagRole", "LimitExceeded", role_with_fifty_tags),
    Probe("TagRole", "InvalidInput", role(Tags=RESERVED)),
    Probe("UntagRole", "NoSuchEntity", given(**ABSENT, TagKeys=["k"])),
    Probe("ListRoleTags", "NoSuchEntity", given(**ABSENT)),
    Probe("PutRolePermissionsBoundary", "NoSuchEntity", given(**ABSENT, PermissionsBoundary=MANAGED)),
    Probe("PutRolePermissionsBoundary", "NoSuchEntity", role(PermissionsBoundary=f"{OURS}absent")),
    Probe("PutRolePermissionsBoundary", "InvalidInput", role(PermissionsBoundary=NO_ARN)),
    Probe("PutRolePermissionsBoundary", "UnmodifiableEntity", linked(PermissionsBoundary=MANAGED)),
    Probe("PutRolePermissionsBoundary", "PolicyNotAttachable", role(PermissionsBoundary=SERVICES_OWN)),
    Probe("DeleteRolePermissionsBoundary", "NoSuchEntity", given(**ABSENT)),
    Probe("DeleteRolePermissionsBoundary", "UnmodifiableEntity", linked()),
    Probe("PutRolePolicy", "NoSuchEntity", given(**ABSENT, **INLINE)),
    Probe("PutRolePolicy", "MalformedPolicyDocument", role(PolicyName="p", PolicyDocument="{}")),
    Probe("PutRolePolicy", "MalformedPolicyDocument", role(PolicyName="p", PolicyDocument=document(ECS))),
    Probe(
        "PutRolePolicy",
        "MalformedPolicyDocument",
        role(PolicyName="p", PolicyDocument=document(READ, Principal="*")),
        "should not specify a principal",
    ),
    Probe("PutRolePolicy", "LimitExceeded", role(PolicyName="p", PolicyDocument=LONG_RESOURCE)),
    Probe("PutRolePolicy", "UnmodifiableEntity", linked(**INLINE)),
    Probe("PutRolePolicy", "ValidationError", role(**{**INLINE, "PolicyName": "p" * 129})),
    Probe("GetRolePolicy", "NoSuchEntity", role(PolicyName="absent")),
    Probe("ListRolePolicies", "NoSuchEntity", given(**ABSENT)),
    Probe("DeleteRolePolicy", "NoSuchEntity", role(PolicyName="absent")),
    Probe("DeleteRolePolicy", "UnmodifiableEntity", linked(PolicyName="absent")),
    Probe("AttachRolePolicy", "NoSuchEntity", role(**ABSENT_POLICY)),
    Probe("AttachRolePolicy", "InvalidInput", role(PolicyArn=NO_ARN)),
    Probe("AttachRolePolicy", "LimitExceeded", role_with_ten_policies, "PoliciesPerRole: 10"),
    Probe("AttachRolePolicy", "UnmodifiableEntity", linked(PolicyArn=MANAGED)),
    Probe("AttachRolePolicy", "PolicyNotAttachable", role(PolicyArn=SERVICES_OWN)),
    Probe("DetachRolePolicy", "NoSuchEntity", role(PolicyArn=MANAGED)),
    Probe("DetachRolePolicy", "InvalidInput", role(PolicyArn=NO_ARN)),
    Probe("DetachRolePolicy", "UnmodifiableEntity", linked(PolicyArn=MANAGED)),
    Probe("ListAttachedRolePolicies", "NoSuchEntity", given(**ABSENT)),
    Probe("CreatePolicy", "InvalidInput", given(PolicyName="p", PolicyDocument=document(READ), Tags=RESERVED)),
    Probe("CreatePolicy", "LimitExceeded", given(PolicyName="p", PolicyDocument=LONG_RESOURCE), "6144"),
    Probe("CreatePolicy", "MalformedPolicyDocument", given(PolicyName="p", PolicyDocument="{}")),
    Probe(
        "CreatePolicy",
        "EntityAlreadyExists",
        lambda: policy()() and {"PolicyName": "POLICY", "PolicyDocument": document(READ)},
    ),
    Probe("GetPolicy", "NoSuchEntity", given(**ABSENT_POLICY)),
    Probe("GetPolicy", "InvalidInput", given(PolicyArn=NO_ARN)),
    Probe("ListPolicies", "ValidationError", given(Marker="no marker")),
    Probe("ListEntitiesForPolicy", "NoSuchEntity", given(**ABSENT_POLICY)),
    Probe("ListEntitiesForPolicy", "InvalidInput", given(PolicyArn=NO_ARN)),
    Probe("DeletePolicy", "NoSuchEntity", given(**ABSENT_POLICY)),
    Probe("DeletePolicy", "InvalidInput", given(PolicyArn=NO_ARN)),
    Probe("DeletePolicy", "DeleteConflict", attached_policy),
    Probe("DeletePolicy", "DeleteConflict", policy(versions=2), "more than one version"),
    Probe("DeletePolicy", "AccessDenied", given(PolicyArn=MANAGED)),
    Probe("CreatePolicyVersion", "NoSuchEntity", given(**ABSENT_POLICY, PolicyDocument=document(READ))),
    Probe("CreatePolicyVersion", "InvalidInput", given(PolicyArn=NO_ARN, PolicyDocument=document(READ))),
    Probe("CreatePolicyVersion", "MalformedPolicyDocument", policy(PolicyDocument="{}")),
    Probe("CreatePolicyVersion", "LimitExceeded", policy(versions=5, PolicyDocument=document(READ))),
    Probe("GetPolicyVersion", "NoSuchEntity", policy(VersionId="v2")),
    Probe("GetPolicyVersion", "InvalidInput", given(PolicyArn=NO_ARN, VersionId="v2")),
    Probe("ListPolicyVersions", "NoSuchEntity", given(**ABSENT_POLICY)),
    Probe("ListPolicyVersions", "InvalidInput", given(PolicyArn=NO_ARN)),
    Probe("SetDefaultPolicyVersion", "NoSuchEntity", policy(VersionId="v2")),
    Probe("SetDefaultPolicyVersion", "InvalidInput", given(PolicyArn=NO_ARN, VersionId="v2")),
    Probe("DeletePolicyVersion", "NoSuchEntity", policy(VersionId="v2")),
    Probe("DeletePolicyVersion", "InvalidInput", given(PolicyArn=NO_ARN, VersionId="v2")),
    Probe("DeletePolicyVersion", "DeleteConflict", policy(VersionId="v1")),
    Probe("CreateInstanceProfile", "EntityAlreadyExists", profile(InstanceProfileName="PROFILE")),
    Probe("CreateInstanceProfile", "InvalidInput", given(InstanceProfileName="p", Tags=RESERVED)),
    Probe("GetInstanceProfile", "NoSuchEntity", given(**ABSENT_PROFILE)),
    Probe("ListInstanceProfilesForRole", "NoSuchEntity", given(**ABSENT)),
    Probe("AddRoleToInstanceProfile", "NoSuchEntity", profile(**ABSENT)),
    Probe("AddRoleToInstanceProfile", "LimitExceeded", profile("role", RoleName="role")),
    Probe("AddRoleToInstanceProfile", "UnmodifiableEntity", linked(InstanceProfileName="profile")),
    Probe("RemoveRoleFromInstanceProfile", "NoSuchEntity", profile(RoleName="role")),
    Probe("DeleteInstanceProfile", "NoSuchEntity", given(**ABSENT_PROFILE)),
    Probe("DeleteInstanceProfile", "DeleteConflict", profile("role")),
    Probe(
        "CreateServiceLinkedRole",
        "InvalidInput",
        lambda: linked()() and {"AWSServiceName": "ecs.amazonaws.com"},
        "has been taken in this account",
    ),
    Probe("CreateServiceLinkedRole", "InvalidInput", given(AWSServiceName="nobody")),
    Probe("DeleteServiceLinkedRole", "NoSuchEntity", given(**ABSENT)),
    Probe("GetAccountAuthorizationDetails", "ValidationError", given(Marker="no marker")),
]
