"""Policies where the file chooses names: a pattern, if its own text tells them apart, and else each of them."""

from pathlib import Path

import pytest
from uses import why_not

from desired_state import Platform, load
from reconciler.policy import Use

TEXT = """
platform: shop
environment: dev
region: us-east-1
names: {service: "{service}", family: "{service}", task_role: "{service}-{environment}", log_group: "/ecs/{service}"}
services: {web: {tracing: {xray: {}}}, api: {name: backend}}
"""


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    file = tmp_path / "platform.yaml"
    file.write_text(TEXT)
    return load(file, environ={})


@pytest.mark.parametrize(
    ("action", "own", "other"),
    [
        ("ecs:UpdateService", "service/ecs-cluster-shop-dev/web", "service/ecs-cluster-shop-dev/other"),
        ("ecs:UpdateService", "service/ecs-cluster-shop-dev/backend", "service/other/backend"),
        ("ecs:DeleteTaskDefinitions", "task-definition/web:1", "task-definition/other:1"),
        ("iam:PutRolePolicy", "role/web-dev", "role/web-prod"),
        ("logs:PutRetentionPolicy", "log-group:/ecs/web", "log-group:/ecs/other"),
        ("logs:PutRetentionPolicy", "log-group:/ecs/xray-web:*", "log-group:/ecs/web-2"),
    ],
)
def test_what_a_file_names_is_allowed_and_its_likes_are_not(platform, action, own, other):
    assert not why_not(platform, Use.APPLY, action, own)
    assert why_not(platform, Use.APPLY, action, other)
