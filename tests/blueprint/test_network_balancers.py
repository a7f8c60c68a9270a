"""Network load balancers of a platform: what is made for a service behind one, and what is left out."""

from pathlib import Path

import pytest

from desired_state import Platform, load
from desired_state.warnings import find_warnings
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.blueprint.outputs import outputs
from reconciler.model.references import Address
from reconciler.model.spec import Spec, parts
from reconciler.resources.dashboard import Dashboard
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.listener import Forward, Listener
from reconciler.resources.listener_rule import ListenerRule
from reconciler.resources.load_balancer import LoadBalancer
from reconciler.resources.security_group import SecurityGroup
from reconciler.resources.security_group_rules import SecurityGroupRules
from reconciler.resources.target_group import TargetGroup

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
HEAD = 'platform: shop\nenvironment: dev\nsuffix: "{environment}"\nregion: us-east-1\n'
POSTGRES = """
load_balancers:
  tcp:
    type: network
    ingress: [10.0.0.0/8]
    listeners: {postgres: {port: 5432}, idle: {port: 1}}
services:
  db:
    port: 5432
    slow_start: 60s
    routes: [{load_balancer: tcp, listener: postgres}]
"""
DNS = """
load_balancers:
  udp: {type: network, cross_zone: true, listeners: {dns: {port: 53, protocol: UDP}}}
services:
  dns:
    ports: {dns: {port: 5353, protocol: udp}, health: 8080}
    routes: [{load_balancer: udp, port: dns}]
    health_check: {port: health, protocol: HTTP, path: /healthz}
"""


@pytest.fixture
def shop(tmp_path: Path):
    def loaded(text: str) -> Platform:
        (tmp_path / "platform.yaml").write_text(HEAD + text)
        return load(tmp_path / "platform.yaml", environ={})

    return loaded


def specs(platform: Platform, kind: type[Spec]) -> dict[str, Spec]:
    made = parts(blueprint(platform, FACTS)).values()
    return {spec.name: spec for spec in made if isinstance(spec, kind)}


def test_it_has_its_key_in_its_name_a_group_and_a_listener_for_each_route(shop):
    platform = shop(POSTGRES)
    ((name, balancer),) = specs(platform, LoadBalancer).items()
    assert (name, balancer.type, len(balancer.security_groups)) == ("nlb-tcp-dev", "network", 1)
    assert balancer.attributes == {"deletion_protection.enabled": "false"}
    ((name, listener),) = specs(platform, Listener).items()
    (group,) = specs(platform, TargetGroup).values()
    assert (name, listener.port, listener.protocol) == ("nlb-tcp-dev-postgres", 5432, "TCP")
    assert listener.default == Forward(target_group=group.ref())
    assert listener.served_by == Address("ecs_service", "svc-db-dev")
    assert specs(platform, ListenerRule) == {}


def test_a_listener_without_a_route_is_not_made_and_the_file_is_told_so(shop):
    told = [warning.message for warning in find_warnings(shop(POSTGRES))]
    assert [text for text in told if "idle" in text] == [
        "no route leads to idle, so it is not made: a network load balancer's listener forwards"
    ]


def test_a_service_comes_after_the_listener_that_forwards_to_it(shop):
    (service,) = specs(shop(POSTGRES), EcsService).values()
    assert {ref.name for ref in service.after if ref.kind == "listener"} == {"nlb-tcp-dev-postgres"}


def test_its_group_is_checked_by_a_connection_and_has_no_attributes_of_requests(shop):
    (group,) = specs(shop(POSTGRES), TargetGroup).values()
    check = group.health_check
    assert (group.protocol, check.protocol, check.path, check.matcher) == ("TCP", "TCP", "", None)
    assert group.attributes == {"deregistration_delay.timeout_seconds": "300"}


def test_a_service_of_udp_is_checked_at_the_port_that_it_names(shop):
    platform = shop(DNS)
    (group,) = specs(platform, TargetGroup).values()
    check = group.health_check
    assert (group.protocol, group.port) == ("UDP", 5353)
    assert (check.protocol, check.port, check.path, check.matcher) == ("HTTP", "8080", "/healthz", "200")
    (balancer,) = specs(platform, LoadBalancer).values()
    assert balancer.attributes["load_balancing.cross_zone.enabled"] == "true"


def rules(platform: Platform, group: str) -> set[tuple[str, int, str]]:
    """Return protocol, port and source of the rules of a group, without those of tasks among themselves."""
    ingress = specs(platform, SecurityGroupRules)[group].ingress
    return {
        (rule.protocol, rule.from_port, rule.cidr or rule.group.name)
        for rule in ingress
        if not (rule.group and rule.group.name == platform.names.task_group)
    }


