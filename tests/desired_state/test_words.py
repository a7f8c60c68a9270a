"""Words of compose, Copilot and ECS, and of what is not built yet: all are answered, with keys that exist."""

import re
from collections import Counter

import pytest
from platform_files import HEAD

from desired_state import Platform
from desired_state.schema import find_schema, get_schema, resolve_rule
from desired_state.words import TABLES

SCHEMA = get_schema(Platform)
PARTS = {"Platform": SCHEMA} | {name: resolve_rule(SCHEMA, rule) for name, rule in SCHEMA["$defs"].items()}
ROWS = [(part, key, table[part][key]) for table in TABLES for part in table for key in table[part]]
KINDS = ("write ", "not supported", "leave it out", "leave out ")


def has_key(part, path):
    keys = tuple(path.split("."))
    starts = ((PARTS[part], keys), (PARTS["Service"], keys), (SCHEMA, keys))
    return any(
        keys[0] in start.get("properties", ()) and find_schema({**SCHEMA, **start}, keys)
        for start, keys in starts
    )


@pytest.mark.parametrize(("part", "key", "answer"), ROWS, ids=lambda value: value[:30])
def test_each_word_is_no_key_of_its_part_and_its_answer_names_keys_that_exist(part, key, answer):
    assert key not in PARTS[part]["properties"]
    assert answer.startswith(KINDS)
    assert [path for path in re.findall(r"`([^`]+)`", answer) if not has_key(part, path)] == []


def test_no_word_has_two_answers():
    assert [row for row, n in Counter((part, key) for part, key, _ in ROWS).items() if n > 1] == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "services: {api: {healthcheck: {test: x}}}",
            "4:18: services.api.healthcheck: is not a key here: write",
        ),
        ("services: {api: {restart: always}}", "4:18: services.api.restart: is not a key here: leave it out"),
        (
            "services: {api: {depends_on: [db]}}",
            "4:18: services.api.depends_on: is not a key here: not supported",
        ),
        (
            "services: {api: {ports: ['80:80']}}",
            "4:18: services.api.ports: a list is not right: the ports that the container listens on, by name",
        ),
        ("service_defaults: {count: 2}", "4:20: service_defaults.count: is not a key here: write"),
        ("version: '3.8'", "4:1: version: is not a key here: leave it out: this is no compose file"),
        ("network: {id: vpc-1}", "4:11: network.id: is not a key here: write `existing.vpc`"),
        (
            "services: {api: {executionRoleArn: x}}",
            "4:18: services.api.executionRoleArn: is not a key here: write `roles.execution`",
        ),
        (
            "services: {api: {secrets: {A: {from_cfn: x}}}}",
            "4:32: services.api.secrets.A.from_cfn: is not a key here: write {cloudformation:STACK.OUTPUT}",
        ),
        ("network: {vpc: {placement: private}}", "4:11: network.vpc: is not a key here: write `cidr`"),
    ],
)
def test_a_word_from_elsewhere_is_answered_and_not_taken_for_the_nearest_key(files, text, answer):
    (told,) = files.mistakes(f"{HEAD}{text}\n")
    assert told.startswith(f"platform.yaml:{answer}")
