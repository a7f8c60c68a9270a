"""Several load balancers: each has its own group, listeners, rules and target groups, if routes lead to it."""

from pathlib import Path

import pytest

from desired_state import Platform, load
from desired_state.doors import Door
from desired_state.warnings import find_warnings
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.blueprint.outputs import outputs
from reconciler.model.references import Address, walk
from reconciler.model.spec import Spec, parts
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.listener import Listener
from reconciler.resources.listener_rule import ListenerRule
from reconciler.resources.load_balancer import LoadBalancer
from reconciler.resources.scalable_target import ScalableTarget
from reconciler.resources.security_group_rules import SecurityGroupRules
from reconciler.resources.target_group import TargetGroup

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
HEAD = 'platform: shop\nenvironment: dev\nsuffix: "{environment}"\nregion: us-east-1\n'
BESIDE = """
load_balancers:
  internal: {scheme: internal, listeners: {http: {port: 8000}}, ingress: [10.0.0.0/16]}
services:
  web: {routes: [{priority: 1, paths: [/]}]}
  orders:
    port: 8081
    routes:
      - {priority: 1, paths: [/], load_balancer: internal}
      - {priority: 2, paths: [/orders/*]}
  admin: {port: 9000, routes: [{priority: 2, paths: [/admin/*], load_balancer: internal}]}
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


def test_the_singular_one_keeps_its_name_and_the_others_have_their_key_in_it(shop):
    assert list(specs(shop(BESIDE), LoadBalancer)) == ["alb-dev", "alb-internal-dev"]
    assert list(specs(shop(BESIDE), Listener)) == ["alb-dev-http", "alb-internal-dev-http"]
    chosen = shop('names: {load_balancers: "x-{load_balancer}-{environment}"}\n' + BESIDE)
    assert list(specs(chosen, LoadBalancer)) == ["alb-dev", "x-internal-dev"]


def test_a_route_that_names_none_goes_to_the_first_that_is_internet_facing(shop):
    several = shop(
        "load_balancers: {inner: {scheme: internal}, outer: {}, further: {}}\n"
        "services: {web: {routes: [{priority: 1, paths: [/]}, {priority: 1, paths: [/], load_balancer: inner}]}}\n"
    )
    routes = several.services["web"].routes
    assert [several.door_of(route) for route in routes] == [Door("outer", "http"), Door("inner", "http")]
    assert list(several.balancers) == ["inner", "outer"]


def test_one_internal_load_balancer_alone_takes_the_routes_that_name_none(shop):
    alone = shop(
        "load_balancer: none\nload_balancers: {inner: {scheme: internal}}\n"
        "services: {web: {routes: [{priority: 1, paths: [/]}]}}\n"
    )
    assert list(specs(alone, LoadBalancer)) == ["alb-inner-dev"]


def test_an_internal_one_beside_it_leaves_the_usual_one_to_routes_that_name_none(shop):
    assert list(shop(BESIDE).balancers) == ["", "internal"]
    only = "      - {priority: 2, paths: [/orders/*]}\n"
    without = BESIDE.replace(only, "").replace(
        "web: {routes: [{priority: 1, paths: [/]}",
        "web: {routes: [{priority: 7, paths: [/web], load_balancer: internal}",
    )
    assert list(shop(without).balancers) == ["internal"]


def test_what_no_route_leads_to_is_not_made_and_a_warning_says_so(shop):
    for services in ("services: none\n", "services: {web: {}}\n"):
        platform = shop("load_balancers: {public: {}, internal: {scheme: internal}}\n" + services)
        assert specs(platform, LoadBalancer) == {}
        assert [(one.where, one.message) for one in find_warnings(platform)] == [
            (
                ("load_balancers", key),
                f"no route leads to {key}, so it is not made: write `load_balancer: {key}` in one",
            )
            for key in ("public", "internal")
        ]


def test_each_has_a_group_of_its_own_and_tasks_let_it_reach_the_ports_that_its_routes_lead_to(shop):
    rules = specs(shop(BESIDE), SecurityGroupRules)
    inner = {(rule.from_port, rule.cidr) for rule in rules["alb-internal-dev"].ingress}
    assert inner == {(8000, "10.0.0.0/16")}
    assert {(rule.from_port, rule.group.name) for rule in rules["ecs-tasks-dev"].ingress} == {
        (0, "ecs-tasks-dev"),
        (8080, "alb-dev"),
        (8081, "alb-dev"),
        (8081, "alb-internal-dev"),
        (9000, "alb-internal-dev"),
    }


def test_a_service_behind_two_is_in_a_target_group_of_each(shop):
    platform = shop(BESIDE)
    assert list(specs(platform, TargetGroup)) == [
        "tg-web-dev",
        "tg-orders-dev",
        "tg-orders-internal-dev",
        "tg-admin-internal-dev",
    ]
    orders = specs(platform, EcsService)["svc-orders-dev"]
    assert {(target.target_group.name, target.port) for target in orders.targets} == {
        ("tg-orders-dev", 8081),
        ("tg-orders-internal-dev", 8081),
    }
    rules = specs(platform, ListenerRule)
    assert {(rule.name, rule.listener.name, rule.target_group.name) for rule in rules.values()} == {
        ("alb-dev-http-web", "alb-dev-http", "tg-web-dev"),
        ("alb-internal-dev-http-orders", "alb-internal-dev-http", "tg-orders-internal-dev"),
        ("alb-dev-http-orders-2", "alb-dev-http", "tg-orders-dev"),
        ("alb-internal-dev-http-admin", "alb-internal-dev-http", "tg-admin-internal-dev"),
    }


def test_requests_are_counted_at_the_load_balancer_that_the_routes_lead_to(shop):
    scaled = BESIDE.replace("admin: {", "admin: {scaling: {max: 3, requests: 5}, ")
    target = specs(shop(scaled), ScalableTarget)["svc-admin-dev"]
    (policy,) = target.policies.values()
    assert {ref.name for ref in walk(policy.label)} == {
        "alb-internal-dev",
        "tg-admin-internal-dev",
    }


def test_an_internal_one_is_in_private_subnets_where_there_are_some(shop):
    tiers = "network: {subnets: {public: {}, private: {}}, nat: one}\n"
    public, internal = specs(shop(tiers + BESIDE), LoadBalancer).values()
    assert {ref.name for ref in public.subnets} == {"subnet-public-1-dev", "subnet-public-2-dev"}
    assert {ref.name for ref in internal.subnets} == {"subnet-private-1-dev", "subnet-private-2-dev"}


def test_the_outputs_tell_the_address_of_each(shop):
    names = ("alb-dev", "alb-internal-dev")
    ids = {Address("load_balancer", name): {"dns": f"{name}.elb"} for name in names}
    told = outputs(shop(BESIDE), "aws", dict.fromkeys(ids), ids)
    assert told == {
        "URL": "http://alb-dev.elb/",
        "LoadBalancerDNS": "alb-dev.elb",
        "URL.internal": "http://alb-internal-dev.elb:8000/",
        "LoadBalancerDNS.internal": "alb-internal-dev.elb",
    }


@pytest.mark.parametrize("scheme", ["internal", "internet-facing"])
def test_a_route_that_names_none_leads_by_no_network_load_balancer_beside_another_one(shop, scheme: str):
    platform = shop(f"""
load_balancer: null
load_balancers:
  tcp: {{type: network, listeners: {{postgres: {{port: 5432}}}}}}
  web: {{scheme: {scheme}}}
services:
  shop: {{routes: [{{paths: [/]}}]}}
  db: {{routes: [{{load_balancer: tcp}}]}}
""")
    assert platform.door_of(platform.services["shop"].routes[0]) == Door("web", "http")
