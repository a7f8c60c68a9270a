"""What the file leaves out is not made: a load balancer that nobody routes to, what belongs to a port."""

from pathlib import Path

import pytest
from crash.cloud import cloud, run

from desired_state import Platform, load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.plan import Op
from reconciler.model.spec import Spec, parts
from reconciler.plan.safety import Consent, deletions_to_confirm, objections
from reconciler.resources import KINDS
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.security_group_rules import SecurityGroupRules
from reconciler.resources.task_definition import TaskDefinition
from reconciler.sandbox import CALM

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
HEAD = (
    'platform: shop\nenvironment: crash\nsuffix: "{environment}"\nregion: us-east-1\nimages: {check: false}\n'
)
ROUTE = "services: {web: {image: {uri: nginx}, routes: [{priority: 1, paths: [/]}]}}\n"
NO_ROUTE = "services: {web: {image: {uri: nginx}}}\n"
BALANCING = {"load_balancer", "listener", "listener_rule", "target_group"}


@pytest.fixture
def shop(tmp_path: Path):
    def loaded(text: str) -> Platform:
        (tmp_path / "platform.yaml").write_text(HEAD + text)
        return load(tmp_path / "platform.yaml", environ={})

    return loaded


def specs(platform: Platform) -> list[Spec]:
    return [*parts(blueprint(platform, FACTS)).values()]


def kinds(platform: Platform) -> set[str]:
    return {spec.kind for spec in specs(platform)}


@pytest.mark.parametrize("said", ["", "load_balancer: null\n", "load_balancer: none\n"])
def test_without_routes_there_is_no_load_balancer_nor_what_belongs_to_it(shop, said):
    platform = shop(said + NO_ROUTE)
    assert not kinds(platform) & BALANCING
    assert {spec.name for spec in specs(platform) if spec.kind == "security_group"} == {"ecs-tasks-crash"}


def test_one_that_the_file_names_or_a_service_needs_is_made(shop):
    assert kinds(shop(ROUTE)) >= BALANCING
    assert kinds(shop("load_balancer: {}\n" + NO_ROUTE)) >= {"load_balancer", "listener"}


def test_one_that_nobody_needs_any_more_is_a_deletion_that_is_asked_for(shop):
    with cloud(CALM) as clock:
        assert run(shop(ROUTE), clock).clean
        ended = run(shop(NO_ROUTE), clock)
        assert ended.clean
        deleted = {c.address.kind for c in ended.todo.changes if c.op is Op.DELETE}
        assert deleted == BALANCING | {"security_group", "security_group_rules"}
        assert len(deletions_to_confirm(KINDS, ended.todo)) == len(deleted)
        assert objections(KINDS, ended.todo, Consent(), asks=False)
        assert run(shop(NO_ROUTE), clock).todo.changes == ()


def test_a_service_without_a_port_has_no_name_in_discovery_and_no_port_is_opened_for_it(shop):
    found = specs(shop(NO_ROUTE.replace("uri: nginx}", "uri: nginx}, port: none")))
    assert "cloud_map_service" not in {spec.kind for spec in found}
    (service,) = [spec for spec in found if isinstance(spec, EcsService)]
    (definition,) = [spec for spec in found if isinstance(spec, TaskDefinition)]
    (rules,) = [spec for spec in found if isinstance(spec, SecurityGroupRules)]
    assert (service.registries, service.targets) == (frozenset(), frozenset())
    assert definition.containers["web"].ports == frozenset()
    assert {rule.from_port for rule in rules.ingress} == {0}  # all of the tasks among each other


def test_a_port_can_be_taken_away_and_given_back(shop):
    portless = shop(NO_ROUTE.replace("uri: nginx}", "uri: nginx}, port: none"))
    with cloud(CALM) as clock:
        assert run(shop(NO_ROUTE), clock).clean
        for platform in (portless, shop(NO_ROUTE)):
            assert run(platform, clock).clean
            assert run(platform, clock).todo.changes == ()
        assert run(portless, clock, destroy=True).clean
