"""Resources that are not ours may have any form that AWS allows: reading them never raises."""

from typing import Any

import pytest
from balancing import group
from network import subnet, table, vpc
from scripted import ScriptedAws, read
from services import CLUSTER, FAMILY, REPOSITORY, SERVICE, cluster, definition, repository, service
from support import OURS, make

from reconciler.aws.reads import open_reads
from reconciler.model.references import Json, Ref
from reconciler.model.spec import Spec
from reconciler.model.tags import NAME, STACK
from reconciler.resources import KINDS
from reconciler.resources.cloud_map_namespace import CloudMapNamespace
from reconciler.resources.cloud_map_service import CloudMapService
from reconciler.resources.dashboard import Dashboard
from reconciler.resources.iam_role import IamRole
from reconciler.resources.running_services import find_used_task_definitions
from reconciler.resources.subnet import Subnet, clashes

ARN = "arn:aws:x:us-east-1:123456789012"
MARKS = [{"Key": STACK, "Value": OURS.name}, {"Key": NAME, "Value": "vpc-dev"}]
VPC = {"describe_vpcs": {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": MARKS}]}}
OUR_CLUSTER = {
    "list_clusters": {"clusterArns": [f"{ARN}:cluster/{CLUSTER}"]},
    "describe_clusters": {
        "clusters": [{"clusterName": CLUSTER, "clusterArn": f"{ARN}:cluster/{CLUSTER}", "status": "ACTIVE"}]
    },
}
EXTERNAL = {  # another controller's: what is deployed is in its task sets
    "serviceName": SERVICE,
    "serviceArn": f"{ARN}:service/{CLUSTER}/{SERVICE}",
    "clusterArn": f"{ARN}:cluster/{CLUSTER}",
    "status": "ACTIVE",
    "deploymentController": {"type": "EXTERNAL"},
    "loadBalancers": [{"loadBalancerName": "classic"}],
    "taskSets": [{"taskDefinition": f"{ARN}:task-definition/{FAMILY}:3"}],
}
NAMESPACE = make(CloudMapNamespace, "dev.local", domain="dev.local", vpc=Ref("vpc", "vpc-dev"))
SHARED = {"Id": "ns-1", "Arn": f"{ARN}:namespace/ns-1", "Name": "dev.local", "Type": "DNS_PRIVATE"}
PORTS = [{"containerPortRange": "1-5"}, {"hostPort": 0}, {"protocol": "tcp"}]
RUNS_ANYTHING = {
    "taskDefinition": {
        "family": FAMILY,
        "revision": 1,
        "taskDefinitionArn": f"{ARN}:task-definition/{FAMILY}:1",
        "containerDefinitions": [{"name": "x", "portMappings": PORTS, "environment": [{"name": "A"}, {}]}],
    }
}
TRUST = {"Statement": [{"Effect": "Allow", "Principal": "*", "NotAction": "x"}, {"Effect": "Deny"}]}
ROLE = {
    "RoleName": "role-dev",
    "Arn": f"{ARN}:role/role-dev",
    "AssumeRolePolicyDocument": TRUST,
    "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": {"Effect": "Allow"}}}],
    "AttachedManagedPolicies": [],
}
GROUP = {"TargetGroupArn": f"{ARN}:targetgroup/x/1", "TargetGroupName": "hook-dev", "TargetType": "lambda"}
ONLY_IPV6 = {
    "SubnetId": "subnet-1",
    "VpcId": "vpc-1",
    "AvailabilityZone": "us-east-1a",
    "MapPublicIpOnLaunch": False,
    "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2600:db8::/64"}],
}
ROUTES = [
    {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
    {"DestinationCidrBlock": "10.9.0.0/16", "State": "blackhole"},
    {"DestinationPrefixListId": "pl-1", "CoreNetworkArn": "arn:core"},
]

FORMS: list[tuple[Spec, dict[str, Any]]] = [
    (service(), OUR_CLUSTER | {"describe_services": {"services": [EXTERNAL]}}),
    (cluster(), OUR_CLUSTER),
    (subnet(), VPC | {"describe_subnets": {"Subnets": [ONLY_IPV6]}}),
    (
        table(),
        VPC
        | {
            "describe_route_tables": {
                "RouteTables": [
                    {
                        "RouteTableId": "rtb-1",
                        "VpcId": "vpc-1",
                        "Routes": ROUTES,
                        "Associations": [{"Main": True}],
                    },
                    {
                        "RouteTableId": "rtb-2",
                        "VpcId": "vpc-1",
                        "Tags": [*MARKS[:1], {"Key": NAME, "Value": "x"}],
                        "Routes": ROUTES,
                        "Associations": [{"GatewayId": "igw-1", "RouteTableAssociationId": "a"}],
                    },
                ]
            }
        },
    ),
    (
        definition(),
        {
            "list_task_definition_families": {"families": [FAMILY]},
            "describe_task_definition": RUNS_ANYTHING,
        },
    ),
    (NAMESPACE, {"list_namespaces": {"Namespaces": [SHARED]}, "list_tags_for_resource": {"Tags": []}}),
    (
        make(CloudMapService, "api", namespace=NAMESPACE.ref()),
        {
            "list_namespaces": {"Namespaces": [SHARED]},
            "list_services": {
                "Services": [{"Id": "srv-1", "Arn": f"{ARN}:service/srv-1", "Name": "http-only"}]
            },
            "list_tags_for_resource": {"Tags": []},
        },
    ),
    (
        make(Dashboard, "board-dev", body=Json({})),
        {
            "list_dashboards": {
                "DashboardEntries": [{"DashboardName": "board-dev", "DashboardArn": f"{ARN}:board-dev"}]
            },
            "get_dashboard": {"DashboardBody": '{"widgets": [null, {"type": "text", "properties": null}]}'},
        },
    ),
    (
        make(IamRole, "role-dev", service_principal="ecs-tasks.amazonaws.com"),
        {
            "get_account_authorization_details": {"RoleDetailList": [ROLE]},
            "list_roles": {"Roles": [{"RoleName": "role-dev"}]},
        },
    ),
    (group("hook-dev"), {"describe_target_groups": {"TargetGroups": [GROUP]}}),
    (
        repository(),
        {
            "describe_repositories": {
                "repositories": [{"repositoryName": REPOSITORY, "repositoryArn": ARN, "repositoryUri": "uri"}]
            },
            "list_tags_for_resource": {"tags": []},
            "get_lifecycle_policy": {"lifecyclePolicyText": '{"rules": [{"selection": {}}]}'},
        },
    ),
]


@pytest.mark.parametrize(("wanted", "answers"), FORMS, ids=[wanted.kind for wanted, _ in FORMS])
def test_a_strangers_form_never_raises(wanted: Spec, answers: dict[str, Any]):
    found = read(KINDS[wanted.kind], ScriptedAws(**answers), [vpc(), cluster(), wanted])
    assert all(live.spec.name for live in found)


def test_a_task_definition_is_in_use_in_a_task_set_too():
    aws = ScriptedAws(**OUR_CLUSTER, describe_services={"services": [EXTERNAL]})
    with open_reads(aws, OURS, [cluster(), service()]) as reads:  # type: ignore[arg-type]  # as an Aws does
        assert find_used_task_definitions(reads) == {f"{ARN}:task-definition/{FAMILY}:3"}


def test_a_range_of_ipv6_is_in_nobodys_way():
    vpc_1 = Ref("vpc", "vpc-1", by_id=True)
    theirs = Subnet(name="x", vpc=vpc_1, cidr="2600:db8::/64", zone="us-east-1a")
    assert not clashes(theirs, Subnet(name="a", vpc=vpc_1, cidr="10.0.0.0/24", zone="us-east-1a"))
