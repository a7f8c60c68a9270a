"""ECS clusters, with the capacity providers that their services may use."""

from collections.abc import Iterator
from typing import Any

from reconciler.aws.candidates import is_candidate
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.spec import Live
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.drifting import Severities, by_side
from reconciler.resources.ecs_cluster.blockers import find_blockers
from reconciler.resources.ecs_cluster.calls import ensure_cluster, remove
from reconciler.resources.ecs_cluster.parameters import from_aws
from reconciler.resources.ecs_cluster.spec import EcsCluster, Share
from reconciler.resources.kind import Kind, actions

__all__ = ["KIND", "EcsCluster", "Share", "ensure_cluster", "from_aws"]

MAX_CLUSTERS_DESCRIBED = 100  # in one DescribeClusters


def find_clusters(reads: Reads) -> list[dict[str, Any]]:
    """Return the clusters that may be ours, as DescribeClusters describes them."""
    candidates = [
        arn for arn in _list_arns(reads) if is_candidate(reads, "ecs_cluster", arn.rpartition("/")[2], arn)
    ]
    return reads.in_batches(lambda batch: _describe(reads, batch), candidates, MAX_CLUSTERS_DESCRIBED)


def list_names(reads: Reads) -> frozenset[str]:
    """Return the names of the clusters of the account."""
    return frozenset(arn.rpartition("/")[2] for arn in _list_arns(reads))


def _list_arns(reads: Reads) -> list[str]:
    return reads.pages("ecs", "list_clusters", "clusterArns[]")


def _describe(reads: Reads, arns: list[str]) -> list[dict[str, Any]]:
    # An INACTIVE cluster is deleted, though it stays visible for a time.
    path, include = "clusters[?status!='INACTIVE']", ["TAGS", "SETTINGS"]
    return reads.pages("ecs", "describe_clusters", path, clusters=arns, include=include)


def read(reads: Reads) -> Iterator[Live[EcsCluster]]:
    for cluster in find_clusters(reads):
        resource_tags = tags.parse(cluster.get("tags"))
        owner = tags.owner(resource_tags)
        outputs = {"id": cluster["clusterName"], "arn": cluster["clusterArn"]}
        blockers = tuple(find_blockers(reads, cluster)) if owner == reads.stack.name else ()
        yield Live(from_aws(cluster, resource_tags), outputs, owner, blockers)


def judge(_live: EcsCluster, _want: EcsCluster, diff: ValueDiff) -> Severity | None:
    """Judge capacity providers: without one, what is to run on it does not start."""
    is_provider = diff.field == "capacity_providers"
    return by_side(Severity.CONFIGURATION, Severity.AVAILABILITY)(diff) if is_provider else None


KIND = Kind(
    EcsCluster,
    read,
    ensure_cluster,
    remove,
    tagging=tags.ECS,
    severities=Severities(judge=judge),
    indexed_as="ecs:cluster/",
    trusts_index=True,
    early={"ecs": _list_arns},
    touched_by=TouchedBy(
        "ecs.amazonaws.com",
        {"cluster": "id", "clusterName": "id", "resourceArn": "arn"},
        made_by=("CreateCluster",),
        deleted_by=("DeleteCluster",),
        changed_by={
            "container_insights": ("UpdateClusterSettings", "UpdateCluster"),
            "capacity_providers": ("PutClusterCapacityProviders",),
            TAGS: ("TagResource", "UntagResource"),
        },
    ),
    actions=actions(
        "ecs",
        "CreateCluster DeleteCluster DescribeClusters DescribeTasks ListClusters ListServices "
        "ListTasks PutClusterCapacityProviders TagResource UpdateCluster",
    )
    | actions("iam", "CreateServiceLinkedRole"),
)
