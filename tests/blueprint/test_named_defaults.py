"""What the file leaves open is None in the specs; null and `none` name AWS's default."""

from pathlib import Path
from typing import Any

import pytest

from desired_state import load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.resources.load_balancer import DROP_INVALID_HEADERS, HTTP2
from reconciler.resources.target_group import SLOW_START

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
FILE = """
platform: shop
environment: dev
region: us-east-1
roles: {boundary: %s, max_session: %s}
load_balancer: {drop_invalid_headers: %s, http2: %s, ingress_descriptions: {0.0.0.0/0: %s}}
services:
  web:
    routes: [{priority: 1, paths: ["/*"]}]
    image: {immutable_tags: %s}
    logs: {kms: %s}
    slow_start: %s
"""
PLAIN = "platform: shop\nenvironment: dev\nregion: us-east-1\nservices: {web: {routes: [{priority: 1, paths: ['/*']}]}}\n"
GUARD, KEY = "arn:aws:iam::123456789012:policy/guard", "arn:aws:kms:us-east-1:123456789012:key/a"


def named(folder: Path, text: str) -> list[Any]:
    """Return the values of all fields that a file may leave open."""
    (folder / "platform.yaml").write_text(text)
    found = {}
    for desired in blueprint(load(folder / "platform.yaml", environ={}), FACTS):
        found |= {f"{part.kind}.{part.name}": part for part in desired.parts()}
    balancer, group = found["load_balancer.alb-shop-dev"], found["target_group.tg-web-shop-dev"]
    (rule,) = found["security_group_rules.alb-shop-dev"].ingress
    roles = [role for role in found.values() if role.kind == "iam_role"]
    assert len({(role.boundary, role.max_session) for role in roles}) == 1
    return [
        *(roles[0].boundary, roles[0].max_session),
        *(balancer.attributes.get(DROP_INVALID_HEADERS), balancer.attributes.get(HTTP2), rule.description),
        found["ecr_repository.ecr-repo-web-shop-dev"].tag_mutability,
        *{part.kms_key for part in found.values() if part.kind == "log_group"},
        group.attributes.get(SLOW_START),
    ]


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        (
            (GUARD, "2h", "true", "false", "all", "true", KEY, "30s"),
            [GUARD, 7200, "true", "false", "all", "IMMUTABLE", KEY, "30"],
        ),
        (
            ("none", "null", "null", "true", '""', "null", "none", "none"),
            ["", 3600, "false", "true", "", "MUTABLE", "", "0"],
        ),
    ],
)
def test_what_the_file_names_is_wanted(tmp_path, written, fields):
    assert named(tmp_path, FILE % written) == fields


def test_what_it_does_not_name_is_open(tmp_path):
    assert named(tmp_path, PLAIN) == [None] * 8
