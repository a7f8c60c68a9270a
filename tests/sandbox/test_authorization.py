"""What a user with some policy may do: the calls of each service, with the resources and keys that AWS has."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of
from people import ACCOUNT, allow, client_as, document, make_user, trust

from reconciler.sandbox.authorization.calls import recording
from reconciler.sandbox.callers import begin_session

HOME = f"us-east-1:{ACCOUNT}"
ALICE = f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: "
OURS = {"aws:ResourceTag/stack": "a"}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/task"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/edge"
TAGS = [{"Key": "stack", "Value": "a"}]


@dataclass
class Place:
    """What there is to be called for, by name."""

    ids: dict[str, str] = field(default_factory=dict)

    def fill(self, value: Any) -> Any:
        """Return parameters in which each text `<name>` is the id of that."""
        return json.loads(self.fill_text(json.dumps(value)))

    def fill_text(self, text: str) -> str:
        for name, own_id in self.ids.items():
            text = text.replace(f"<{name}>", own_id)
        return text


@pytest.fixture
def place(aws: object) -> Place:
    ec2, iam, elb = (client_of(service) for service in ("ec2", "iam", "elbv2"))
    spec = [{"ResourceType": "vpc", "Tags": TAGS}]
    ours = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=spec)["Vpc"]["VpcId"]
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    iam.create_policy(PolicyName="edge", PolicyDocument=document(allow("ec2:*")))
    tasks = trust({"Service": "ecs-tasks.amazonaws.com"})
    iam.create_role(RoleName="task", AssumeRolePolicyDocument=tasks)
    iam.create_role(RoleName="edged", AssumeRolePolicyDocument=tasks, PermissionsBoundary=BOUNDARY)
    client_of("ecs").create_cluster(clusterName="c", tags=[{"key": "stack", "value": "a"}])
    group = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=ours, TargetType="ip")
    client_of("dynamodb").create_table(
        TableName="leases",
        KeySchema=[{"AttributeName": "stack", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "stack", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    zone = client_of("route53").create_hosted_zone(Name="dev.local", CallerReference="x")["HostedZone"]["Id"]
    return Place(
        {
            "zone": zone.rpartition("/")[2],
            "ours": ours,
            "other": other,
            "group": group["TargetGroups"][0]["TargetGroupArn"],
        }
    )


@dataclass(frozen=True)
class Case:
    """A user's statements, a call, and what is refused of it: the action and the resource; empty if nothing."""

    statements: tuple[dict[str, Any], ...]
    call: str
    params: dict[str, Any]
    missing: str = ""
    on: str = ""


def case(*statements: dict[str, Any], call: str, missing: str = "", on: str = "", **params: Any) -> Any:
    return pytest.param(Case(statements, call, params, missing, on), id=f"{call} {missing or 'is allowed'}")


def setting(expression: str, **names: str) -> dict[str, Any]:
    """Return parameters of UpdateItem with one value, `:v`."""
    return {
        "UpdateExpression": expression,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {":v": {"S": ""}},
    }


def record(name: str) -> dict[str, Any]:
    """Return parameters that make a record in the zone."""
    made = {"Name": name, "Type": "A", "TTL": 30, "ResourceRecords": [{"Value": "10.0.0.1"}]}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": made}]}
    return {"HostedZoneId": "<zone>", "ChangeBatch": batch}


CREATE_VPC = {"CidrBlock": "10.2.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": TAGS}]}
DEFINITION = {
    "family": "web",
    "taskRoleArn": ROLE,
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [{"name": "app", "image": "nginx"}],
}
TABLE = f"arn:aws:dynamodb:{HOME}:table/leases"
ONLY_MEMORY = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["stack", "memory"]}}
OF_DEV = {"ForAllValues:StringLike": {"route53:ChangeResourceRecordSetsNormalizedRecordNames": ["*.dev.local"]}}
ITEM = {"TableName": "leases", "Key": {"stack": {"S": "shop/prod"}}}
TARGET = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/c/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}
SCHEDULE = {
    "Name": "s",
    "ScheduleExpression": "rate(5 minutes)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {"Arn": f"arn:aws:ecs:{HOME}:cluster/c", "RoleArn": ROLE},
}
PASS_TASKS = allow("iam:PassRole", ROLE, StringEquals={"iam:PassedToService": "ecs-tasks.amazonaws.com"})
EDGED = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
VPC, SUBNET = f"arn:aws:ec2:{HOME}:vpc", f"arn:aws:ec2:{HOME}:subnet"
SUBNET_OF = {"VpcId": "<ours>", "CidrBlock": "10.0.0.0/24"}
GROUP = f"arn:aws:logs:{HOME}:log-group:g"

