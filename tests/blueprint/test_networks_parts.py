"""The tiers, ways out and endpoints of a network become resources."""

from pathlib import Path
from typing import Any

import pytest

from desired_state import load
from desired_state.endpoints import find_needed
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.elastic_ip import ElasticIp
from reconciler.resources.internet_gateway import InternetGateway
from reconciler.resources.load_balancer import LoadBalancer
from reconciler.resources.nat_gateway import NatGateway
from reconciler.resources.route_table import RouteTable
from reconciler.resources.schedule import Schedule
from reconciler.resources.security_group import SecurityGroupWithRules
from reconciler.resources.subnet import Subnet
from reconciler.resources.vpc_endpoint import VpcEndpoint

BOTH = "subnets: {public: {}, private: {prefix: 20}}"
WEB = '{routes: [{priority: 1, paths: ["/*"]}]}'
HEAD = "platform: shop\nenvironment: dev\nsuffix: dev\nregion: us-east-1\n"
INTERNET = Ref("internet_gateway", "igw-dev")


@pytest.fixture
def specs(tmp_path: Path) -> Any:
    """Return a function that gives the specs of one type, of a platform with one service in a network."""

    def drawn(cls: type[Spec], network: str, more: str = "", web: str = WEB, lacking: str = "") -> list[Any]:
        file = tmp_path / "platform.yaml"
        file.write_text(f"{HEAD}network: {{{network}}}\n{more}services: {{web: {web}}}\n")
        found = {("network", "endpoints", lacking): {"zones": "us-east-1b us-east-1f"}} if lacking else None
        facts = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"), existing=found)
        return [spec for spec in blueprint(load(file, environ={}), facts) if isinstance(spec, cls)]

    return drawn


def names(refs: Any) -> set[str]:
    return {ref.name for ref in refs}


@pytest.mark.parametrize(("nat", "gateways"), [("one", {1: 1, 2: 1}), ("per_zone", {1: 1, 2: 2})])
def test_a_zones_private_table_goes_to_its_own_gateway_or_to_the_only_one(specs, nat, gateways):
    made = {gateway.ref(): gateway for gateway in specs(NatGateway, f"{BOTH}, nat: {nat}")}
    tables = {table.name: table.routes["0.0.0.0/0"] for table in specs(RouteTable, f"{BOTH}, nat: {nat}")}
    assert len(specs(ElasticIp, f"{BOTH}, nat: {nat}")) == len(made) == len({*gateways.values()})
    for zone, number in gateways.items():
        gateway = made[tables[f"rtb-private-{zone}-dev"]]
        assert gateway.subnet.name == f"subnet-public-{number}-dev"
        assert tables[f"rtb-public-{zone}-dev"] == INTERNET
        assert INTERNET in gateway.after, "AWS would let the gateway fail without it"


def test_only_public_subnets_give_public_addresses_and_private_ones_lie_in_the_second_half(specs):
    found = {s.name: (s.cidr, s.public_addresses) for s in specs(Subnet, f"{BOTH}, nat: one")}
    assert found == {
        "subnet-public-1-dev": ("10.0.0.0/24", True),
        "subnet-public-2-dev": ("10.0.1.0/24", True),
        "subnet-private-1-dev": ("10.0.128.0/20", False),
        "subnet-private-2-dev": ("10.0.144.0/20", False),
    }


def test_gateways_are_in_all_tables_and_interfaces_in_the_private_subnets(specs):
    found = {
        e.aws_service.rpartition(".")[2]: e
        for e in specs(VpcEndpoint, f"{BOTH}, nat: one, endpoints: [s3, logs]")
    }
    s3, logs = found["s3"], found["logs"]
    assert names(s3.route_tables) == {f"rtb-{tier}-{n}-dev" for tier in ("public", "private") for n in (1, 2)}
    assert (s3.private_dns, logs.private_dns) == (False, True)
    assert names(logs.subnets) == {"subnet-private-1-dev", "subnet-private-2-dev"}


def test_interfaces_are_in_public_subnets_where_there_are_no_others(specs):
    (logs,) = specs(VpcEndpoint, "subnets: {public: {}}, endpoints: [logs]")
    assert names(logs.subnets) == {"subnet-public-1-dev", "subnet-public-2-dev"}


def test_interfaces_are_only_in_zones_that_have_the_service(specs):
    (logs,) = specs(VpcEndpoint, f"{BOTH}, nat: one, endpoints: [logs]", lacking="logs")
    assert names(logs.subnets) == {"subnet-private-2-dev"}


