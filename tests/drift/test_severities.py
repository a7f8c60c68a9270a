"""How bad a difference is: by its direction, and as a table for all types."""

from typing import Any

import pytest
from support import make

from reconciler.drift.severity import rate
from reconciler.model.differences import compare
from reconciler.model.drift import Severity
from reconciler.model.references import Ref
from reconciler.model.spec import UNCOMPARED
from reconciler.resources import KINDS
from reconciler.resources.ecr_repository import EcrRepository
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.iam_role import IamRole, Policy, Statement
from reconciler.resources.load_balancer import DROP_INVALID_HEADERS, LoadBalancer
from reconciler.resources.log_group import LogGroup
from reconciler.resources.route_table import RouteTable
from reconciler.resources.scalable_target import ScalableTarget, TargetTracking
from reconciler.resources.security_group import Rule, SecurityGroupRules
from reconciler.resources.subnet import Subnet
from reconciler.resources.task_definition import Container, TaskDefinition

SECURITY, AVAILABILITY, CONFIGURATION = Severity.SECURITY, Severity.AVAILABILITY, Severity.CONFIGURATION

SSH = Rule(from_port=22, to_port=22, cidr="0.0.0.0/0")
WEB = Rule(from_port=80, to_port=80, cidr="10.0.0.0/8")
READ = Statement(actions={"s3:GetObject"}, resources={"arn:aws:s3:::shop/*"})
READ_ONE = Statement(actions={"s3:GetObject"}, resources={"arn:aws:s3:::shop/one"})
READ_ALL = Statement(actions={"s3:*"}, resources={"*"})
NO_DELETE = Statement(effect="Deny", actions={"s3:DeleteObject"}, resources={"*"})
GATEWAY, PEERING = (
    Ref("internet_gateway", "igw-1", by_id=True),
    Ref("vpc_peering_connection", "pcx-1", by_id=True),
)
TRACKING = TargetTracking(metric="cpu", target=50)


def rules(*ingress: Rule) -> dict[str, Any]:
    return {"ingress": frozenset(ingress)}


def policies(*statements: Statement) -> dict[str, Any]:
    return {"policies": {"own": Policy(statements=frozenset(statements))}}


BASES: dict[str, Any] = {
    "rules": make(SecurityGroupRules, "web", group="sg-1", egress=frozenset()),
    "role": make(IamRole, "task", service_principal="ecs-tasks.amazonaws.com"),
    "balancer": make(
        LoadBalancer, "alb", vpc="vpc-1", subnets=frozenset(), security_groups=frozenset(), attributes={}
    ),
    "service": make(
        EcsService,
        "svc",
        cluster="c",
        task_definition="arn:1",
        capacity_providers={},
        subnets=frozenset(),
        security_groups=frozenset(),
    ),
    "subnet": make(Subnet, "a", vpc="vpc-1", cidr="10.0.0.0/24", zone="us-east-1a"),
    "table": make(RouteTable, "public", vpc="vpc-1"),
    "repository": make(EcrRepository, "web", tag_mutability="IMMUTABLE"),
    "logs": make(LogGroup, "/web", kms_key="arn:key"),
    "definition": make(
        TaskDefinition, "web", cpu=256, memory=512, containers={"web": Container(image="nginx")}
    ),
    "scaling": make(
        ScalableTarget, "svc", ecs_service="svc", cluster="c", min_capacity=1, max_capacity=4, policies={}
    ),
}