CASES = [
    case(call="ec2.describe_vpcs", missing="ec2:DescribeVpcs", on="*"),
    case(allow("ec2:describe*"), call="ec2.describe_vpcs"),
    case(allow("ec2:*", f"{VPC}/*"), call="ec2.describe_vpcs", missing="ec2:DescribeVpcs", on="*"),
    case(allow("ec2:*", StringEquals=OURS), call="ec2.delete_vpc", VpcId="<ours>"),
    case(
        allow("ec2:*", StringEquals=OURS),
        call="ec2.delete_vpc",
        missing="ec2:DeleteVpc",
        on=f"{VPC}/<other>",
        VpcId="<other>",
    ),
    case(
        allow("ec2:CreateSubnet", f"{SUBNET}/*"),
        call="ec2.create_subnet",
        missing="ec2:CreateSubnet",
        on=f"{VPC}/<ours>",
        **SUBNET_OF,
    ),
    case(
        allow("ec2:CreateSubnet", f"{SUBNET}/*"),
        allow("ec2:CreateSubnet", f"{VPC}/*", StringEquals=OURS),
        call="ec2.create_subnet",
        **SUBNET_OF,
    ),
    case(allow("ec2:CreateVpc"), call="ec2.create_vpc", missing="ec2:CreateTags", on=f"{VPC}/*", **CREATE_VPC),
    case(
        allow("ec2:CreateVpc", StringEquals={"aws:RequestTag/stack": "a"}),
        allow("ec2:CreateTags", StringEquals={"ec2:CreateAction": "CreateVpc"}),
        call="ec2.create_vpc",
        **CREATE_VPC,
    ),
    case(
        allow("ec2:CreateVpc", StringEquals={"aws:RequestTag/stack": "b"}),
        call="ec2.create_vpc",
        missing="ec2:CreateVpc",
        on=f"{VPC}/*",
        **CREATE_VPC,
    ),
    case(
        allow("ec2:CreateTags", StringEquals={"ec2:CreateAction": "CreateVpc"}),
        call="ec2.create_tags",
        missing="ec2:CreateTags",
        on=f"{VPC}/<other>",
        Resources=["<other>"],
        Tags=TAGS,
    ),
    case(
        allow("ec2:DeleteTags", **{"ForAllValues:StringNotEquals": {"aws:TagKeys": ["stack"]}}),
        call="ec2.delete_tags",
        missing="ec2:DeleteTags",
        on=f"{VPC}/<ours>",
        Resources=["<ours>"],
        Tags=[{"Key": "stack"}],
    ),
    case(
        allow("iam:CreateRole", **EDGED),
        call="iam.create_role",
        RoleName="new",
        AssumeRolePolicyDocument=trust({"Service": "ecs-tasks.amazonaws.com"}),
        PermissionsBoundary=BOUNDARY,
    ),
    case(
        allow("iam:CreateRole", **EDGED),
        call="iam.create_role",
        missing="iam:CreateRole",
        on=f"arn:aws:iam::{ACCOUNT}:role/p/new",
        RoleName="new",
        Path="/p/",
        AssumeRolePolicyDocument=trust({"Service": "ecs-tasks.amazonaws.com"}),
    ),
    case(
        allow("iam:PutRolePolicy", **EDGED),
        call="iam.put_role_policy",
        RoleName="edged",
        PolicyName="p",
        PolicyDocument=document(allow("*")),
    ),
    case(
        allow("iam:PutRolePolicy", **EDGED),
        call="iam.put_role_policy",
        missing="iam:PutRolePolicy",
        on=ROLE,
        RoleName="task",
        PolicyName="p",
        PolicyDocument=document(allow("*")),
    ),
    case(
        allow("iam:*"),
        allow("iam:DeleteRolePermissionsBoundary") | {"Effect": "Deny"},
        call="iam.delete_role_permissions_boundary",
        missing="iam:DeleteRolePermissionsBoundary",
        on=f"arn:aws:iam::{ACCOUNT}:role/edged",
        RoleName="edged",
    ),
    case(
        allow("iam:AttachRolePolicy", ArnEquals={"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
        call="iam.attach_role_policy",
        missing="iam:AttachRolePolicy",
        on=ROLE,
        RoleName="task",
        PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess",
    ),
    case(
        allow("ecs:RegisterTaskDefinition", f"arn:aws:ecs:{HOME}:task-definition/web:*"),
        PASS_TASKS,
        call="ecs.register_task_definition",
        **DEFINITION,
    ),
    case(
        allow("ecs:*"),
        allow("iam:PassRole", StringEquals={"iam:PassedToService": "scheduler.amazonaws.com"}),
        call="ecs.register_task_definition",
        missing="iam:PassRole",
        on=ROLE,
        **DEFINITION,
    ),
    case(
        allow("ecs:RegisterTaskDefinition"),
        PASS_TASKS,
        call="ecs.register_task_definition",
        missing="ecs:TagResource",
        on=f"arn:aws:ecs:{HOME}:task-definition/web:*",
        **DEFINITION,
        tags=[{"key": "stack", "value": "a"}],
    ),
    case(
        allow("ecs:*", f"arn:aws:ecs:{HOME}:*"),
        call="ecs.deregister_task_definition",
        missing="ecs:DeregisterTaskDefinition",
        on="*",
        taskDefinition="web:1",
    ),
    case(
        allow("ecs:ListTasks", ArnEquals={"ecs:cluster": f"arn:aws:ecs:{HOME}:cluster/c"}),
        call="ecs.list_tasks",
        cluster="c",
    ),
    case(
        allow("ecs:DescribeServices", f"arn:aws:ecs:{HOME}:service/c/web"),
        call="ecs.describe_services",
        missing="ecs:DescribeServices",
        on=f"arn:aws:ecs:{HOME}:service/c/api",
        cluster=f"arn:aws:ecs:{HOME}:cluster/c",
        services=["web", "api"],
    ),
    case(
        allow("elasticloadbalancing:CreateTargetGroup"),
        allow("elasticloadbalancing:AddTags", StringEquals={"elasticloadbalancing:CreateAction": "CreateRule"}),
        call="elbv2.create_target_group",
        missing="elasticloadbalancing:AddTags",
        on=f"arn:aws:elasticloadbalancing:{HOME}:targetgroup/new/*",
        Name="new",
        Tags=TAGS,
    ),
    case(
        allow("elasticloadbalancing:*", "arn:aws:elasticloadbalancing:*:*:targetgroup/web/*"),
        call="elbv2.modify_target_group",
        TargetGroupArn="<group>",
        HealthCheckPath="/h",
    ),
    case(
        allow("logs:CreateLogGroup"),
        call="logs.create_log_group",
        missing="logs:TagResource",
        on=GROUP,
        logGroupName="g",
        tags={"stack": "a"},
    ),
    case(
        allow("logs:*", [f"{GROUP}", f"{GROUP}:*"]),
        call="logs.create_log_group",
        logGroupName="g",
        tags={"stack": "a"},
    ),
    case(
        allow("dynamodb:GetItem", **{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["shop/prod"]}}),
        call="dynamodb.get_item",
        **ITEM,
    ),
    case(
        allow("dynamodb:UpdateItem", **ONLY_MEMORY),
        call="dynamodb.update_item",
        **ITEM,
        **setting("SET #m = :v", **{"#m": "memory"}),
    ),
    case(
        allow("dynamodb:UpdateItem", **ONLY_MEMORY),
        call="dynamodb.update_item",
        missing="dynamodb:UpdateItem",
        on=TABLE,
        **ITEM,
        **setting("SET #m = if_not_exists(holder.since, :v)", **{"#m": "memory"}),
    ),
    case(
        allow("route53:ChangeResourceRecordSets", **OF_DEV),
        call="route53.change_resource_record_sets",
        **record("Web.dev.local."),
    ),
    case(
        allow("route53:ChangeResourceRecordSets", **OF_DEV),
        call="route53.change_resource_record_sets",
        missing="route53:ChangeResourceRecordSets",
        on="arn:aws:route53:::hostedzone/<zone>",
        **record("www.dev.local.example"),
    ),
    case(
        allow("dynamodb:GetItem", **{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["shop/dev"]}}),
        call="dynamodb.get_item",
        missing="dynamodb:GetItem",
        on=TABLE,
        **ITEM,
    ),
    case(
        allow("application-autoscaling:*", StringEquals={"application-autoscaling:service-namespace": "rds"}),
        call="application-autoscaling.put_scaling_policy",
        missing="application-autoscaling:PutScalingPolicy",
        on=f"arn:aws:application-autoscaling:{HOME}:scalable-target/*",
        PolicyName="p",
        **TARGET,
    ),
    case(
        allow("scheduler:*", f"arn:aws:scheduler:{HOME}:schedule/default/s"),
        allow("iam:PassRole", StringEquals={"iam:PassedToService": "ecs-tasks.amazonaws.com"}),
        call="scheduler.create_schedule",
        missing="iam:PassRole",
        on=ROLE,
        **SCHEDULE,
    ),
    case(
        allow("scheduler:*", f"arn:aws:scheduler:{HOME}:schedule/g/*"),
        call="scheduler.delete_schedule",
        missing="scheduler:DeleteSchedule",
        on=f"arn:aws:scheduler:{HOME}:schedule/default/s",
        Name="s",
    ),
    case(
        allow(["servicediscovery:*", "ec2:*"]),
        call="servicediscovery.create_private_dns_namespace",
        missing="route53:CreateHostedZone",
        on="*",
        Name="a.local",
        Vpc="<ours>",
    ),
    case(
        allow("cloudwatch:*", StringEquals=OURS),
        call="cloudwatch.put_dashboard",
        missing="cloudwatch:PutDashboard",
        on=f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/d",
        DashboardName="d",
        DashboardBody='{"widgets": []}',
    ),
    case(
        allow("tag:GetResources", "arn:aws:ec2:*"),
        call="resourcegroupstaggingapi.get_resources",
        missing="tag:GetResources",
        on="*",
    ),
    case(call="sts.get_caller_identity"),
]


