"""Task definitions. Only the tags of a revision can change; any other update registers a new revision."""

from collections.abc import Iterator

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Live
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.running_services import find_used_task_definitions
from reconciler.resources.task_definition.calls import (
    TAGGING,
    ensure_task_definition,
    lingers,
    list_revisions,
    remove,
)
from reconciler.resources.task_definition.containers import Container, ContainerHealthCheck, Port
from reconciler.resources.task_definition.empty_variables import warn
from reconciler.resources.task_definition.parameters import from_aws
from reconciler.resources.task_definition.severities import SEVERITIES
from reconciler.resources.task_definition.spec import TaskDefinition
from reconciler.resources.task_families import Family, find_families, list_all

__all__ = [
    "KIND",
    "Container",
    "ContainerHealthCheck",
    "Port",
    "TaskDefinition",
    "ensure_task_definition",
    "from_aws",
]

REVISIONS_KEPT = 5  # newest revisions of a family that stay ACTIVE, to go back to


def read(reads: Reads) -> Iterator[Live[TaskDefinition]]:
    families = find_families(reads)
    has_retiring = any(len(family.active) >= REVISIONS_KEPT for family in families)
    used = find_used_task_definitions(reads) if has_retiring else frozenset()
    for family in families:
        old = family.active[REVISIONS_KEPT - 1 :] if family.raw["family"] not in used else ()
        yield _make_live(family, tuple(arn for arn in old if arn not in used))


def _make_live(family: Family, retiring: tuple[str, ...]) -> Live[TaskDefinition]:
    raw = family.raw
    outputs = {"id": raw["taskDefinitionArn"], "family": raw["family"], "revision": str(raw["revision"])}
    revisions = {"active": tuple(family.active), "inactive": tuple(family.inactive), "retiring": retiring}
    spec = from_aws(raw).model_copy(update={"tags": family.tags} | revisions)
    return Live(spec, outputs, tags.owner(family.tags))


KIND = Kind(
    TaskDefinition,
    read,
    ensure_task_definition,
    remove,
    relations=Relations(
        revisioned=True,
        lasting=frozenset({"family"}),
        weak_refs=True,
        also_deletes=list_revisions,
        lingers=lingers,
    ),
    tagging=TAGGING,
    severities=SEVERITIES,
    early={"ecs": list_all},
    warn=warn,
    indexed_as="ecs:task-definition/",
    trusts_index=True,
    touched_by=TouchedBy(
        "ecs.amazonaws.com",
        {"family": "family", "taskDefinition": "family", "taskDefinitions": "family", "resourceArn": "id"},
        made_by=("RegisterTaskDefinition",),
        deleted_by=("DeregisterTaskDefinition", "DeleteTaskDefinitions"),
        changed_by={
            "": ("RegisterTaskDefinition", "DeregisterTaskDefinition"),
            TAGS: ("TagResource", "UntagResource"),
        },
    ),
    actions=actions(
        "ecs",
        "DeleteTaskDefinitions DeregisterTaskDefinition DescribeClusters DescribeServices "
        "DescribeTaskDefinition DescribeTasks ListClusters ListServices "
        "ListTaskDefinitionFamilies ListTaskDefinitions ListTasks RegisterTaskDefinition "
        "TagResource",
    )
    | actions("iam", "PassRole"),
)