TABLE = [  # what, the live fields, the desired fields, how bad it is
    ("rules", rules(SSH, WEB), rules(WEB), SECURITY),
    ("rules", rules(), rules(WEB), AVAILABILITY),
    ("rules", {"egress": frozenset({SSH})}, {"egress": frozenset()}, SECURITY),
    ("role", policies(READ, READ_ALL), policies(READ), SECURITY),
    ("role", policies(READ), policies(READ, NO_DELETE), SECURITY),
    ("role", policies(), policies(READ), AVAILABILITY),
    ("role", policies(READ, NO_DELETE), policies(READ), AVAILABILITY),
    ("role", {"policies": {"theirs": Policy(statements=frozenset())}}, {"policies": {}}, SECURITY),
    ("role", {"policies": {}}, policies(READ), AVAILABILITY),
    ("role", {"managed_policies": frozenset({"arn:admin"})}, {}, SECURITY),
    ("role", {}, {"managed_policies": frozenset({"arn:read"})}, AVAILABILITY),
    ("role", {"service_principal": "ec2.amazonaws.com"}, {}, SECURITY),
    ("role", {"boundary": ""}, {"boundary": "arn:guard"}, SECURITY),
    ("role", {"boundary": "arn:guard"}, {"boundary": ""}, AVAILABILITY),
    ("balancer", {"scheme": "internet-facing"}, {"scheme": "internal"}, SECURITY),
    ("balancer", {"scheme": "internal"}, {"scheme": "internet-facing"}, AVAILABILITY),
    (
        "balancer",
        {"attributes": {DROP_INVALID_HEADERS: "false"}},
        {"attributes": {DROP_INVALID_HEADERS: "true"}},
        SECURITY,
    ),
    ("balancer", {"drops_invalid_headers": False}, {"drops_invalid_headers": True}, SECURITY),
    ("balancer", {"web_acl": ""}, {"web_acl": "arn:acl"}, SECURITY),
    *(
        ("balancer", {"attributes": {key: live}}, {"attributes": {key: want}}, severity)
        for key, live, want, severity in (
            ("access_logs.s3.enabled", "false", "true", SECURITY),
            ("access_logs.s3.bucket", "theirs", "ours", SECURITY),
            ("connection_logs.s3.enabled", "false", "true", SECURITY),
            ("health_check_logs.s3.enabled", "false", "true", CONFIGURATION),
            ("client_keep_alive.seconds", "60", "3600", CONFIGURATION),
        )
    ),
    ("balancer", {"security_groups": frozenset({Ref("security_group", "sg-9", by_id=True)})}, {}, SECURITY),
    ("service", {"public_address": True}, {}, SECURITY),
    ("service", {}, {"public_address": True}, AVAILABILITY),
    ("service", {"execute_command": True}, {}, SECURITY),
    ("service", {}, {"execute_command": True}, CONFIGURATION),
    ("service", {"desired_count": 0}, {"desired_count": 2}, AVAILABILITY),
    ("service", {"desired_count": 3}, {"desired_count": 2}, CONFIGURATION),
    ("service", {"deployment": "FAILED: rolled back"}, {}, AVAILABILITY),
    ("service", {"lost_by_tasks": frozenset({"iam_role task"})}, {}, AVAILABILITY),
    ("service", {"task_definition": Ref("task_definition", "arn:9", by_id=True)}, {}, AVAILABILITY),
    ("service", {"minimum_healthy_percent": 0}, {}, CONFIGURATION),
    ("subnet", {"public_addresses": True}, {}, SECURITY),
    ("subnet", {}, {"public_addresses": True}, AVAILABILITY),
    ("table", {"routes": {"0.0.0.0/0": GATEWAY}}, {}, SECURITY),
    ("table", {"routes": {"0.0.0.0/0": PEERING}}, {"routes": {"0.0.0.0/0": GATEWAY}}, AVAILABILITY),
    ("table", {}, {"routes": {"0.0.0.0/0": GATEWAY}}, AVAILABILITY),
    ("repository", {"scan_on_push": False}, {}, SECURITY),
    ("repository", {"tag_mutability": "MUTABLE"}, {}, SECURITY),
    ("repository", {"keep_images": 3}, {"keep_images": 10}, CONFIGURATION),
    ("logs", {"kms_key": ""}, {}, SECURITY),
    ("logs", {"retention_days": 3}, {"retention_days": 90}, CONFIGURATION),
    ("definition", {"containers": {"web": Container(image="evil")}}, {}, AVAILABILITY),
    ("definition", {"containers": {"web": Container(image="nginx", user="root")}}, {}, SECURITY),
    ("definition", {"containers": {"web": Container(image="nginx", stop_timeout=5)}}, {}, CONFIGURATION),
    ("definition", {"task_role": Ref("iam_role", "arn:admin", "arn", by_id=True)}, {}, SECURITY),
    (
        "definition",
        {"containers": {"web": Container(image="nginx", others={"privileged": "true"})}},
        {},
        SECURITY,
    ),
    ("definition", {"cpu": 512}, {}, CONFIGURATION),
    ("scaling", {"max_capacity": 2}, {}, AVAILABILITY),
    ("scaling", {"max_capacity": 9}, {}, CONFIGURATION),
    ("scaling", {"suspended": frozenset({"scale_out"})}, {}, AVAILABILITY),
    ("scaling", {}, {"policies": {"cpu": TRACKING}}, AVAILABILITY),
    ("scaling", {"policies": {"theirs": TRACKING}}, {}, CONFIGURATION),
    ("scaling", {"tags": {}}, {"tags": {"team": "shop"}}, Severity.TAGS),
]


