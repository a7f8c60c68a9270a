"""The services in our clusters as ECS describes them, read once for all types that need them."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from reconciler.aws.candidates import find_only, is_candidate
from reconciler.aws.indexed import indexed_tags
from reconciler.aws.parallel import batches
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import walk
from reconciler.resources.ecs_cluster import find_clusters, list_names
from reconciler.resources.task_families import find_unwanted_families

Raw = Mapping[str, Any]

CLUSTER_GONE = ("ClusterNotFoundException",)  # it was deleted meanwhile, or is others'
PARTS_OF_SERVICE = 2  # of the end of its ARN: cluster and name
DEREGISTRATION_DELAY = "Attributes[?Key=='deregistration_delay.timeout_seconds'].Value | [0]"
MAX_TASKS_DESCRIBED = 100  # in one DescribeTasks
MAX_SERVICES_DESCRIBED = 10  # in one DescribeServices
ROLLBACK_LAG = timedelta(minutes=10)  # from a rollback's event to its deployment, at most
LONGEST_DEPLOYMENT = timedelta(days=1)  # from the start of a deployment to its rollback, at most


def describe_services(reads: Reads) -> list[Raw]:
    """Return the services of our clusters, and ours of others' clusters.

    ListServices omits DRAINING ones: they are described by name.
    """
    listed = frozenset() if _find_only(reads) else list_names(reads) & reads.desired.names("ecs_cluster")
    reads.ahead(partial(_list_arns, reads), listed)  # while the clusters are described
    asked = [
        (cluster, batch)
        for cluster in _list_clusters(reads)
        for batch in batches(_list_names(reads, cluster), MAX_SERVICES_DESCRIBED)
    ]
    return [s for found in reads.map(lambda question: _describe(reads, *question), asked) for s in found]


def _list_clusters(reads: Reads) -> list[str]:
    """Return the names of our clusters, and of others' with services of ours in them."""
    return [*_list_own(reads), *sorted(find_shared_clusters(reads))]


def _list_own(reads: Reads) -> list[str]:
    """Return the names of the clusters that are ours or have a desired name."""
    wanted = reads.desired.names("ecs_cluster")
    return [
        c["clusterName"]
        for c in find_clusters(reads)
        if c["clusterName"] in wanted or tags.owner(tags.parse(c.get("tags"))) == reads.stack.name
    ]


def find_shared_clusters(reads: Reads) -> frozenset[str]:
    """Return the names of others' clusters that services of ours are, or shall be, in."""
    specs = reads.desired.by_kind.get("ecs_service", {}).values()
    named = {ref.name for spec in specs for ref in walk(spec) if ref.kind == "ecs_cluster" and ref.by_id}
    arns = (arn.split(":service/")[1].split("/") for arn in indexed_tags(reads) if ":service/" in arn)
    indexed = {names[0] for names in arns if len(names) == PARTS_OF_SERVICE}
    return frozenset((named | indexed) - {*_list_own(reads)}) if named | indexed else frozenset()


def _list_names(reads: Reads, cluster: str) -> list[str]:
    """Return the names of the services that are, or may be, in the cluster."""
    if only := _find_only(reads):
        return [only]
    arns = {arn.rpartition("/")[2]: arn for arn in _list_arns(reads, cluster)}
    listed = {*arns}
    if cluster in find_shared_clusters(reads):  # in a cluster of ours, all are of interest
        listed = {name for name, arn in arns.items() if is_candidate(reads, "ecs_service", name, arn)}
    return sorted(listed | reads.desired.names("ecs_service") | _find_unlisted(reads, cluster))


def _find_only(reads: Reads) -> str | None:
    """Return the name of the only service that is of interest, also for its scaling; None if all are."""
    return find_only(reads, "ecs_service") or find_only(reads, "scalable_target")


def _list_arns(reads: Reads, cluster: str) -> list[str]:
    return reads.pages("ecs", "list_services", "serviceArns[]", CLUSTER_GONE, cluster=cluster, maxResults=100)


