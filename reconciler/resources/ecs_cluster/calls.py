"""The calls that create, change and delete a cluster."""

from collections.abc import Iterator
from typing import Any

from reconciler.model import tags
from reconciler.model.newness import IN_FORCE_WITHIN
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Step, Wait
from reconciler.resources import blocker_queries
from reconciler.resources.ecs_cluster.parameters import encode_strategy
from reconciler.resources.ecs_cluster.spec import EcsCluster

# The first cluster of an account makes ECS's service-linked role. Until that is in force ECS refuses capacity
# providers (alchemy#1558), those of a CreateCluster too: the cluster may be there then, without them
# (aws-cloudformation/cloudformation-coverage-roadmap#818).
NO_SERVICE_ROLE = (
    ErrorMatch(
        "InvalidParameterException", "Unable to assume the service linked role", patience=IN_FORCE_WITHIN
    ),
)
CREATE_NOT_YET = tuple(match._replace(half_done=True) for match in NO_SERVICE_ROLE)
NOT_ACTIVE = (
    *NO_SERVICE_ROLE,
    ErrorMatch("ClientException", "Cluster was not ACTIVE"),
)
NOT_EMPTY = (  # a DRAINING service still counts
    "ClusterContainsServicesException",
    "ClusterContainsTasksException",
    "ClusterContainsContainerInstancesException",
    "ClusterContainsCapacityProviderException",
)
NOT_FOUND = ("ClusterNotFoundException",)
CLUSTER_ACTIVE = {
    "operation": "DescribeClusters",
    "acceptors": [
        {"matcher": "path", "argument": "clusters[0].status", "expected": "ACTIVE", "state": "success"},
        {"matcher": "path", "argument": "clusters[0].status", "expected": "FAILED", "state": "failure"},
    ],
}
CLUSTER_INACTIVE = {
    "operation": "DescribeClusters",
    "acceptors": [
        {"matcher": "path", "argument": "clusters[0].status", "expected": "INACTIVE", "state": "success"},
        {"matcher": "path", "argument": "failures[0].reason", "expected": "MISSING", "state": "success"},
    ],
}


def ensure_cluster(want: EcsCluster, live: Live[EcsCluster] | None) -> Iterator[Step]:
    settings = want.container_insights and [{"name": "containerInsights", "value": want.container_insights}]
    given = {"settings": settings} if settings else {}
    if not live:
        capacity = _encode_capacity(want, set(want.capacity_providers))
        params = {"clusterName": want.name, "tags": tags.encode(want.tags, "key"), **given, **capacity}
        outputs = {"id": "cluster.clusterName", "arn": "cluster.clusterArn"}
        yield Call("ecs", "create_cluster", params, outputs, retry=CREATE_NOT_YET, patience=IN_FORCE_WITHIN)
        yield _wait_until_active(want)
        return
    yield from tags.retag(tags.ECS, want, live)
    if settings and want.container_insights != live.spec.container_insights:
        yield Call("ecs", "update_cluster", {"cluster": want.ref(), **given}, retry=NOT_ACTIVE, patience=600)
        yield _wait_until_active(want)
    if want.capacity_providers != live.spec.capacity_providers:
        yield from _put_providers(want, live.spec)


def _put_providers(want: EcsCluster, live: EcsCluster) -> Iterator[Step]:
    """Yield the calls that add new providers, and that remove old ones once no service uses them."""
    old, new = set(live.capacity_providers), set(want.capacity_providers)
    added, removed = new - old, old - new
    cluster = {"cluster": want.ref()}
    if added or not removed:
        params = cluster | _encode_capacity(want, old | new)
        yield Call("ecs", "put_cluster_capacity_providers", params, retry=NOT_ACTIVE, patience=600)
        yield _wait_until_active(want)
    if removed:
        in_use = (*NOT_ACTIVE, "ResourceInUseException")
        params = cluster | _encode_capacity(want, new)
        yield Call("ecs", "put_cluster_capacity_providers", params, retry=in_use, patience=1800, settling=True)


def _encode_capacity(want: EcsCluster, providers: set[str]) -> dict[str, Any]:
    """Return the parameters of both lists: ECS empties a list that is not sent."""
    return {
        "capacityProviders": sorted(providers),
        "defaultCapacityProviderStrategy": encode_strategy(want.capacity_providers),
    }


def _wait_until_active(want: EcsCluster) -> Wait:
    params = {"clusters": [want.ref()]}
    return Wait("ecs", "cluster_active", params, model=CLUSTER_ACTIVE, why="clusters[0].status")


def remove(live: Live[EcsCluster]) -> Iterator[Step]:
    name = live.outputs["id"]
    params, blockers = {"cluster": name}, blocker_queries.running_in(name)
    yield Call(
        "ecs", "delete_cluster", params, ignore=NOT_FOUND, retry=NOT_EMPTY, patience=600, blockers=blockers
    )
    described = {"clusters": [name]}
    yield Wait("ecs", "cluster_inactive", described, model=CLUSTER_INACTIVE, why="clusters[0].status")
