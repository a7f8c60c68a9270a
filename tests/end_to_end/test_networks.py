"""Networks that change under a running platform, and networks of others that a platform is in."""

from pathlib import Path

import pytest
from crash.cloud import cloud, run
from crash.existing import make_network
from crash.inventory import compare, take_inventory
from support import client
from whole import applied, in_network, planned

from desired_state import LoadError, Platform, load
from reconciler.sandbox import CALM

PUBLIC = "{subnets: {public: {}}}"
NAT = "{subnets: {public: {}, private: {prefix: 20}}, nat: NAT, zones: ZONES}"
INSIDE = """
platform: shop
environment: dev
region: us-east-1
network: {existing: {vpc: VPC, subnets: SUBNETS}}
services:
  web: {image: {uri: nginx}, routes: [{priority: 1, paths: ["/*"]}], desired_count: 1}
"""


def test_a_platform_that_runs_moves_into_private_subnets_by_a_rollout_and_back(aws, tmp_path):
    applied(in_network(tmp_path, PUBLIC))
    for network in (NAT.replace("NAT", "one").replace("ZONES", "2"), PUBLIC):
        todo = planned(in_network(tmp_path, network))
        services = [change for change in todo.changes if change.address.kind == "ecs_service"]
        assert {change.op for change in services} == {"update"}
        assert not [change for change in todo.changes if change.replaces]
        applied(in_network(tmp_path, network))
        assert planned(in_network(tmp_path, network)).changes == ()


def test_nat_changes_in_place_and_its_routes_move_before_a_gateway_goes(aws, tmp_path):
    for nat, zones in (("one", 2), ("per_zone", 2), ("per_zone", 3), ("one", 2)):
        platform = in_network(tmp_path, NAT.replace("NAT", nat).replace("ZONES", str(zones)))
        applied(platform)
        assert planned(platform).changes == ()
        gateways = client("ec2").describe_nat_gateways(Filters=[{"Name": "state", "Values": ["available"]}])
        assert len(gateways["NatGateways"]) == {"one": 1, "per_zone": zones}[nat]
        assert len(client("ec2").describe_addresses()["Addresses"]) == len(gateways["NatGateways"])


def inside(folder: Path, vpc: str, subnets: str) -> Platform:
    file = folder / "platform.yaml"
    file.write_text(INSIDE.replace("VPC", vpc).replace("SUBNETS", subnets))
    return load(file, environ={})


def write_subnets(public: list[str], private: list[str]) -> str:
    return f"{{public: [{', '.join(public)}], private: [{', '.join(private)}]}}"


def test_a_network_of_others_is_as_it_was_after_an_apply_a_correction_and_a_destroy(tmp_path):
    with cloud(CALM) as clock:
        vpc, public, private = make_network()
        before = take_inventory(client)
        platform = inside(tmp_path, vpc, write_subnets(public, private))
        assert run(platform, clock).clean
        assert not run(platform, clock).todo.changes
        (service,) = client("ecs").describe_services(
            cluster="ecs-cluster-shop-dev", services=["svc-web-shop-dev"]
        )["services"]
        placed = service["networkConfiguration"]["awsvpcConfiguration"]
        assert (sorted(placed["subnets"]), placed["assignPublicIp"]) == (sorted(private), "DISABLED")
        assert run(platform, clock, destroy=True).clean
        clock.advance(3600)
        assert not compare(take_inventory(client), before)


@pytest.mark.parametrize(
    ("subnets", "message"),
    [
        ("{public: [subnet-12345678]}", "VPC has no subnet subnet-12345678; it has "),
        ("{public: {tags: {Tier: none}}}", "no subnet of VPC has these tags"),
        ("{public: [FIRST]}", "all are in us-east-1a, and a load balancer needs two zones"),
        ("{public: PRIVATE}", "is not public: no route leads from it to an internet gateway"),
        (
            "{public: PUBLIC, private: PRIVATE}",
            "has no way out: no route to 0.0.0.0/0, and no endpoint for logs",
        ),
    ],
)
def test_what_cannot_do_what_is_asked_is_told_with_its_line_before_any_write(aws, tmp_path, subnets, message):
    vpc, public, private = make_network(way_out=False)
    written = subnets.replace("PUBLIC", f"[{', '.join(public)}]").replace("PRIVATE", f"[{', '.join(private)}]")
    written = written.replace("FIRST", public[0])
    with pytest.raises(LoadError) as failed:
        planned(inside(tmp_path, vpc, written))
    assert message.replace("VPC", vpc) in str(failed.value)
    assert "platform.yaml:5:" in str(failed.value)


@pytest.mark.parametrize(
    "changed",
    [
        "{subnets: {public: {}, private: {prefix: 22}}, nat: one}",
        "{subnets: {public: {prefix: 25}, private: {prefix: 20}}, nat: one}",
        "{cidr: 10.1.0.0/16, subnets: {public: {}, private: {prefix: 20}}, nat: one}",
        "{existing: {vpc: VPC, subnets: SUBNETS}}",
    ],
)
def test_another_range_or_vpc_is_refused_and_with_another_suffix_all_is_made_anew(tmp_path, changed):
    with cloud(CALM) as clock:
        vpc, public, private = make_network()
        changed = changed.replace("VPC", vpc).replace("SUBNETS", write_subnets(public, private))
        file, existing = tmp_path / "platform.yaml", "{existing: {vpc: VPC, subnets: SUBNETS}}"

        def platform(network: str, suffix: str) -> Platform:
            file.write_text(f"suffix: {suffix}\n{INSIDE.replace(existing, network)}")
            return load(file, environ={})

        own = "{subnets: {public: {}, private: {prefix: 20}}, nat: one}"
        assert run(platform(own, "a"), clock).clean
        (refused,) = run(platform(changed, "a"), clock).todo.conflicts
        assert "another `suffix` of the file" in refused.remedy
        assert run(platform(changed, "b"), clock).clean
        assert not run(platform(changed, "b"), clock).todo.changes
        services = client("ecs").describe_services(cluster="ecs-cluster-b", services=["svc-web-b"])["services"]
        assert [service["runningCount"] for service in services] == [1]
        assert [arn.rpartition("/")[2] for arn in client("ecs").list_clusters()["clusterArns"]] == [
            "ecs-cluster-b"
        ]


def test_private_names_need_dns_in_a_vpc_of_others(aws, tmp_path):
    vpc, public, private = make_network()
    client("ec2").modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": False})
    with pytest.raises(LoadError, match=f"{vpc} has enableDnsHostnames off"):
        planned(inside(tmp_path, vpc, write_subnets(public, private)))


def test_an_endpoint_that_the_region_lacks_is_told_before_any_write(aws, tmp_path):
    network = "{subnets: {public: {}}, endpoints: [s3, nosuchservice]}"
    with pytest.raises(LoadError, match="us-east-1 has no endpoint service for nosuchservice"):
        planned(in_network(tmp_path, network))


def test_more_subnets_than_a_service_takes_are_told_before_any_write(aws, tmp_path):
    vpc, public, _ = make_network()
    more = [
        client("ec2").create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24")["Subnet"]["SubnetId"]
        for number in range(10, 25)
    ]
    with pytest.raises(LoadError, match="there are 17 subnets, and a service takes 16 at most"):
        planned(inside(tmp_path, vpc, f"{{public: [{', '.join([*public, *more])}]}}"))
