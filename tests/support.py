"""A stack on the embedded AWS of this process, and how tests read, plan and apply resources of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

import boto3

from reconciler.apply import apply
from reconciler.aws.client import Aws
from reconciler.aws.clock import Clock
from reconciler.aws.lease.item import KEY, TABLE
from reconciler.aws.lease.table import ensure_table
from reconciler.aws.reads import Stack, open_reads
from reconciler.model.plan import Outcome, Plan
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call
from reconciler.model.tags import NAME, STACK
from reconciler.plan import plan, validate
from reconciler.resources import KINDS
from reconciler.resources.kind import Kind, read_all

S = TypeVar("S", bound=Spec)
REGION = "us-east-1"
OURS = Stack(f"shop/dev/{REGION}", "dev")
OTHERS = Stack(f"shop/prod/{REGION}", "prod")

# A small platform file, to which a test adds its services.
SHOP = """
platform: shop
environment: dev
region: us-east-1
service_defaults: {cpu: 256, memory: 512}
services:
  web:
    routes: [{priority: 1, paths: ["/*"]}]
    image: {uri: "public.ecr.aws/nginx/nginx:1.27"}
"""
SMALL = """
platform: shop
environment: dev
suffix: "{environment}"
region: us-east-1
network: {cidr: 10.0.0.0/16, zones: 2, subnets: {public: {prefix: 24}}}
cluster: {capacity_providers: {FARGATE: {base: 1, weight: 1}}}
discovery: {namespace: "{environment}.local", ttl: 30}
load_balancer: {listeners: {http: {port: 80, default: {status: 404}}}}
service_defaults: {cpu: 256, memory: 512, port: 8080, desired_count: 1}
"""


@cache
def connection() -> Aws:
    """Return the connection that all tests share: making its clients takes longer than most tests."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return Aws(boto3.Session(region_name=REGION, **keys))


def client(service: str) -> Any:
    """Return a boto3 client, for changes that a person makes by hand."""
    return connection().client(service)


def make(cls: type[S], name: str, stack: Stack = OURS, **fields: Any) -> S:
    """Return a desired spec with the tags of the stack."""
    return cls(name=name, tags={STACK: stack.name, NAME: name}, **fields)


def look(specs: Iterable[Spec], stack: Stack = OURS, *, destroying: bool = False) -> list[Live[Any]]:
    """Read the live resources of all kinds, with these specs desired."""
    with open_reads(connection(), stack, specs) as reads:
        return list(read_all(replace(reads, destroying=destroying), KINDS))


def live_of(kind: Kind[S], specs: Iterable[Spec], stack: Stack = OURS) -> list[Live[S]]:
    """Read the live resources of one kind, with these specs desired."""
    with open_reads(connection(), stack, specs) as reads:
        return list(kind.read(reads))


def see(desired: Iterable[Spec], file: Iterable[Spec] | None = None, stack: Stack = OURS) -> Plan:
    """Read and plan. `file` has the specs of the file if they are not the desired ones, as in a destroy."""
    desired = list(desired)
    known = desired if file is None else list(file)
    return plan(KINDS, desired, look(known, stack, destroying=not desired), stack.name, known)


def act(todo: Plan, stack: Stack = OURS, **options: Any) -> Outcome:
    """Validate and apply a plan, with almost no time between the tries of a step."""
    validate.check(todo.changes)
    with open_reads(connection(), stack, todo.desired.values()) as reads:
        return apply(reads, KINDS, todo, **{"pace": lambda _task: 0.001} | options)


def settle(desired: Iterable[Spec], file: Iterable[Spec] | None = None, stack: Stack = OURS) -> list[str]:
    """Plan, apply and plan again; return what was done. Nothing may fail; the second plan must be empty."""
    desired = list(desired)
    todo = see(desired, file, stack)
    assert not todo.conflicts, todo.conflicts
    outcome = act(todo, stack)
    assert not outcome.failed, outcome.failed
    assert not outcome.skipped, outcome.skipped
    assert not outcome.held, outcome.held
    left = see(desired, file, stack)
    assert not left.changes, "the second plan must be empty"
    return sorted(f"{c.op} {c.address}" for c in todo.changes)


def differences(todo: Plan) -> dict[str, list[str]]:
    """Return the fields that differ, by address."""
    return {str(c.address): [f.field for f in c.fields] for c in todo.changes}


def calls(steps: Iterable[Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the operation and params of each call among the steps."""
    return [(s.operation, dict(s.params)) for s in steps if isinstance(s, Call)]


def make_lease_table() -> None:
    """Make the table of leases, as an earlier apply has: a run that makes it waits a second for it."""
    ensure_table(client("dynamodb"), Clock(lambda: 0.0, lambda _seconds: None))


def let_time_pass(stack: str = OURS.name) -> None:
    """Let the last apply have ended long ago: a plan right after it would look again, for seconds."""
    client("dynamodb").update_item(
        TableName=TABLE,
        Key={KEY: {"S": stack}},
        UpdateExpression="SET applied_at = :then",
        ExpressionAttributeValues={":then": {"S": "2026-01-01T00:00:00+00:00"}},
    )


class Counted:
    """Counts the AWS calls of the shared connection while it is entered, by operation."""

    def __enter__(self) -> Counter[str]:
        self.counter = Counter[str]()
        connection().session.events.register("before-call.*.*", self._count, unique_id=id(self))
        for made in connection()._clients.values():
            made.meta.events.register("before-call.*.*", self._count, unique_id=id(self))
        return self.counter

    def __exit__(self, *_: object) -> None:
        connection().session.events.unregister("before-call.*.*", unique_id=id(self))
        for made in connection()._clients.values():
            made.meta.events.unregister("before-call.*.*", unique_id=id(self))

    def _count(self, model: Any, **_: Any) -> None:
        self.counter[model.name] += 1