@pytest.mark.parametrize(("what", "live", "want", "severity"), TABLE, ids=map(str, range(len(TABLE))))
def test_how_bad_it_is(what: str, live: dict[str, Any], want: dict[str, Any], severity: Severity):
    both = [BASES[what].model_copy(update=update) for update in (live, want)]
    changed = {*live, *want}
    found = [d for f in changed for d in compare((f,), *(getattr(side, f) for side in both))]
    assert {rate(KINDS[both[0].kind], *both, diff) for diff in found} == {severity}


def test_a_statement_that_allows_less_in_the_place_of_another_narrows():
    assert judged(policies(READ_ONE), policies(READ)) == {AVAILABILITY}
    assert judged(policies(READ_ALL), policies(READ)) == {SECURITY}


def judged(live: dict[str, Any], want: dict[str, Any]) -> set[Severity]:
    both = [BASES["role"].model_copy(update=update) for update in (live, want)]
    diffs = compare(("policies",), *(side.policies for side in both))
    return {rate(KINDS["iam_role"], *both, diff) for diff in diffs}


def test_another_description_opens_no_rule():
    described = WEB.model_copy(update={"description": "theirs"})
    both = [BASES["rules"].model_copy(update=rules(rule)) for rule in (described, WEB)]
    diffs = [*compare(("ingress",), *(side.ingress for side in both))]
    assert {rate(KINDS["security_group_rules"], *both, diff) for diff in diffs} == {CONFIGURATION}


@pytest.mark.parametrize("kind", KINDS)
def test_severities_name_fields_that_there_are(kind: str):
    said, fields = KINDS[kind].severities, KINDS[kind].spec.model_fields
    assert said.fields.keys() <= fields.keys()
    assert KINDS[kind].drift_notes.unknown.keys() <= fields.keys()
    compared = {name for name, info in fields.items() if UNCOMPARED not in info.metadata}
    assert said.fields.keys() <= compared


@pytest.mark.parametrize(("count", "outside"), [(1, False), (4, False), (0, True), (5, True), (None, False)])
def test_only_a_number_of_tasks_outside_of_the_range_is_drift(count: int | None, outside: bool):
    want = BASES["service"].model_copy(update={"scaled_between": (1, 4)})
    live = want.model_copy(update={"desired_count": count})
    kind = KINDS["ecs_service"]
    found = [*kind.drift_notes.further(live, want)]
    assert [(d.path, d.live, d.want) for d in found] == [("desired_count", count, "1 to 4")] * outside
    assert {rate(kind, live, want, diff) for diff in found} <= {AVAILABILITY}