def test_only_its_listeners_are_open_and_tasks_to_it_where_it_forwards_and_checks(shop):
    assert rules(shop(POSTGRES), "nlb-tcp-dev") == {("tcp", 5432, "10.0.0.0/8")}
    tasks = shop(POSTGRES).names.task_group
    assert rules(shop(POSTGRES), tasks) == {("tcp", 5432, "nlb-tcp-dev")}
    assert rules(shop(DNS), "nlb-udp-dev") == {("udp", 53, "0.0.0.0/0")}
    assert rules(shop(DNS), tasks) == {("udp", 5353, "nlb-udp-dev"), ("tcp", 8080, "nlb-udp-dev")}
    assert specs(shop(DNS), SecurityGroup)["nlb-udp-dev"].description == "Security group for NLB"


BOTH = """
load_balancers:
  net: {type: network, listeners: {dns: {port: 53, protocol: TCP_UDP}, plain: {port: 54, protocol: UDP}}}
services:
  dns:
    ports: {dns: {port: 53, protocol: udp}, dns-tcp: 53}
    routes: [{load_balancer: net, listener: dns, port: dns}, {load_balancer: net, listener: plain, port: dns}]
    health_check: {port: dns-tcp}
"""


def test_a_group_of_tcp_and_udp_serves_listeners_of_either(shop):
    platform = shop(BOTH)
    assert [group.protocol for group in specs(platform, TargetGroup).values()] == ["TCP_UDP"]
    assert rules(platform, "nlb-net-dev") == {
        ("tcp", 53, "0.0.0.0/0"),
        ("udp", 53, "0.0.0.0/0"),
        ("udp", 54, "0.0.0.0/0"),
    }
    assert rules(platform, platform.names.task_group) == {
        ("tcp", 53, "nlb-net-dev"),
        ("udp", 53, "nlb-net-dev"),
    }


BESIDE = """
load_balancers:
  tcp: {type: network, listeners: {postgres: {port: 5432}}}
services:
  db:
    ports: {sql: 5432, web: 8080}
    routes:
      - {load_balancer: tcp, port: sql}
      - {priority: 1, paths: [/*], port: web}
"""


def test_a_route_that_names_no_load_balancer_never_goes_to_a_network_one(shop):
    platform = shop(BESIDE)
    assert list(specs(platform, LoadBalancer)) == ["alb-dev", "nlb-tcp-dev"]
    assert {group.protocol for group in specs(platform, TargetGroup).values()} == {"TCP", "HTTP"}
    assert list(specs(platform, ListenerRule)) == ["alb-dev-http-db-2"]


def test_the_singular_one_may_be_a_network_one_and_is_made_where_a_route_leads_to_it(shop):
    network = "load_balancer: {type: network, listeners: {tls: {port: 853, certificate: CERTIFICATE}}}\n"
    network = network.replace("CERTIFICATE", '"arn:aws:acm:us-east-1:123456789012:certificate/a"')
    routed = shop(network + "services: {db: {routes: [{listener: tls}]}}\n")
    assert list(specs(routed, LoadBalancer)) == ["nlb-dev"]
    assert [one.protocol for one in specs(routed, Listener).values()] == ["TLS"]
    assert [group.protocol for group in specs(routed, TargetGroup).values()] == ["TCP"]
    assert specs(shop(network + "services: {db: {}}\n"), LoadBalancer) == {}


def test_outputs_tell_the_address_of_each_listener_and_no_url(shop):
    platform = shop(BOTH)
    balancer = Address("load_balancer", "nlb-net-dev")
    desired = parts(blueprint(platform, FACTS))
    told = outputs(platform, "aws", desired, {balancer: {"dns": "nlb.elb.amazonaws.com"}})
    assert told == {
        "LoadBalancerDNS": "nlb.elb.amazonaws.com",
        "LoadBalancerDNS.net": "nlb.elb.amazonaws.com",
        "Address.net.dns": "tcp+udp://nlb.elb.amazonaws.com:53",
        "Address.net.plain": "udp://nlb.elb.amazonaws.com:54",
    }


def test_the_dashboard_shows_its_own_metrics(shop):
    (dashboard,) = specs(shop(BESIDE), Dashboard).values()
    spaces = {
        (space, name)
        for widget in dashboard.body.value["widgets"]
        for space, name, *_ in widget["properties"].get("metrics", ())
        if space.endswith("ELB")
    }
    assert {name for space, name in spaces if space == "AWS/NetworkELB"} == {
        "NewFlowCount",
        "ProcessedBytes",
        "HealthyHostCount",
        "UnHealthyHostCount",
    }
    assert ("AWS/ApplicationELB", "HealthyHostCount") in spaces
