"""Task definitions. A revision never changes but for its tags: an update registers a new one, and only if it must."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from reconciler.aws.reads import Reads, batches
from reconciler.model import tags
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.running_services import in_use
from reconciler.resources.task_definition import container_definitions
from reconciler.resources.task_definition.container_definitions import Raw, definition
from reconciler.resources.task_definition.containers import Container
from reconciler.resources.task_definition.unmanaged import unmanaged
from reconciler.resources.task_families import ABSENT, Family, found, number

REVISIONS_KEPT = 5  # newest revisions of a family that stay ACTIVE, to go back to
AT_ONCE = 10  # revisions that DeleteTaskDefinitions takes
TAGGING = replace(tags.ECS, attr="id")
GONE = (  # a revision that cannot be deregistered any more
    *ABSENT,
    ErrorMatch("ClientException", "inactive"),
    ErrorMatch("ClientException", "does not exist"),
    ErrorMatch("ClientException", "process of being deleted"),
)
MANAGED_OR_ANSWERED = (  # what is told of a revision and either compared as a field or no part of what is registered
    *("taskDefinitionArn", "family", "revision", "status", "requiresAttributes", "compatibilities"),
    *("registeredAt", "registeredBy", "deregisteredAt", "deleteRequestedAt"),
    *("containerDefinitions", "cpu", "memory", "taskRoleArn", "executionRoleArn"),
)


class TaskDefinition(Spec):
    """A family, by its newest revision that is ours: tasks on Fargate."""

    kind: ClassVar[str] = "task_definition"
    cpu: int
    """Units; 1024 are one vCPU."""
    memory: int
    """MiB."""
    architecture: Literal["X86_64", "ARM64"] = "X86_64"
    execution_role: Annotated[Ref, refers_to("iam_role", "arn")] | None = None
    task_role: Annotated[Ref, refers_to("iam_role", "arn")] | None = None
    containers: Mapping[str, Container]
    others: Mapping[str, str] = {}
    """What AWS has besides, by its name there, as JSON. Never wanted: a new revision leaves it out."""
    active: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """ARNs of the family's ACTIVE revisions, newest first."""
    inactive: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """ARNs of its INACTIVE ones, if the family is to go."""
    retiring: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """Those of them that the next registration makes too many and that no service runs."""


def read(reads: Reads) -> Iterator[Live[TaskDefinition]]:
    families = found(reads)
    used = in_use(reads) if any(len(family.active) >= REVISIONS_KEPT for family in families) else frozenset()
    for family in families:
        may_go = family.active[REVISIONS_KEPT - 1 :] if family.raw["family"] not in used else ()
        yield _live(family, tuple(arn for arn in may_go if arn not in used))


def _live(family: Family, retiring: tuple[str, ...]) -> Live[TaskDefinition]:
    raw = family.raw
    outputs = {"id": raw["taskDefinitionArn"], "family": raw["family"], "revision": str(raw["revision"])}
    spec = from_aws(raw)
    revisions = {"active": tuple(family.active), "inactive": tuple(family.inactive), "retiring": retiring}
    return Live(spec.model_copy(update={"tags": family.tags} | revisions), outputs, tags.owner(family.tags))


def from_aws(raw: Raw) -> TaskDefinition:
    """Return what DescribeTaskDefinition tells, without what AWS fills in by itself."""
    platform = dict(raw.get("runtimePlatform") or {})
    architecture = platform.pop("cpuArchitecture", "X86_64")
    usual = {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]}
    rest = {k: v for k, v in raw.items() if k not in MANAGED_OR_ANSWERED and usual.get(k) != v}
    if platform in ({}, {"operatingSystemFamily": "LINUX"}):
        rest.pop("runtimePlatform", None)
    return TaskDefinition(
        name=raw["family"],
        cpu=units(raw.get("cpu")),
        memory=units(raw.get("memory")),
        architecture=architecture,
        execution_role=raw.get("executionRoleArn"),
        task_role=raw.get("taskRoleArn"),
        containers={
            c.get("name", ""): container_definitions.from_aws(c) for c in raw.get("containerDefinitions", ())
        },
        others=unmanaged(rest),
    )


def units(size: str | None) -> int:
    """CPU units or MiB, also of "1 vCPU" and "0.5GB"; 0 where there is none."""
    number = re.match(r"[\d.]+", size or "0")
    value = float(number[0]) if number else 0.0
    return int(value * 1024 if re.search(r"[A-Za-z]", size or "") else value)


def ensure_task_definition(want: TaskDefinition, live: Live[TaskDefinition] | None) -> Iterator[Step]:
    if live and not _differs(want, live.spec):
        yield from tags.retag(TAGGING, want, live)
        return
    roles = {"executionRoleArn": want.execution_role, "taskRoleArn": want.task_role}
    params = {
        "family": want.name,
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": str(want.cpu),
        "memory": str(want.memory),
        "runtimePlatform": {"cpuArchitecture": want.architecture, "operatingSystemFamily": "LINUX"},
        "containerDefinitions": [definition(name, c) for name, c in sorted(want.containers.items())],
        **{k: role for k, role in roles.items() if role},
        **({"tags": tags.encode(want.tags, "key")} if want.tags else {}),  # AWS refuses an empty list
    }
    named = {"id": "taskDefinitionArn", "family": "family", "revision": "revision"}
    outputs = {name: f"taskDefinition.{path}" for name, path in named.items()}
    yield Call("ecs", "register_task_definition", params, outputs)
    for arn in live.spec.retiring if live else ():
        yield _deregistered(arn)


def _differs(want: TaskDefinition, live: TaskDefinition) -> bool:
    fields = ("cpu", "memory", "architecture", "execution_role", "task_role", "containers", "others")
    return any(getattr(want, f) not in (None, getattr(live, f)) for f in fields)


def _deregistered(arn: str) -> Call:
    return Call("ecs", "deregister_task_definition", {"taskDefinition": arn}, ignore=GONE)


def revisions(live: Live[TaskDefinition]) -> list[str]:
    """ARNs of all that its family has, the newest that is ACTIVE last."""
    return [*live.spec.inactive, *sorted(live.spec.active or (live.outputs["id"],), key=number)]


def remove(live: Live[TaskDefinition]) -> Iterator[Step]:
    # The newest goes last: a family without an ACTIVE one is not found again by a run that follows a broken one.
    for arns in batches(revisions(live), AT_ONCE):
        yield from (_deregistered(arn) for arn in arns if arn not in live.spec.inactive)
        params, told = {"taskDefinitions": arns}, "failures[].join(': ', [arn, reason])"
        yield Call("ecs", "delete_task_definitions", params, ignore=GONE, warnings=told)


KIND = Kind(
    TaskDefinition,
    read,
    ensure_task_definition,
    remove,
    relations=Relations(revisioned=True, parents=lambda _definition: (), also_deletes=revisions),
    tagging=TAGGING,
    actions=actions(
        "ecs",
        "DeleteTaskDefinitions DeregisterTaskDefinition DescribeClusters DescribeServices "
        "DescribeTaskDefinition DescribeTasks ListClusters ListServices "
        "ListTaskDefinitionFamilies ListTaskDefinitions ListTasks RegisterTaskDefinition "
        "TagResource",
    )
    | actions("iam", "PassRole"),
)
