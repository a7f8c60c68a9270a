"""What the file says to ignore: by type, name or service, and field; listed, and left alone."""

from dataclasses import replace
from typing import Any

import pytest

from reconciler.drift.ignores import MOST_IGNORED, ignore
from reconciler.model.drift import Difference, Finding, Severity, Status
from reconciler.model.references import Address
from reconciler.resources import KINDS

COUNT = Difference(
    Address("ecs_service", "svc-web-dev"),
    Finding.CHANGED,
    "desired_count",
    0,
    2,
    Severity.AVAILABILITY,
    service="web",
)
TEAM = replace(COUNT, address=Address("log_group", "/aws/ecs/web.v2-dev"), path="tags.team")
LOST = replace(
    COUNT, address=Address("ecs_service", "svc-mail-dev"), finding=Finding.MISSING, path="", service="mail"
)
RULE = replace(COUNT, address=Address("security_group_rules", "web-dev"), path="ingress.tcp 22 0.0.0.0/0")
ALL = (COUNT, TEAM, LOST, RULE)


def ignored(*patterns: str) -> list[Difference]:
    found, remarks = ignore(KINDS, patterns, ALL)
    assert not remarks
    return [was for was, now in zip(ALL, found, strict=True) if now.status is Status.IGNORED]


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("service.web.desired_count", [COUNT]),
        ("ecs_service.web.desired_count", [COUNT]),
        ("ecs_service.svc-web-dev.desired_count", [COUNT]),
        ("service.*.desired_count", [COUNT]),
        ("service.web", [COUNT]),
        ("*.web.*", [COUNT, TEAM, RULE]),
        ("log_group.*.tags.*", [TEAM]),
        ("log_group.*.tags", [TEAM]),
        ("log_group./aws/ecs/web.v2-dev.tags.team", [TEAM]),
        ("service.mail", [LOST]),
        ("*.web-dev.ingress.tcp 22 *", [RULE]),
        ("security_group_rules.*.ingress", [RULE]),
    ],
)
def test_a_pattern_is_about_a_type_a_name_and_a_field(pattern: str, matched: list[Difference]):
    assert ignored(pattern) == matched


@pytest.mark.parametrize(
    "pattern", ["service.we.desired_count", "service.web.desired", "service.mail.tags", "log_group.web.tag"]
)
def test_a_pattern_that_matches_nothing_is_told(pattern: str):
    found, remarks = ignore(KINDS, [pattern], ALL)
    assert [d.status for d in found] == [Status.DRIFT] * len(ALL)
    assert [(r.what, r.words) for r in remarks] == [
        (f"drift.ignore: {pattern}", "nothing that differs matches it")
    ]


def test_a_pattern_that_hides_much_is_told():
    many = [replace(COUNT, path=f"tags.{n}") for n in range(MOST_IGNORED + 1)]
    assert not ignore(KINDS, ["*.*.tags"], many[1:])[1]
    (remark,) = ignore(KINDS, ["*.*.tags"], many)[1]
    assert "hides 21 differences" in remark.words


def test_of_a_pattern_only_the_star_is_special():
    odd: Any = replace(TEAM, path="tags.a+b")
    assert ignore(KINDS, ["log_group.*.tags.a+b"], [odd])[0][0].status is Status.IGNORED
    assert ignore(KINDS, ["log_group.*.tags.a.b"], [odd])[0][0].status is Status.DRIFT
