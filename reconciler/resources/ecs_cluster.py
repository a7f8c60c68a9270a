"""ECS clusters, with the capacity providers they may use."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Live, Part, Spec
from reconciler.model.steps import Call, ErrorMatch, Step, Wait
from reconciler.resources import blocker_queries as in_use
from reconciler.resources.kind import Kind, actions

AT_ONCE = 100  # clusters that DescribeClusters takes
FIRST = (ErrorMatch("InvalidParameterException", "Unable to assume the service linked role"),)  # of an account
NOT_YET = (ErrorMatch("ClientException", "Cluster was not ACTIVE"), "UpdateInProgressException")
IN_USE = (  # a DRAINING service still counts
    "ClusterContainsServicesException",
    "ClusterContainsTasksException",
    "ClusterContainsContainerInstancesException",
    "ClusterContainsCapacityProviderException",
    "UpdateInProgressException",
)
SETTLED = {
    "operation": "DescribeClusters",
    "acceptors": [
        {"matcher": "path", "argument": "clusters[0].status", "expected": "ACTIVE", "state": "success"},
        {"matcher": "path", "argument": "clusters[0].status", "expected": "FAILED", "state": "failure"},
    ],
}
GONE = {
    "operation": "DescribeClusters",
    "acceptors": [
        {"matcher": "path", "argument": "clusters[0].status", "expected": "INACTIVE", "state": "success"},
        {"matcher": "path", "argument": "failures[0].reason", "expected": "MISSING", "state": "success"},
    ],
}


class Share(Part):
    """What part of the tasks a capacity provider runs."""

    base: int = 0
    """So many tasks at least."""
    weight: int = 0
    """Of the tasks above all bases, its share relative to the other weights."""


class EcsCluster(Spec):
    """A cluster on Fargate."""

    kind: ClassVar[str] = "ecs_cluster"
    container_insights: Literal["enabled", "enhanced", "disabled"] | None = None
    """None: as the account's setting says."""
    capacity_providers: Mapping[str, Share]
    """Those that its services may use, and the default strategy."""


def found(reads: Reads) -> list[dict[str, Any]]:
    """DescribeClusters of those that may be ours."""
    arns = reads.pages("ecs", "list_clusters", "clusterArns[]")
    mine = [arn for arn in arns if reads.is_candidate("ecs_cluster", arn.rpartition("/")[2], arn)]
    return reads.in_batches(lambda batch: _described(reads, batch), mine, AT_ONCE)


def _described(reads: Reads, arns: list[str]) -> list[dict[str, Any]]:
    # An INACTIVE cluster stays visible for a time; it is no more.
    path, include = "clusters[?status!='INACTIVE']", ["TAGS", "SETTINGS"]
    return reads.pages("ecs", "describe_clusters", path, clusters=arns, include=include)


def read(reads: Reads) -> Iterator[Live[EcsCluster]]:
    for c in found(reads):
        owned = tags.parse(c.get("tags"))
        yield Live(from_aws(c, owned), {"id": c["clusterName"], "arn": c["clusterArn"]}, tags.owner(owned))


def from_aws(cluster: Mapping[str, Any], owned: tags.Tags) -> EcsCluster:
    """Return the spec of what DescribeClusters tells."""
    settings = {s["name"]: s["value"] for s in cluster.get("settings", ())}
    return EcsCluster(
        name=cluster["clusterName"],
        tags=owned,
        container_insights=settings.get("containerInsights"),
        capacity_providers=shares(cluster),
    )


def shares(cluster: Mapping[str, Any]) -> dict[str, Share]:
    """What DescribeClusters tells of the providers: those without a place in the default strategy have no share."""
    strategy = {s["capacityProvider"]: s for s in cluster.get("defaultCapacityProviderStrategy", ())}
    return {name: share(strategy.get(name, {})) for name in cluster.get("capacityProviders", ())}


def share(item: dict[str, Any]) -> Share:
    """One item of a capacity provider strategy, with AWS's defaults."""
    return Share(base=item.get("base", 0), weight=item.get("weight", 0))


def strategy(providers: Mapping[str, Share]) -> list[dict[str, Any]]:
    """A capacity provider strategy as ECS takes it."""
    return [{"capacityProvider": name, **dict(share)} for name, share in sorted(providers.items())]


def ensure_cluster(want: EcsCluster, live: Live[EcsCluster] | None) -> Iterator[Step]:
    settings = want.container_insights and [{"name": "containerInsights", "value": want.container_insights}]
    given = {"settings": settings} if settings else {}
    if not live:
        capacity = _capacity(want, set(want.capacity_providers))
        params = {"clusterName": want.name, "tags": tags.encode(want.tags, "key"), **given, **capacity}
        outputs = {"id": "cluster.clusterName", "arn": "cluster.clusterArn"}
        yield Call("ecs", "create_cluster", params, outputs, retry=FIRST, patience=120)
        yield _active(want)
        return
    yield from tags.retag(tags.ECS, want, live)
    if settings and want.container_insights != live.spec.container_insights:
        yield Call("ecs", "update_cluster", {"cluster": want.ref(), **given}, retry=NOT_YET, patience=600)
        yield _active(want)
    if want.capacity_providers != live.spec.capacity_providers:
        yield from _providers(want, live.spec)


def _providers(want: EcsCluster, live: EcsCluster) -> Iterator[Step]:
    """A provider that goes must leave the services' strategies first, one that comes must be there before them."""
    old, new = set(live.capacity_providers), set(want.capacity_providers)
    come, go = new - old, old - new
    on = {"cluster": want.ref()}
    if come or not go:
        params = on | _capacity(want, old | new)
        yield Call("ecs", "put_cluster_capacity_providers", params, retry=NOT_YET, patience=600)
        yield _active(want)
    if go:
        busy = (*NOT_YET, "ResourceInUseException")
        params = on | _capacity(want, new)
        yield Call("ecs", "put_cluster_capacity_providers", params, retry=busy, patience=1800, settling=True)


def _capacity(want: EcsCluster, providers: set[str]) -> dict[str, Any]:
    """Both lists are always sent: one left out would be taken for empty."""
    return {
        "capacityProviders": sorted(providers),
        "defaultCapacityProviderStrategy": strategy(want.capacity_providers),
    }


def _active(want: EcsCluster) -> Wait:
    params = {"clusters": [want.ref()]}
    return Wait("ecs", "cluster_active", params, model=SETTLED, why="clusters[0].status")


def remove(live: Live[EcsCluster]) -> Iterator[Step]:
    name = live.outputs["id"]
    gone = ("ClusterNotFoundException",)
    params, by = {"cluster": name}, in_use.running_in(name)
    yield Call("ecs", "delete_cluster", params, ignore=gone, retry=IN_USE, patience=600, blockers=by)
    yield Wait("ecs", "cluster_inactive", {"clusters": [name]}, model=GONE, why="clusters[0].status")


KIND = Kind(
    EcsCluster,
    read,
    ensure_cluster,
    remove,
    tagging=tags.ECS,
    actions=actions(
        "ecs",
        "CreateCluster DeleteCluster DescribeClusters DescribeTasks ListClusters ListServices "
        "ListTasks PutClusterCapacityProviders TagResource UpdateCluster",
    )
    | actions("iam", "CreateServiceLinkedRole"),
)
