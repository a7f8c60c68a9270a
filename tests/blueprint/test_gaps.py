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
    [(1, "/api/*", "services.web.routes[0]"), (15, "/old/?*", "services.web.routes[1]")],
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


def test_an_answer_of_the_load_balancer_comes_at_once(tmp_path):
    file, answer = tmp_path / "platform.yaml", 'paths: ["/api/*"], fixed_response: {}'
    file.write_text((FILE % (1, "PATH")).replace('paths: ["PATH"]', answer))
    assert not [*find_gaps(load(file, environ={}), {API}, {WEB, OLD})]


def test_priorities_that_the_file_leaves_out_are_those_of_the_rules(tmp_path):
    file = tmp_path / "platform.yaml"
    file.write_text((FILE % (1, "/api/*")).replace("priority: 1,", ""))
    platform = load(file, environ={})
    assert not [*find_gaps(platform, {API}, {WEB, OLD}, {API.name: 30})]
    (found,) = find_gaps(platform, {API}, {WEB, OLD}, {API.name: 9})
    assert found.address == API


def test_a_route_for_other_methods_takes_nothing(tmp_path):
    file = tmp_path / "platform.yaml"
    text = (FILE % (1, "/*")).replace('10, paths: ["/*"]', '10, methods: [GET], paths: ["/*"]')
    for method, number in (("post", 0), ("GET", 1)):
        file.write_text(text.replace("1, paths", f"1, methods: [{method}, PUT], paths"))
        assert len([*find_gaps(load(file, environ={}), {API}, {WEB})]) == number


def test_a_service_that_divides_its_own_route_is_not_told(told):
    assert told(30, "/api/*", {WEB}, {OLD}) == []
