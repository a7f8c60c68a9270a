"""Names that the file chooses, by patterns and one by one."""

from pathlib import Path

import pytest
from crash.cloud import cloud, run
from support import client
from whole import applied, planned

from desired_state import Platform, load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import assume_facts
from reconciler.model.plan import Op
from reconciler.sandbox import CALM

CHOSEN = """
platform: shop
environment: dev
region: us-east-1
names:
  service: "{service}"
  family: "{service}-{environment}"
  repository: "{platform}/{service}"
  task_role: "{service}-{suffix}-task"
  log_group: "/ecs/{service}"
  cluster: "{platform}"
  execution_role: "{region}-execution"
  load_balancer: "{platform}-{environment}"
  dashboard: "all-{suffix}"
services:
  web: {routes: [{priority: 1, paths: ["/*"]}]}
  api: {image: nginx, name: "api-{suffix}"}
"""
NAMES = {
    "ecs_service": {"web", "api-shop-dev"},
    "task_definition": {"web-dev", "api-dev"},
    "ecr_repository": {"shop/web"},
    "iam_role": {"web-shop-dev-task", "api-shop-dev-task", "us-east-1-execution"},
    "log_group": {"/ecs/web", "/ecs/api"},
    "ecs_cluster": {"shop"},
    "load_balancer": {"shop-dev"},
    "listener": {"shop-dev-http"},
    "dashboard": {"all-shop-dev"},
    "cloud_map_service": {"web", "api"},
    "subnet": {"subnet-public-1-shop-dev", "subnet-public-2-shop-dev"},
}


def read(folder: Path, text: str) -> Platform:
    file = folder / "platform.yaml"
    file.write_text(text)
    return load(file, environ={})


def names_of(platform: Platform, kind: str) -> set[str]:
    return {spec.name for spec in blueprint(platform, assume_facts(platform, "aws")) if spec.kind == kind}


def test_each_kind_is_named_by_its_pattern(tmp_path: Path):
    platform = read(tmp_path, CHOSEN)
    assert {kind: names_of(platform, kind) for kind in NAMES} == NAMES


def test_a_load_balancer_and_a_listener_may_have_a_name_of_their_own(tmp_path: Path):
    text = f"{CHOSEN}load_balancer: {{name: own, listeners: {{a: {{port: 80, name: plain}}, b: {{port: 81}}}}}}"
    platform = read(tmp_path, text)
    assert names_of(platform, "load_balancer") == {"own"}
    assert names_of(platform, "listener") == {"plain", "own-b"}


@pytest.mark.usefixtures("aws")
def test_what_had_a_chosen_name_is_found_by_its_tags(tmp_path: Path):
    """No suffix tells these names from those of others."""
    every = ("service", "family", "repository", "task_role", "log_group")
    patterns = "".join(f'  {key}: "{{service}}"\n' for key in every) + '  dashboard: "{suffix}"\n'
    shop, _, _ = CHOSEN.partition("names:")
    text = f"{shop}names:\n{patterns}images: {{check: false}}\nservices: {{web: {{}}, "
    applied(read(tmp_path, f"{text}api: {{}}}}"))
    assert not planned(read(tmp_path, f"{text}api: {{}}}}")).changes
    gone = planned(read(tmp_path, f"{text}}}")).changes
    assert {change.address.kind for change in gone if change.op is Op.DELETE} == {
        *("cloud_map_service", "ecr_repository", "ecs_service", "iam_role", "log_group", "task_definition")
    }


def test_a_load_balancer_gets_another_name_on_a_platform_that_runs(tmp_path: Path):
    """A target group cannot be behind two: the rule of the old one goes before that of the new one comes."""
    named = "{}load_balancer: {{name: {}, listeners: {{http: {{port: 80}}}}}}\nimages: {{check: false}}\n"
    with cloud(CALM) as clock:
        for name in ("first", "second"):
            platform = read(tmp_path, named.format(CHOSEN, name))
            assert run(platform, clock).clean
            assert not run(platform, clock).todo.changes
        (found,) = client("elbv2").describe_load_balancers()["LoadBalancers"]
        assert found["LoadBalancerName"] == "second"