@pytest.mark.parametrize("tried", CASES)
def test_a_user_may_do_what_the_policy_allows_and_is_told_what_is_missing(place, tried):
    keys = make_user("alice", *place.fill([*tried.statements]))
    service, _, operation = tried.call.partition(".")
    error = refusal(lambda: getattr(client_as(keys, service), operation)(**place.fill(tried.params)))
    if not tried.missing:
        assert error is None
    else:
        assert error
        assert says(error["Message"], tried.missing, place.fill_text(tried.on)), error["Message"]


def refusal(call: Callable[[], Any]) -> dict[str, str] | None:
    try:
        call()
    except ClientError as error:
        return error.response["Error"]
    return None


def says(message: str, action: str, resource: str) -> bool:
    """Tell whether a refusal names them; some services leave out a resource that is `*`."""
    if action == "logs:TagResource":
        return message.endswith('with Tags. An additional permission "logs:TagResource" is required.')
    told = message.partition(ALICE)[2]
    words = told.removeprefix(f"{action} on resource: {resource} ")
    if resource == "*":
        words = words.removeprefix(f"{action} ")
    return words in (
        f"because no identity-based policy allows the {action} action",
        "with an explicit deny in an identity-based policy",
    )


@pytest.mark.parametrize(
    ("call", "code", "status"),
    [
        ("ec2.describe_vpcs", "UnauthorizedOperation", 403),
        ("iam.list_roles", "AccessDenied", 403),
        ("elbv2.describe_load_balancers", "AccessDenied", 403),
        ("route53.list_hosted_zones", "AccessDenied", 403),
        ("ecs.list_clusters", "AccessDeniedException", 400),
        ("dynamodb.list_tables", "AccessDeniedException", 400),
        ("scheduler.list_schedules", "AccessDeniedException", 400),
    ],
)
def test_each_service_refuses_in_its_own_form(aws, call, code, status):
    service, _, operation = call.partition(".")
    client = client_as(make_user("alice"), service)
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)()
    answer = refused.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)


