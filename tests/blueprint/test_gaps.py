"""A new route that takes requests which another service answers: the plan says that they are answered 503."""

import pytest

from desired_state import load
from reconciler.blueprint.gaps import find_gaps
from reconciler.model.references import Address

FILE = """
platform: shop
environment: dev
region: us-east-1
services:
  web:
    routes: [{priority: 10, paths: ["/*"]}, {priority: 20, paths: ["/old/*"]}]
  api:
    routes: [{priority: %d, paths: ["%s"]}]
"""
WEB = Address("listener_rule", "alb-shop-dev-http-web")
OLD = Address("listener_rule", "alb-shop-dev-http-web-2")
API = Address("listener_rule", "alb-shop-dev-http-api")


@pytest.fixture
def told(tmp_path):
    def told(priority, path, created, live):
        file = tmp_path / "platform.yaml"
        file.write_text(FILE % (priority, path))
        return [(found.address, found.why) for found in find_gaps(load(file, environ={}), created, live)]

    return told


@pytest.mark.parametrize(
    ("priority", "path", "taken"),
    [(1, "/api/*", "services.web.routes[0]"), (15, "/old/*", "services.web.routes[1]")],
)
def test_a_new_rule_before_one_that_answers_is_told(told, priority, path, taken):
    why = f"requests that {taken} takes now are answered 503 until api has a healthy task"
    assert told(priority, path, {API}, {WEB, OLD}) == [(API, why)]


@pytest.mark.parametrize(
    ("priority", "created", "live"),
    [
        (1, {API, WEB, OLD}, set()),  # nothing answers yet
        (1, set(), {API, WEB, OLD}),  # it is no new rule
        (30, {API}, {WEB, OLD}),  # it is a later one
    ],
)
def test_a_rule_that_takes_nothing_from_another_is_not(told, priority, created, live):
    assert told(priority, "/api/*", created, live) == []


def test_a_service_that_divides_its_own_route_is_not_told(told):
    assert told(30, "/api/*", {WEB}, {OLD}) == []
