"""The order of calls that AWS insists on, checked on the plans of the default platform and so never by luck."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from crash import platforms
from crash.cloud import cloud, run
from support import connection

from desired_state import Platform
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.model.plan import Change, Plan
from reconciler.model.steps import Call, Step
from reconciler.plan import plan
from reconciler.resources import KINDS
from reconciler.resources.kind import read_all
from reconciler.sandbox import CALM

SERVICE = "svc-api-gateway-crash"
UNROUTED = "svc-market-data-crash"  # which waits for no load balancer, and for nothing by way of one
ROLES = ("ecs-task-api-gateway-crash", "ecs-task-execution-crash")
LOGS = ("/aws/ecs/api-gateway-crash", "/aws/ecs/xray-api-gateway-crash")
TABLES = ("rtb-public-1-crash", "rtb-public-2-crash")


@dataclass(frozen=True)
class Made:
    """A call, and the resource that it is for."""

    operation: str
    name: str

    def __str__(self) -> str:
        return f"{self.operation} {self.name}"


def several(operation: str, *names: str) -> tuple[Made, ...]:
    return tuple(Made(operation, name) for name in names)


START, STOP = Made("create_service", SERVICE), Made("delete_service", SERVICE)
UPDATE = Made("update_service", SERVICE)
SCALED = Made("register_scalable_target", SERVICE)
BALANCER = Made("create_load_balancer", "alb-crash")
BUILD = {  # what comes later, and what must be done by then
    START: (
        *several("create_rule", "alb-crash-http-api-gateway"),
        *several("create_target_group", "tg-api-gateway-crash"),
        *several("create_route", *TABLES),
        *several("associate_route_table", *TABLES),
        *several("attach_internet_gateway", "igw-crash"),
        *several("authorize_security_group_ingress", "ecs-tasks-crash"),
        *several("create_role", *ROLES),
        *several("put_role_policy", *ROLES),
        *several("attach_role_policy", "ecs-task-execution-crash"),
        *several("create_log_group", *LOGS),
        *several("create_cluster", "ecs-cluster-crash"),  # with its capacity providers
        *several("register_task_definition", "task-api-gateway-crash"),
        *several("create_service", "api-gateway"),  # Cloud Map's
    ),
    Made("create_service", UNROUTED): (
        *several("create_route", *TABLES),
        *several("associate_route_table", *TABLES),
        *several("attach_internet_gateway", "igw-crash"),
        *several("authorize_security_group_ingress", "ecs-tasks-crash"),
    ),
    BALANCER: (*several("attach_internet_gateway", "igw-crash"), *several("create_route", *TABLES)),
    SCALED: (START,),
}
CHANGED = {
    UPDATE: (
        *several("put_cluster_capacity_providers", "ecs-cluster-crash"),
        *several("create_route", "rtb-public-3-crash"),
        *several("put_role_policy", "ecs-task-api-gateway-crash"),
    ),
    Made("update_service", "svc-order-processor-crash"): several(
        "create_rule", "alb-crash-http-order-processor"
    ),
}
DEMOLISH = {  # what comes first, and what must wait for it
    STOP: (
        *several("delete_rule", "alb-crash-http-api-gateway"),
        *several("delete_target_group", "tg-api-gateway-crash"),
        *several("delete_route_table", *TABLES),
        *several("detach_internet_gateway", "igw-crash"),
        *several("delete_security_group", "ecs-tasks-crash"),
        *several("delete_role_policy", *ROLES),
        *several("delete_role", *ROLES),
        *several("delete_log_group", *LOGS),
        *several("delete_cluster", "ecs-cluster-crash"),
        *several("delete_service", "api-gateway"),
    ),
    Made("delete_service", UNROUTED): (
        *several("delete_route_table", *TABLES),
        *several("detach_internet_gateway", "igw-crash"),
        *several("delete_security_group", "ecs-tasks-crash"),
    ),
    Made("delete_load_balancer", "alb-crash"): several("detach_internet_gateway", "igw-crash"),
    Made("deregister_scalable_target", SERVICE): (STOP,),
}
PAIRS = [
    *(("build", early, late) for late, earlier in BUILD.items() for early in earlier),
    *(("changed", early, late) for late, earlier in CHANGED.items() for early in earlier),
    *(("demolish", early, late) for early, later in DEMOLISH.items() for late in later),
]


def planned(platform: Platform, *, destroy: bool = False) -> Plan:
    stack = Stack(platform.stack, platform.suffix)
    with open_reads(connection(), stack) as first:
        specs = blueprint(platform, facts.read_facts(first, platform))
        return plan(KINDS, () if destroy else specs, read_all(first.for_specs(specs), KINDS), stack.name, specs)


@pytest.fixture(scope="module")
def plans(tmp_path_factory) -> dict[str, Plan]:
    with cloud(CALM) as clock:
        build = planned(platforms.default())
        assert run(platforms.default(), clock).clean
        changed = planned(platforms.changed(tmp_path_factory.mktemp("files")))
        return {"build": build, "changed": changed, "demolish": planned(platforms.default(), destroy=True)}


def waited_for(change: Change) -> tuple[Step, ...]:
    """Return the steps that dependents of a change wait for: up to the last one that is not settling."""
    needed = [n for n, step in enumerate(change.steps) if not step.settling]
    return change.steps[: needed[-1] + 1] if needed else ()


def calls(changes: Iterable[Change]) -> dict[Made, Change]:
    """Map each call to the key of its change."""
    return {Made(s.operation, c.address.name): c for c in changes for s in c.steps if isinstance(s, Call)}


def before(todo: Plan, change: Change) -> set[str]:
    """Return the keys of all changes that must be done before this one, directly or indirectly."""
    by_key, found, look = {c.key: c for c in todo.changes}, set[str](), [change.key]
    while look:
        more = by_key[look.pop()].after - found
        found |= more
        look += more
    return found


@pytest.mark.parametrize(("name", "early", "late"), PAIRS, ids=str)
def test_a_call_waits_for_what_aws_wants_done_before_it(plans, name: str, early: Made, late: Made):
    found = calls(plans[name].changes)
    assert found[early].key in before(plans[name], found[late]), "by the edges of the plan"
    assert early.operation in [s.operation for s in waited_for(found[early]) if isinstance(s, Call)]