def _find_unlisted(reads: Reads, cluster: str) -> set[str]:
    """Return the names of services that are not desired but still have tasks, found by our families' tasks.

    A family is deleted after its service, so it shows the service after a run that was killed meanwhile.
    """
    arns = [
        arn
        for family in find_unwanted_families(reads)
        for status in ("RUNNING", "STOPPED")
        for arn in reads.pages(
            "ecs",
            "list_tasks",
            "taskArns[]",
            CLUSTER_GONE,
            cluster=cluster,
            family=family,
            desiredStatus=status,
        )
    ]
    groups = reads.in_batches(lambda batch: _describe_groups(reads, cluster, batch), arns, MAX_TASKS_DESCRIBED)
    return {group.removeprefix("service:") for group in groups if group.startswith("service:")}


def _describe_groups(reads: Reads, cluster: str, tasks: list[str]) -> list[str]:
    """Return the group of each task, such as `service:svc-web-dev`."""
    return reads.pages("ecs", "describe_tasks", "tasks[].group", cluster=cluster, tasks=tasks)


def _describe(reads: Reads, cluster: str, names: list[str]) -> list[Raw]:
    found: list[Raw] | None = reads.ask(
        "ecs", "describe_services", "services", CLUSTER_GONE, cluster=cluster, services=names, include=["TAGS"]
    )
    return found or []


def read_deregistration_delay(reads: Reads, service: Raw) -> int:
    """Return the deregistration delay of the service's tasks, in seconds; 0 for a service that is not ours."""
    if tags.owner(tags.parse(service.get("tags"))) != reads.stack.name:
        return 0
    groups = [b["targetGroupArn"] for b in service.get("loadBalancers", ()) if b.get("targetGroupArn")]
    return max((_read_delay(reads, group) for group in groups), default=0)


def _read_delay(reads: Reads, group: str) -> int:
    found = reads.ask(
        "elbv2",
        "describe_target_group_attributes",
        DEREGISTRATION_DELAY,
        absent=("TargetGroupNotFound",),
        TargetGroupArn=group,
    )
    return int(found or 0)


def find_primary_deployment(service: Raw) -> Raw | None:
    """Return the PRIMARY deployment, which is the latest; None if another controller deploys."""
    return next((d for d in service.get("deployments", ()) if d["status"] == "PRIMARY"), None)


def find_used_task_definitions(reads: Reads) -> frozenset[str]:
    """Return the ARNs of the task definitions that services run, and the families that must keep all revisions.

    A family must keep them while a deployment of it is not COMPLETED: the circuit breaker rolls back to the
    revision that ran before, and cannot if it is INACTIVE (aws/containers-roadmap#328).
    """
    return frozenset(name for service in describe_services(reads) for name in _list_used(service))


def _list_used(service: Raw) -> Iterator[str]:
    # Where another controller deploys, the task definition is in the task sets (ECS API reference, Service).
    for holder in (service, *service.get("taskSets", ())):
        if definition := holder.get("taskDefinition"):
            yield definition
    for deployment in service.get("deployments", ()):
        if definition := deployment.get("taskDefinition"):
            yield definition
            if deployment.get("rolloutState") != "COMPLETED":
                yield definition.rpartition("/")[2].partition(":")[0]


def find_failure(reads: Reads, service: Raw) -> str | None:
    """Return why the last deployment failed or was rolled back; None if it did not fail."""
    primary = find_primary_deployment(service)
    if primary is None:
        return None
    if primary.get("rolloutState") == "FAILED":
        return str(primary.get("rolloutStateReason") or "the deployment failed")
    events = (e for e in service.get("events", ()) if e["createdAt"] >= primary["createdAt"] - ROLLBACK_LAG)
    if not any("rolling back to" in event["message"] for event in events):
        return None
    # A completed rollback looks like any completed deployment: only the service deployment shows the rollback.
    newest = _find_newest_deployment(reads, service, primary["createdAt"] - LONGEST_DEPLOYMENT)
    if newest is None or not newest["status"].startswith("ROLLBACK"):
        return None
    return f"rolled back: {newest.get('statusReason') or 'the deployment failed'}"


def _find_newest_deployment(reads: Reads, service: Raw, since: datetime) -> Raw | None:
    """Return the newest service deployment created after that time."""
    which = {"cluster": service["clusterArn"], "service": service["serviceArn"], "createdAt": {"after": since}}
    path = "serviceDeployments[]"
    found: list[Raw] = reads.pages("ecs", "list_service_deployments", path, **which, maxResults=100)
    return max(found, key=lambda d: d["createdAt"], default=None)
