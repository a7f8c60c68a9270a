"""docs/permissions.json is what a person gives the engine's role: it must hold all that the code asks for."""

import ast
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

ROOT = Path(__file__).parents[1]
PREFIXES = {"elbv2": "elasticloadbalancing", "resourcegroupstaggingapi": "tag"}  # boto3's name -> IAM's
FREE = {"sts:GetCallerIdentity"}  # needs no permission (IAM user guide)
POLICY = json.loads((ROOT / "docs" / "permissions.json").read_text())
ALLOWED = [
    a for s in POLICY["Statement"] for a in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])
]


def operations() -> dict[str, dict[str, str]]:
    """boto3's service -> its operations, as Python and as AWS spell them."""
    session = botocore.session.get_session()
    services = [
        "application-autoscaling",
        "cloudwatch",
        "ec2",
        "ecr",
        "ecs",
        "elbv2",
        "iam",
        "logs",
        "route53",
        "servicediscovery",
        "sts",
    ]
    return {
        service: {xform_name(name): name for name in session.get_service_model(service).operation_names}
        for service in (*services, "resourcegroupstaggingapi")
    }


def asked() -> Iterator[tuple[str, str]]:
    """Every service and operation that stand side by side, or whose operation stands alone, in the engine's code."""
    known = operations()
    for path in sorted((ROOT / "reconciler").rglob("*.py")):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                yield from ((s, known[s][o]) for s, o in pairwise(words) if s in known and o in known[s])


@pytest.mark.parametrize(("service", "operation"), sorted(set(asked())))
def test_what_the_code_asks_for_is_allowed(service, operation):
    action = f"{PREFIXES.get(service, service)}:{operation}"
    assert action in FREE or any(fnmatchcase(action, pattern) for pattern in ALLOWED)


def test_enough_was_found_to_be_checked():
    assert len(set(asked())) > 80


def test_nothing_is_allowed_that_is_no_operation():
    names = {f"{PREFIXES.get(s, s)}:{name}" for s, found in operations().items() for name in found.values()}
    only_iam = {"iam:PassRole"}  # no operation of its own
    assert not [a for a in ALLOWED if a not in only_iam and not any(fnmatchcase(name, a) for name in names)]
