import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of, code_of

ALLOW = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"},
}


@pytest.fixture
def iam(aws) -> Any:
    return client_of("iam")


def trust(**principal: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return {"Version": "2012-10-17", "Statement": [statement]}


ECS = trust(Service="ecs-tasks.amazonaws.com")


def make_role(iam: Any, name: str = "role", document: Any = ECS) -> dict[str, Any]:
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))["Role"]


def make_policy(iam: Any, name: str = "policy") -> str:
    return iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(ALLOW))["Policy"]["Arn"]


def test_a_role_name_is_taken_without_case(iam):
    make_role(iam, "Role")
    with pytest.raises(ClientError) as refused:
        make_role(iam, "role")
    assert code_of(refused) == "EntityAlreadyExists"


@pytest.mark.parametrize(
    "document",
    [
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]},
        {"Version": "2012-10-17", "Statement": [{**ECS["Statement"][0], "Resource": "*"}]},
        {"Version": "2012-10-17", "Statement": [{**ECS["Statement"][0], "Action": "s3:GetObject"}]},
        trust(AWS="arn:aws:iam::123456789012:role/absent"),
        "no object",
    ],
)
def test_a_malformed_trust_policy_is_refused(iam, document):
    with pytest.raises(ClientError) as refused:
        make_role(iam, document=document)
    assert code_of(refused) == "MalformedPolicyDocument"
    make_role(iam)
    with pytest.raises(ClientError) as refused:
        iam.update_assume_role_policy(RoleName="role", PolicyDocument=json.dumps(document))
    assert code_of(refused) == "MalformedPolicyDocument"


def test_a_role_that_is_there_may_be_trusted(iam):
    arn = make_role(iam)["Arn"]
    assert make_role(iam, "other", trust(AWS=arn))["RoleName"] == "other"


def test_a_role_with_policies_is_not_deleted(iam):
    make_role(iam)
    arn = make_policy(iam)
    iam.put_role_policy(RoleName="role", PolicyName="inline", PolicyDocument=json.dumps(ALLOW))
    iam.attach_role_policy(RoleName="role", PolicyArn=arn)
    with pytest.raises(ClientError) as refused:
        iam.delete_role(RoleName="role")
    assert code_of(refused) == "DeleteConflict"
    iam.detach_role_policy(RoleName="role", PolicyArn=arn)
    with pytest.raises(ClientError) as refused:
        iam.delete_role(RoleName="role")
    assert code_of(refused) == "DeleteConflict"
    iam.delete_role_policy(RoleName="role", PolicyName="inline")
    iam.delete_role(RoleName="role")


def test_an_attached_policy_is_not_deleted(iam):
    make_role(iam)
    arn = make_policy(iam)
    iam.attach_role_policy(RoleName="role", PolicyArn=arn)
    with pytest.raises(ClientError) as refused:
        iam.delete_policy(PolicyArn=arn)
    assert code_of(refused) == "DeleteConflict"


def test_a_policy_name_is_taken_without_case(iam):
    make_policy(iam, "Policy")
    with pytest.raises(ClientError) as refused:
        make_policy(iam, "policy")
    assert code_of(refused) == "EntityAlreadyExists"


def test_a_policy_with_versions_is_not_deleted(iam):
    arn = make_policy(iam)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(ALLOW), SetAsDefault=True)
    with pytest.raises(ClientError) as refused:
        iam.delete_policy(PolicyArn=arn)
    assert code_of(refused) == "DeleteConflict"


def test_a_role_takes_ten_policies(iam):
    make_role(iam)
    arns = [make_policy(iam, f"policy-{number}") for number in range(11)]
    for arn in arns[:10]:
        iam.attach_role_policy(RoleName="role", PolicyArn=arn)
    iam.attach_role_policy(RoleName="role", PolicyArn=arns[0])  # attached already: no more than before
    with pytest.raises(ClientError) as refused:
        iam.attach_role_policy(RoleName="role", PolicyArn=arns[10])
    assert code_of(refused) == "LimitExceeded"


def test_inline_policies_are_bounded_together(iam):
    make_role(iam)
    long = {**ALLOW, "Statement": {**ALLOW["Statement"], "Resource": "arn:aws:s3:::" + "x" * 6000}}
    iam.put_role_policy(RoleName="role", PolicyName="one", PolicyDocument=json.dumps(long))
    with pytest.raises(ClientError) as refused:
        iam.put_role_policy(RoleName="role", PolicyName="two", PolicyDocument=json.dumps(long))
    assert code_of(refused) == "LimitExceeded"