def test_a_dry_run_tells_whether_the_call_is_allowed(place):
    keys = make_user("alice", allow("ec2:CreateVpc"))
    ec2 = client_as(keys, "ec2")
    codes = [
        refusal(lambda: ec2.create_vpc(CidrBlock="10.2.0.0/16", DryRun=True)),
        refusal(lambda: ec2.delete_vpc(VpcId=place.ids["ours"], DryRun=True)),
    ]
    assert [error and error["Code"] for error in codes] == ["DryRunOperation", "UnauthorizedOperation"]


def test_a_secret_is_asked_for_by_its_name_and_judged_by_its_arn_with_six_characters_behind_it(aws):
    """Secrets Manager adds them. As names may hold hyphens too, `-*` also allows other secrets."""
    client_of("secretsmanager").create_secret(Name="hook", SecretString="url")
    named = f"arn:aws:secretsmanager:{HOME}:secret:hook-??????"
    secrets = client_as(make_user("alice", allow("secretsmanager:GetSecretValue", named)), "secretsmanager")
    assert secrets.get_secret_value(SecretId="hook")["SecretString"] == "url"
    refused = refusal(lambda: secrets.get_secret_value(SecretId="hook-two"))
    assert refused
    assert refused["Code"] == "AccessDeniedException"


def test_the_policies_of_groups_and_managed_policies_hold_too(aws):
    keys, iam = make_user("alice"), client_of("iam")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="alice")
    assert refusal(client_as(keys, "ecs").list_clusters)
    iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=document(allow("ecs:List*")))
    assert refusal(client_as(keys, "ecs").list_clusters) is None
    assert refusal(client_as(keys, "ec2").describe_vpcs)
    iam.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess")
    assert refusal(client_as(keys, "ec2").describe_vpcs) is None


