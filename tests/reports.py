"""Drift reports made by hand, as others' words and people make them."""

from dataclasses import replace
from typing import Any

from reconciler.model.aws_default import NotInFile
from reconciler.model.drift import (
    Attribution,
    Difference,
    DriftReport,
    Finding,
    Known,
    NotCompared,
    Remark,
    Severity,
    Status,
)
from reconciler.model.lease import Applied
from reconciler.model.plan import Scope
from reconciler.model.references import Address

ATTACK = "</script></style><img src=x onerror=\"document.title='run'\"><b>&amp;\u202e'`|"
AT = "2026-11-28T10:12:21+00:00"


def difference(
    kind: str, name: str, path: str, live: Any, want: Any, severity: Severity, **more: Any
) -> Difference:
    return Difference(
        Address(kind, name), more.pop("finding", Finding.CHANGED), path, live, want, severity, **more
    )


OPENED = difference(
    "security_group_rules", "shop-web", "ingress", "tcp 22 0.0.0.0/0", None, Severity.SECURITY, item=True,
    where=("ingress", "tcp 22 0.0.0.0/0"), service="web",
)  # fmt: skip
STOPPED = difference("ecs_service", "orders", "desired_count", 0, 3, Severity.AVAILABILITY, service="orders")
GONE = difference(
    "scalable_target",
    "orders",
    "",
    None,
    None,
    Severity.AVAILABILITY,
    finding=Finding.MISSING,
    service="orders",
)
LEFT = difference(
    "ecr_repository", "old", "", "old", None, Severity.CONFIGURATION, finding=Finding.ORPHANED, id="old-1"
)
SECRET = difference(
    "task_definition", "web", "environment.DB_PASSWORD", "hunter2", "hunter3", Severity.CONFIGURATION,
    where=("environment", "DB_PASSWORD"), service="web",
)  # fmt: skip
TAGGED = difference("log_group", "/ecs/web", "tags.team", "platform", "web", Severity.TAGS, service="web")
IGNORED = difference("ecs_service", "web", "desired_count", 7, 2, Severity.AVAILABILITY, status=Status.IGNORED)
CHANGED = difference("ecs_service", "web", "cpu", 256, 512, Severity.CONFIGURATION, status=Status.NOT_APPLIED)
ALICE = Attribution(Known.FOUND, "user alice", "2026-11-28T09:58:03+00:00", "UpdateService", "e-1", "console")


def report(*differences: Difference, stack: str = "shop/dev/eu-central-1", **more: Any) -> DriftReport:
    return DriftReport(
        Scope(stack, "123456789012", "eu-central-1"), AT, "sha256:" + "9f" * 32, differences, **more
    )


def damaged(stack: str = "shop/dev/eu-central-1") -> DriftReport:
    """Return a report of everything that there can be."""
    return report(
        OPENED, STOPPED, GONE, SECRET, TAGGED, IGNORED, CHANGED,
        stack=stack,
        not_compared=(NotCompared("iam_role", "iam:GetRolePolicy is not allowed"),),
        dangerous=(Remark("load_balancer.alb", "is open on port 8443", Severity.SECURITY),),
        foreign=(Remark("ecs_service.canary", "is without tags"),),
        remarks=(Remark("drift.ignore", "matches nothing"),),
        not_in_file=(NotInFile(Address("load_balancer", "alb"), "idle_timeout", "120", "60", "idle"),),
        applied=Applied("sha256:1", AT, "arn:aws:sts::123456789012:assumed-role/ci/deploy", "0.9"),
        who={STOPPED.key: ALICE, OPENED.key: Attribution(Known.NOT_YET)},
    )  # fmt: skip


def hostile(stack: str = ATTACK) -> DriftReport:
    """Return a report in which each text is an attack."""
    bad = difference(
        ATTACK, ATTACK, ATTACK, {ATTACK: ATTACK}, {ATTACK: [ATTACK]}, Severity.SECURITY, service=ATTACK, id=ATTACK,
        held=ATTACK,
    )  # fmt: skip
    remark = Remark(ATTACK, ATTACK, Severity.SECURITY)
    return DriftReport(
        Scope(stack, ATTACK, ATTACK), ATTACK, ATTACK, (bad, replace(bad, path="deployment", words=ATTACK)),
        not_compared=(NotCompared(ATTACK, ATTACK),),
        dangerous=(remark,), foreign=(remark,), remarks=(remark,),
        not_in_file=(NotInFile(Address(ATTACK, ATTACK), ATTACK, ATTACK, ATTACK, ATTACK),),
        applied=Applied(ATTACK, ATTACK, ATTACK, ATTACK),
        obstacle=ATTACK,
        who={bad.key: Attribution(Known.FOUND, ATTACK, ATTACK, ATTACK, ATTACK, ATTACK)},
    )  # fmt: skip