def test_account_details_tell_a_role_whole(iam):
    arn = make_policy(iam)
    make_role(iam)
    iam.tag_role(RoleName="role", Tags=[{"Key": "k", "Value": "v"}])
    iam.put_role_policy(RoleName="role", PolicyName="inline", PolicyDocument=json.dumps(ALLOW))
    iam.attach_role_policy(RoleName="role", PolicyArn=arn)
    details = iam.get_account_authorization_details(Filter=["Role"])
    role = details["RoleDetailList"][0]
    assert role["Tags"] == [{"Key": "k", "Value": "v"}]
    assert role["RolePolicyList"] == [{"PolicyName": "inline", "PolicyDocument": ALLOW}]
    assert role["AttachedManagedPolicies"] == [{"PolicyName": "policy", "PolicyArn": arn}]
    assert role["AssumeRolePolicyDocument"] == ECS
    assert (details["Policies"], details["UserDetailList"]) == ([], [])


def test_what_is_absent_is_said_to_be(iam):
    make_role(iam)
    for call in (
        lambda: iam.get_role(RoleName="none"),
        lambda: iam.get_role_policy(RoleName="role", PolicyName="none"),
        lambda: iam.delete_role_policy(RoleName="role", PolicyName="none"),
        lambda: iam.detach_role_policy(RoleName="role", PolicyArn="arn:aws:iam::123456789012:policy/none"),
        lambda: iam.delete_role(RoleName="none"),
    ):
        with pytest.raises(ClientError) as refused:
            call()
        assert code_of(refused) == "NoSuchEntity"


def test_an_update_keeps_what_is_not_sent_and_an_empty_description_clears_it(iam):
    iam.create_role(
        RoleName="role", AssumeRolePolicyDocument=json.dumps(ECS), Description="d", MaxSessionDuration=7200
    )
    iam.update_role(RoleName="role", MaxSessionDuration=3600)
    assert iam.get_role(RoleName="role")["Role"]["Description"] == "d"
    iam.update_role(RoleName="role", Description="")
    role = iam.get_role(RoleName="role")["Role"]
    assert (role.get("Description", ""), role["MaxSessionDuration"]) == ("", 3600)


def test_a_role_made_again_is_another_principal(iam):
    old = make_role(iam)
    make_role(iam, "other", trust(AWS=old["Arn"]))
    iam.delete_role(RoleName="role")
    new = make_role(iam)
    assert new["Arn"] == old["Arn"]
    assert new["RoleId"] != old["RoleId"]
    document = iam.get_role(RoleName="other")["Role"]["AssumeRolePolicyDocument"]
    assert document["Statement"][0]["Principal"] == {"AWS": old["RoleId"]}


def test_a_service_linked_role_has_the_name_that_aws_gives_it(iam):
    for service, name in (
        ("ecs.amazonaws.com", "AWSServiceRoleForECS"),
        ("elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"),
        (
            "ecs.application-autoscaling.amazonaws.com",
            "AWSServiceRoleForApplicationAutoScaling_ECSService",
        ),
    ):
        assert iam.create_service_linked_role(AWSServiceName=service)["Role"]["RoleName"] == name
        assert iam.delete_service_linked_role(RoleName=name)["DeletionTaskId"]


def test_keys_of_tags_differ_without_case(iam):
    make_role(iam)
    for key in ("team", "Team"):
        iam.tag_role(RoleName="role", Tags=[{"Key": key, "Value": key}])
    assert iam.list_role_tags(RoleName="role")["Tags"] == [{"Key": "Team", "Value": "Team"}]


def test_the_last_page_of_attached_policies_says_that_it_is_the_last(iam):
    make_role(iam)
    iam.attach_role_policy(RoleName="role", PolicyArn=make_policy(iam))
    page = iam.list_attached_role_policies(RoleName="role", MaxItems=1)
    assert (len(page["AttachedPolicies"]), page["IsTruncated"]) == (1, False)


def test_a_policy_is_attached_once_and_a_boundary_keeps_it(iam):
    make_role(iam)
    arn = make_policy(iam)
    for _ in range(2):
        iam.attach_role_policy(RoleName="role", PolicyArn=arn)
    iam.put_role_permissions_boundary(RoleName="role", PermissionsBoundary=arn)
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    assert (policy["AttachmentCount"], policy["PermissionsBoundaryUsageCount"]) == (1, 1)
    iam.detach_role_policy(RoleName="role", PolicyArn=arn)
    with pytest.raises(ClientError) as refused:
        iam.delete_policy(PolicyArn=arn)
    assert code_of(refused) == "DeleteConflict"


def test_a_boundary_is_told_with_its_type_and_counted_on_its_policy(iam):
    arn = make_policy(iam)
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(ECS), PermissionsBoundary=arn)
    boundary = iam.get_role(RoleName="r")["Role"]["PermissionsBoundary"]
    assert boundary == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
    assert iam.get_policy(PolicyArn=arn)["Policy"]["PermissionsBoundaryUsageCount"] == 1
    assert iam.list_policies(Scope="Local")["Policies"][0]["PermissionsBoundaryUsageCount"] == 1


def test_versions_of_a_policy_are_told_from_the_latest_on(iam):
    arn = make_policy(iam)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(ALLOW))
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert [version["VersionId"] for version in versions] == ["v2", "v1"]
