"""What a file says exists already is there in the embedded AWS, as its owner would have made it."""

import pytest
from botocore.exceptions import ClientError
from support import client

from reconciler.sandbox import REAL
from reconciler.sandbox.planted import plant
from reconciler.sandbox.private import private
from reconciler.sandbox.world import current

VPC, SUBNETS = "vpc-0a1b2c3d4e5f67890", ["subnet-0a1b2c3d4e5f67891", "subnet-0a1b2c3d4e5f67892"]
TABLES = ["rtb-0a1b2c3d4e5f67891", "rtb-0a1b2c3d4e5f67892", "rtb-0a1b2c3d4e5f67893"]
START = "arn:aws:elasticloadbalancing:us-east-1:123456789012:"
BALANCER = f"{START}loadbalancer/app/team/0a1b2c3d4e5f6789"
NETWORK = {
    "type": "network",
    "vpc": {"id": VPC, "tags": {}},
    "subnets": {
        "public": {"ids": SUBNETS, "tags": {}},
        "private": {"ids": [], "tags": {"Tier": "private"}},
    },
    "route_tables": TABLES,
}

pytestmark = pytest.mark.usefixtures("aws")


def put(*parts: dict[str, object]) -> None:
    plant(parts, None, "us-east-1")


def routes_of(subnet: str) -> set[str]:
    where = [{"Name": "association.subnet-id", "Values": [subnet]}]
    (table,) = client("ec2").describe_route_tables(Filters=where)["RouteTables"]
    return {
        key
        for route in table["Routes"]
        for key in ("GatewayId", "NatGatewayId")
        if route.get(key, "local") != "local"
    }


def test_the_tables_of_the_file_are_those_of_private_subnets_first_and_then_more():
    put(NETWORK)
    tables = client("ec2").describe_route_tables(RouteTableIds=TABLES)["RouteTables"]
    ways = {table["RouteTableId"]: [*table["Routes"][1:]] for table in tables}
    assert [[*route][1] for own_id in TABLES for route in ways[own_id]] == ["NatGatewayId", "GatewayId"]