def test_a_role_may_do_what_its_boundary_allows_and_a_session_what_its_policy_allows(place):
    iam = client_of("iam")
    iam.put_role_policy(RoleName="edged", PolicyName="p", PolicyDocument=document(allow("*")))
    keys = begin_session(f"arn:aws:iam::{ACCOUNT}:role/edged", "job")
    assert refusal(client_as(keys, "ec2").describe_vpcs) is None
    told = refusal(client_as(keys, "ecs").list_clusters)
    assert told == {
        "Code": "AccessDeniedException",
        "Message": f"User: arn:aws:sts::{ACCOUNT}:assumed-role/edged/job is not authorized to perform: "
        "ecs:ListClusters on resource: * because no permissions boundary allows the ecs:ListClusters action",
    }


@pytest.mark.parametrize(
    ("principal", "statements", "may"),
    [
        ({"AWS": ACCOUNT}, [], False),
        ({"AWS": ACCOUNT}, [allow("sts:AssumeRole")], True),
        ({"AWS": "<alice>"}, [], True),
        ({"AWS": "<alice>"}, [allow("sts:*") | {"Effect": "Deny"}], False),
        ({"Service": "ecs-tasks.amazonaws.com"}, [allow("*")], False),
        ({"AWS": "<bob>"}, [allow("*")], False),
    ],
)
def test_a_user_assumes_a_role_that_trusts_it_or_its_account(aws, principal, statements, may):
    keys = make_user("alice", *statements)
    make_user("bob")
    place = Place({name: f"arn:aws:iam::{ACCOUNT}:user/{name}" for name in ("alice", "bob")})
    client_of("iam").create_role(RoleName="r", AssumeRolePolicyDocument=place.fill_text(trust(principal)))
    sts = client_as(keys, "sts")
    error = refusal(lambda: sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/r", RoleSessionName="run"))
    assert (error is None) is may


def test_a_session_policy_limits_a_session_and_a_users_own_session_is_the_users(aws):
    keys = make_user("alice", allow("sts:AssumeRole"))
    client_of("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
    client_of("iam").put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=document(allow("*")))
    made = client_as(keys, "sts").assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/r", RoleSessionName="run", Policy=document(allow("ec2:*"))
    )
    session = {"aws_access_key_id": made["Credentials"]["AccessKeyId"]}
    assert refusal(client_as(session, "ec2").describe_vpcs) is None
    assert "no session policy allows" in refusal(client_as(session, "ecs").list_clusters)["Message"]
    own = client_as(keys, "sts").get_session_token()["Credentials"]["AccessKeyId"]
    assert client_as({"aws_access_key_id": own}, "sts").get_caller_identity()["Arn"].endswith(":user/alice")


@pytest.mark.parametrize("change", ["delete_access_key", "update_access_key"])
def test_a_key_that_is_deleted_or_inactive_is_nobodys(aws, change):
    keys = make_user("alice", allow("*"))
    of_change = {"Status": "Inactive"} if change == "update_access_key" else {}
    getattr(client_of("iam"), change)(UserName="alice", AccessKeyId=keys["aws_access_key_id"], **of_change)
    assert refusal(client_as(keys, "ecs").list_clusters)["Code"] == "InvalidClientTokenId"


def test_every_other_key_is_the_roots_who_may_do_everything(aws):
    strange = {"aws_access_key_id": "AKIAQQQQQQQQQQQQQQQQ"}
    assert client_as(strange, "sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    assert refusal(client_as(strange, "ecs").list_clusters) is None


def test_what_a_run_asks_is_recorded_with_resources_and_tags_as_they_are_then(place):
    with recording() as requests:
        client_of("ec2").delete_vpc(VpcId=place.ids["ours"])
        client_of("sts").get_caller_identity()
    client_of("ec2").describe_vpcs()
    [request] = requests
    [target] = request.targets
    assert (request.action, target.keys["aws:resourcetag/stack"]) == ("ec2:DeleteVpc", ("a",))
