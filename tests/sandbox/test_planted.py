"""What a file says exists already is there in the embedded AWS, as its owner would have made it."""

import pytest
from support import client

from reconciler.sandbox.planted import plant

VPC, SUBNETS = "vpc-0a1b2c3d4e5f67890", ["subnet-0a1b2c3d4e5f67891", "subnet-0a1b2c3d4e5f67892"]
NETWORK = {
    "type": "network",
    "vpc": {"id": VPC, "tags": {}},
    "subnets": {
        "public": {"ids": SUBNETS, "tags": {}},
        "private": {"ids": [], "tags": {"Tier": "private"}},
    },
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


def test_parameters_and_stacks_have_the_values_of_the_file_until_others_are_given():
    parameter = {"type": "parameter", "name": "/net/vpc", "value": VPC}
    stack = {"type": "stack", "name": "net", "outputs": {"Subnet": SUBNETS[0]}}
    put(parameter, stack)
    put(parameter | {"value": "x"}, stack | {"outputs": {}})
    assert client("ssm").get_parameters(Names=["/net/vpc"])["Parameters"][0]["Value"] == VPC
    (found,) = client("cloudformation").describe_stacks(StackName="net")["Stacks"]
    assert found["Outputs"] == [{"OutputKey": "Subnet", "OutputValue": SUBNETS[0]}]