def test_a_network_has_the_ids_and_tags_of_the_file_and_ways_out():
    put(NETWORK)
    subnets = client("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [VPC]}])["Subnets"]
    assert {s["SubnetId"] for s in subnets} > {*SUBNETS}
    private = [s["SubnetId"] for s in subnets if {"Key": "Tier", "Value": "private"} in s.get("Tags", [])]
    assert len({s["AvailabilityZone"] for s in subnets if s["SubnetId"] in private}) == 2
    assert [routes_of(SUBNETS[0]), routes_of(private[0])] == [{"GatewayId"}, {"NatGatewayId"}]


@pytest.mark.parametrize("vpc", [{"id": VPC, "tags": {}}, {"id": None, "tags": {"Name": "main"}}])
def test_what_is_there_already_stays_as_it_is(vpc):
    before = len(client("ec2").describe_vpcs()["Vpcs"])
    for _ in range(2):
        put({**NETWORK, "vpc": vpc})
    assert len(client("ec2").describe_vpcs()["Vpcs"]) == before + 1


def test_a_cluster_a_role_and_a_log_group_can_be_used():
    arn = "arn:aws:iam::123456789012:role/team/work"
    for _ in range(2):
        put(
            {"type": "cluster", "name": "shared"},
            {"type": "log_group", "name": "/a"},
            {"type": "role", "arn": arn},
        )
    (cluster,) = client("ecs").describe_clusters(clusters=["shared"])["clusters"]
    assert (cluster["status"], cluster["capacityProviders"]) == ("ACTIVE", ["FARGATE", "FARGATE_SPOT"])
    assert client("iam").get_role(RoleName="work")["Role"]["Arn"] == arn
    assert client("logs").describe_log_groups()["logGroups"][0]["logGroupName"] == "/a"


def test_a_private_network_has_a_way_out_of_the_owners():
    put({**NETWORK, "subnets": {"private": {"ids": SUBNETS, "tags": {}}}})
    assert [routes_of(subnet) for subnet in SUBNETS] == [{"NatGatewayId"}, {"NatGatewayId"}]


def test_a_security_group_and_a_namespace_are_in_the_network():
    group, namespace = "sg-0a1b2c3d4e5f67890", "ns-abcdef0123456789"
    for _ in range(2):
        put(
            NETWORK,
            {"type": "security_group", "id": group, "vpc": NETWORK["vpc"]},
            {"type": "namespace", "id": namespace, "vpc": NETWORK["vpc"]},
        )
    (found,) = client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert found["VpcId"] == VPC
    made = client("servicediscovery").get_namespace(Id=namespace)["Namespace"]
    assert (made["Type"], made["Arn"].rpartition("/")[2]) == ("DNS_PRIVATE", namespace)
    zone = made["Properties"]["DnsProperties"]["HostedZoneId"]
    assert [vpc["VPCId"] for vpc in client("route53").get_hosted_zone(Id=zone)["VPCs"]] == [VPC]


def test_what_is_in_a_network_that_is_not_there_is_not_made():
    put({"type": "security_group", "id": "sg-0a1b2c3d4e5f67890", "vpc": NETWORK["vpc"]})
    groups = client("ec2").describe_security_groups()["SecurityGroups"]
    assert "sg-0a1b2c3d4e5f67890" not in {group["GroupId"] for group in groups}


def test_a_repository_has_the_images_of_the_file_and_a_policy_its_arn():
    arn = "arn:aws:iam::123456789012:policy/team/read"
    for _ in range(2):
        put({"type": "repository", "name": "shop/web", "tags": ["v1"]}, {"type": "policy", "arn": arn})
    images = client("ecr").list_images(repositoryName="shop/web")["imageIds"]
    assert "v1" in {image["imageTag"] for image in images}
    assert client("iam").get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn


def test_a_load_balancer_is_in_the_network_and_its_listeners_answer():
    arn, own = BALANCER, f"{START}listener/app/team/0a1b2c3d4e5f6789/"
    listeners = [f"{own}1111222233334444", f"{own}5555666677778888"]
    for _ in range(2):
        put(NETWORK, {"type": "load_balancer", "arn": arn, "vpc": NETWORK["vpc"], "listeners": listeners})
    elb = client("elbv2")
    (made,) = elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    assert (made["VpcId"], made["State"]["Code"], len(made["AvailabilityZones"])) == (VPC, "active", 2)
    found = elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert {each["ListenerArn"]: each["Port"] for each in found} == dict(zip(listeners, (80, 81), strict=True))
    assert [each["IsDefault"] for each in elb.describe_rules(ListenerArn=listeners[0])["Rules"]] == [True]


@pytest.mark.parametrize("seed", range(4))
def test_what_exists_was_made_long_ago(seed):
    """Its owner's load balancer is active and found by every read, also where AWS is slow and lags."""
    balancer = {"type": "load_balancer", "arn": BALANCER, "vpc": NETWORK["vpc"], "listeners": []}
    with private(REAL, seed):
        put(NETWORK, balancer)
        assert current().profile is REAL
        (made,) = client("elbv2").describe_load_balancers()["LoadBalancers"]
        found = client("ec2").describe_security_groups(GroupIds=made["SecurityGroups"])["SecurityGroups"]
        assert (made["State"]["Code"], found[0]["VpcId"]) == ("active", VPC)


def test_the_owner_of_what_exists_has_the_quotas_for_it_and_others_do_not():
    for number in range(7):
        put({**NETWORK, "vpc": {"id": None, "tags": {"Name": f"net-{number}"}}, "subnets": {}})
    assert len(client("ec2").describe_vpcs()["Vpcs"]) > 7
    with pytest.raises(ClientError, match="VpcLimitExceeded"):
        client("ec2").create_vpc(CidrBlock="10.0.0.0/16")


def test_parameters_and_stacks_have_the_values_of_the_file_until_others_are_given():
    parameter = {"type": "parameter", "name": "/net/vpc", "value": VPC}
    stack = {"type": "stack", "name": "net", "outputs": {"Subnet": SUBNETS[0]}}
    put(parameter, stack)
    put(parameter | {"value": "x"}, stack | {"outputs": {}})
    assert client("ssm").get_parameters(Names=["/net/vpc"])["Parameters"][0]["Value"] == VPC
    (found,) = client("cloudformation").describe_stacks(StackName="net")["Stacks"]
    assert found["Outputs"] == [{"OutputKey": "Subnet", "OutputValue": SUBNETS[0]}]
