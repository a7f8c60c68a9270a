"""A VPC and subnets that exist are looked at before any write: what is there, and where it leads."""

from pathlib import Path
from typing import Any

import pytest
from scripted import ScriptedAws, refused
from support import OURS

from desired_state import load
from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from reconciler.aws.reads import open_reads
from reconciler.blueprint import blueprint
from reconciler.blueprint.existing.found import Found
from reconciler.blueprint.existing.network import read_network
from reconciler.blueprint.facts import Facts
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.load_balancer import LoadBalancer

FILE = """platform: shop
environment: dev
suffix: dev
region: us-east-1
network: {existing: {vpc: VPC, subnets: SUBNETS}}
services: {web: {port: 8080}}
load_balancer: none
"""
BALANCED = FILE.replace("load_balancer: none\n", "").replace(
    "port: 8080", 'routes: [{priority: 1, paths: ["/*"]}]'
)
OURS_BY_ID, OURS_BY_TAGS = "vpc-11111111", "{tags: {Owner: others}}"
A, B = "subnet-aaaaaaaa", "subnet-bbbbbbbb"
INTERNET = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}
NAT = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"}
NEEDED = ("ecr.api", "ecr.dkr", "s3", "logs")


def platform(
    folder: Path, vpc: str = OURS_BY_ID, subnets: str = f"{{public: [{A}]}}", text: str = FILE
) -> Platform:
    file = folder / "platform.yaml"
    file.write_text(text.replace("VPC", vpc).replace("SUBNETS", subnets))
    return load(file, environ={})


def table(*routes: dict[str, Any], subnet: str = "", main: bool = False) -> dict[str, Any]:
    associated = [{"SubnetId": subnet}] if subnet else []
    return {
        "RouteTableId": f"rtb-{'1' if subnet == B else '2'}",
        "Routes": [*routes],
        "Associations": [*associated, *([{"Main": True}] if main else [])],
    }


def look(wanted: Platform, *tables: dict[str, Any], **answers: Any) -> tuple[list[Found], list[str]]:
    """Return what is found, and the messages of the mistakes."""
    subnets = [
        {"SubnetId": own_id, "AvailabilityZone": zone, "Tags": [{"Key": "Tier", "Value": tier}]}
        for own_id, zone, tier in ((A, "us-east-1a", "public"), (B, "us-east-1b", "private"))
    ]
    told = {
        "describe_vpcs": {"Vpcs": [{"VpcId": OURS_BY_ID, "CidrBlock": "10.0.0.0/16"}]},
        "describe_vpc_attribute": {"EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": True}},
        "describe_subnets": {"Subnets": subnets},
        "describe_route_tables": {"RouteTables": [*tables]},
    }
    with open_reads(ScriptedAws(**told | answers), OURS, ()) as reads:  # type: ignore[arg-type]  # it answers as an Aws does
        found = list(read_network(reads, wanted))
    return [f for f in found if isinstance(f, Found)], [m.message for m in found if isinstance(m, Mistake)]


def vpcs(*ids: str) -> dict[str, Any]:
    return {"Vpcs": [{"VpcId": own_id, "CidrBlock": "10.0.0.0/16"} for own_id in ids]}


@pytest.mark.parametrize(
    ("vpc", "answer", "told"),
    [
        (OURS_BY_TAGS, vpcs("vpc-2", "vpc-1"), "matches vpc-1, vpc-2 in us-east-1"),
        (OURS_BY_TAGS, vpcs(), "matches no VPC in us-east-1"),
        (OURS_BY_ID, refused("InvalidVpcID.NotFound"), "matches no VPC in us-east-1"),
        (OURS_BY_ID, refused("InvalidVpcID.Malformed"), "matches no VPC in us-east-1"),
    ],
)
def test_exactly_one_vpc_must_match(tmp_path, vpc, answer, told):
    found, mistakes = look(platform(tmp_path, vpc), describe_vpcs=answer)
    assert not found
    assert [m.removesuffix(" that these credentials can see") for m in mistakes] == [told]