def test_the_whole_vpc_and_nobody_else_may_connect_to_the_interfaces(specs):
    network = f"{BOTH}, nat: one, endpoints: [logs]"
    (logs,) = specs(VpcEndpoint, network)
    (group,) = logs.security_groups
    (doors,) = (g for g in specs(SecurityGroupWithRules, network) if g.name == group.name)
    assert {(rule.cidr, rule.from_port, rule.to_port) for rule in doors.ingress} == {("10.0.0.0/16", 443, 443)}


def test_services_wait_for_all_that_their_tasks_need_to_reach_aws(specs):
    network = f"{BOTH}, nat: one, endpoints: [s3, logs]"
    (service,) = specs(EcsService, network)
    (logs,) = (e for e in specs(VpcEndpoint, network) if e.type == "Interface")
    (group,) = logs.security_groups
    tables = {table.ref() for table in specs(RouteTable, network)}
    assert tables | {INTERNET, logs.ref(), Ref("security_group_rules", group.name)} <= service.after


def test_an_endpoint_says_what_needs_it(specs):
    secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf"
    parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/b"
    web = f"{{execute_command: true, tracing: none, secrets: {{A: '{secret}', B: '{parameter}'}}}}"
    internal = "load_balancer: {scheme: internal}\n"
    found = specs(VpcEndpoint, "subnets: {private: {}}, endpoints: auto", internal, web)
    assert {e.aws_service.removeprefix("com.amazonaws.us-east-1."): e.why for e in found} == {
        "ecr.api": "images of web",
        "ecr.dkr": "images of web",
        "s3": "images of web",
        "logs": "logs of web",
        "secretsmanager": "secrets of web",
        "ssm": "secrets of web",
        "ssmmessages": "execute_command of web",
    }


def test_in_regions_opened_lately_tasks_need_ecs_itself_too(tmp_path):
    file = tmp_path / "platform.yaml"
    file.write_text(f"{HEAD}network: {{{BOTH}, endpoints: auto}}\nservices: {{web: {{}}}}\n")
    old, new = load(file, environ={}), load(file, environ={}).model_copy(update={"region": "ca-west-1"})
    assert find_needed(new).keys() - find_needed(old).keys() == {"ecs", "ecs-agent", "ecs-telemetry"}


def test_auto_gives_nothing_for_services_that_are_elsewhere(specs):
    assert specs(VpcEndpoint, f"{BOTH}, nat: one, endpoints: auto", web="{placement: public}") == []


@pytest.mark.parametrize(("scheme", "tier"), [("internal", "private"), ("internet-facing", "public")])
def test_an_internal_balancer_is_in_private_subnets(specs, scheme, tier):
    (balancer,) = specs(LoadBalancer, f"{BOTH}, nat: one", f"load_balancer: {{scheme: {scheme}}}\n")
    assert names(balancer.subnets) == {f"subnet-{tier}-1-dev", f"subnet-{tier}-2-dev"}


@pytest.mark.parametrize(
    ("network", "gateways"),
    [("subnets: {private: {}}, endpoints: auto", 0), ("subnets: {public: {}}", 1), (f"{BOTH}, nat: one", 1)],
)
def test_an_internet_gateway_is_made_for_public_subnets_only(specs, network, gateways):
    """One without a route would let nobody in, and be found by each audit of a closed network."""
    internal = "load_balancer: {scheme: internal}\n"
    assert len(specs(InternetGateway, network, internal, "{tracing: none}")) == gateways


@pytest.mark.parametrize(
    ("scheme", "way_in"),
    [
        ("internet-facing", {"igw-dev", "rtb-public-1-dev", "rtb-public-2-dev"}),
        ("internal", set()),
    ],
)
def test_a_load_balancer_waits_for_the_way_in_and_for_no_way_out(specs, scheme, way_in):
    """It calls nobody: a NAT gateway and endpoints would hold up its 2.5 minutes."""
    network = f"{BOTH}, nat: one, endpoints: [s3, logs]"
    (balancer,) = specs(LoadBalancer, network, f"load_balancer: {{scheme: {scheme}}}\n")
    assert names(balancer.after) == way_in


@pytest.mark.parametrize(
    ("network", "tier"),
    [
        ("subnets: {public: {}, private: {}}, endpoints: auto", "public"),
        (f"{BOTH}, nat: one", "private"),
        ("subnets: {public: {}}", "public"),
    ],
)
def test_the_drift_job_is_where_it_reaches_services_that_have_no_endpoints(specs, network, tier):
    (job,) = specs(Schedule, network, "drift_correction: {}\n")
    assert names(job.subnets) == {f"subnet-{tier}-1-dev", f"subnet-{tier}-2-dev"}
    assert job.public_address is (tier == "public")