@pytest.mark.parametrize(
    ("tables", "leads_out"),
    [
        ([table(INTERNET, subnet=A)], True),
        ([table(subnet=A), table(INTERNET, main=True)], False),  # its own table counts
        ([table(subnet=B), table(INTERNET, main=True)], True),
        ([table(INTERNET, subnet=B), table(main=True)], False),
        ([table({**INTERNET, "State": "blackhole"}, subnet=A)], False),
        ([table({**INTERNET, "DestinationCidrBlock": "10.9.0.0/16"}, subnet=A)], False),
        ([table(NAT, subnet=A)], False),
    ],
)
def test_a_public_subnet_leads_to_an_internet_gateway(tmp_path, tables, leads_out):
    found, mistakes = look(platform(tmp_path), *tables)
    assert {f.where[-1]: f.outputs for f in found}["public"] == {A: "us-east-1a"}
    expected = f"{A} is not public: no route leads from it to an internet gateway"
    assert mistakes == ([] if leads_out else [expected])


@pytest.mark.parametrize(
    ("route", "there", "lacking"),
    [
        (NAT, (), ""),
        ({"DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": "tgw-1"}, (), ""),
        ({**NAT, "State": "blackhole"}, (), "ecr.api, ecr.dkr, s3, logs"),
        (None, NEEDED, ""),
        (None, NEEDED[:2], "s3, logs"),
    ],
)
def test_a_private_subnet_has_a_route_or_all_endpoints_that_its_tasks_need(tmp_path, route, there, lacking):
    endpoints = [
        {
            "ServiceName": f"com.amazonaws.us-east-1.{name}",
            "VpcEndpointType": "Gateway" if name == "s3" else "Interface",
            "State": "available",
            "RouteTableIds": ["rtb-1"] if name == "s3" else [],
        }
        for name in there
    ]
    wanted = platform(tmp_path, subnets=f"{{public: [{A}], private: {{tags: {{Tier: private}}}}}}")
    tables = [table(INTERNET, subnet=A), table(*([route] if route else []), subnet=B)]
    found, mistakes = look(wanted, *tables, describe_vpc_endpoints={"VpcEndpoints": endpoints})
    assert {f.where[-1]: f.outputs for f in found}["private"] == {B: "us-east-1b"}
    expected = f"{B} has no way out: no route to 0.0.0.0/0, and no endpoint for {lacking}"
    assert mistakes == ([expected] if lacking else [])


def test_a_load_balancer_needs_two_zones(tmp_path):
    _, mistakes = look(platform(tmp_path, text=BALANCED), table(INTERNET, subnet=A))
    assert mistakes == ["all are in us-east-1a, and a load balancer needs two zones"]


@pytest.mark.parametrize("attribute", ["EnableDnsSupport", "EnableDnsHostnames"])
def test_names_of_services_need_both_dns_attributes(tmp_path, attribute):
    on = {"EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": True}}
    answer = {**on, attribute: {"Value": False}}
    _, (mistake,) = look(platform(tmp_path), table(INTERNET, subnet=A), describe_vpc_attribute=answer)
    assert mistake.startswith(f"{OURS_BY_ID} has e{attribute[1:]} off")


def test_the_balancer_gets_one_subnet_of_a_zone_and_tasks_all(tmp_path):
    wanted = platform(tmp_path, subnets=f"{{public: [{A}, {B}, subnet-cccccccc]}}", text=BALANCED)
    zones = {B: "us-east-1a", A: "us-east-1a", "subnet-cccccccc": "us-east-1b"}
    where = ("network", "existing")
    existing = {(*where, "vpc"): {"id": OURS_BY_ID, "ipv6": ""}, (*where, "subnets", "public"): zones}
    facts = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"), existing=existing)
    specs = list(blueprint(wanted, facts))
    (balancer,) = (spec for spec in specs if isinstance(spec, LoadBalancer))
    (service,) = (spec for spec in specs if isinstance(spec, EcsService))
    assert {ref.name for ref in balancer.subnets} == {A, "subnet-cccccccc"}
    assert {ref.name for ref in service.subnets} == zones.keys()
    assert not [s for s in specs if s.kind in ("vpc", "subnet", "route_table", "internet_gateway")]
