"""What ECS tells of the services in our clusters, asked once for all kinds that need it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from reconciler.aws.reads import Reads, batches
from reconciler.model import tags
from reconciler.resources import ecs_cluster
from reconciler.resources.task_families import unwanted

Raw = Mapping[str, Any]

DELAY = "Attributes[?Key=='deregistration_delay.timeout_seconds'].Value | [0]"
TASKS_AT_ONCE = 100  # tasks that DescribeTasks takes
AT_ONCE = 10  # services that DescribeServices takes
LATELY = timedelta(minutes=10)  # between the event of a rollback and its deployment, at most
SLOW = timedelta(days=1)  # that a deployment may have gone on before it was rolled back


def described(reads: Reads) -> list[Raw]:
    """The services of our clusters. ListServices hides DRAINING ones: they are asked for by name."""
    asked = [(c, batch) for c in _clusters(reads) for batch in batches(_names(reads, c), AT_ONCE)]
    return [s for found in reads.map(lambda a: _describe(reads, *a), asked) for s in found]


def _clusters(reads: Reads) -> list[str]:
    wanted = reads.names("ecs_cluster")
    return [
        c["clusterName"]
        for c in ecs_cluster.found(reads)
        if c["clusterName"] in wanted or tags.owner(tags.parse(c.get("tags"))) == reads.stack.name
    ]


def _names(reads: Reads, cluster: str) -> list[str]:
    arns = reads.pages("ecs", "list_services", "serviceArns[]", cluster=cluster, maxResults=100)
    listed = {arn.rpartition("/")[2] for arn in arns}
    return sorted(listed | reads.names("ecs_service") | _left(reads, cluster))


def _left(reads: Reads, cluster: str) -> set[str]:
    """Services that nobody wants and that have tasks yet: known by these, where a family of theirs is left of ours.

    A family goes after its service. So after a run that died while one drained it tells of it.
    """
    arns = [
        arn
        for family in unwanted(reads)
        for status in ("RUNNING", "STOPPED")
        for arn in reads.pages(
            "ecs", "list_tasks", "taskArns[]", cluster=cluster, family=family, desiredStatus=status
        )
    ]
    groups = reads.in_batches(lambda batch: _groups(reads, cluster, batch), arns, TASKS_AT_ONCE)
    return {group.removeprefix("service:") for group in groups if group.startswith("service:")}


def _groups(reads: Reads, cluster: str, tasks: list[str]) -> list[str]:
    return reads.pages("ecs", "describe_tasks", "tasks[].group", cluster=cluster, tasks=tasks)


def _describe(reads: Reads, cluster: str, names: list[str]) -> list[Raw]:
    found: list[Raw] = reads.ask(
        "ecs", "describe_services", "services", cluster=cluster, services=names, include=["TAGS"]
    )
    return found


def delay(reads: Reads, service: Raw) -> int:
    """Seconds that a load balancer may take to let its tasks go. Of others' services, which nobody stops, none."""
    if tags.owner(tags.parse(service.get("tags"))) != reads.stack.name:
        return 0
    groups = [b["targetGroupArn"] for b in service.get("loadBalancers", ()) if b.get("targetGroupArn")]
    return max((_delay(reads, group) for group in groups), default=0)


def _delay(reads: Reads, group: str) -> int:
    found = reads.ask(
        "elbv2",
        "describe_target_group_attributes",
        DELAY,
        absent=("TargetGroupNotFound",),
        TargetGroupArn=group,
    )
    return int(found or 0)


def primary(service: Raw) -> Raw | None:
    """Its PRIMARY deployment."""
    return next((d for d in service.get("deployments", ()) if d["status"] == "PRIMARY"), None)


def in_use(reads: Reads) -> frozenset[str]:
    """ARNs of the task definitions that services run; and families of which nothing may go.

    Those of services whose last deployment is not COMPLETED: the circuit breaker goes back to the one that was, and
    cannot if that is INACTIVE (aws/containers-roadmap#328).
    """
    return frozenset(name for service in described(reads) for name in _used(service))


def _used(service: Raw) -> Iterator[str]:
    # Where another controller deploys, task sets have what a service has else (ECS API reference, Service).
    for one in (service, *service.get("taskSets", ())):
        if definition := one.get("taskDefinition"):
            yield definition
    for deployment in service.get("deployments", ()):
        if definition := deployment.get("taskDefinition"):
            yield definition
            if deployment.get("rolloutState") != "COMPLETED":
                yield definition.rpartition("/")[2].partition(":")[0]


def failure(reads: Reads, service: Raw) -> str | None:
    """Why the last deployment failed, if it did: it stands still, or the circuit breaker rolled it back."""
    newest = primary(service)
    if newest is None:
        return None
    if newest.get("rolloutState") == "FAILED":
        return str(newest.get("rolloutStateReason") or "the deployment failed")
    events = (e for e in service.get("events", ()) if e["createdAt"] >= newest["createdAt"] - LATELY)
    if not any("rolling back to" in event["message"] for event in events):
        return None
    # A rollback that is over reads as any completed deployment: only the service deployment tells.
    last = _last(reads, service, newest["createdAt"] - SLOW)
    if last is None or not last["status"].startswith("ROLLBACK"):
        return None
    return f"rolled back: {last.get('statusReason') or 'the deployment failed'}"


def _last(reads: Reads, service: Raw, since: datetime) -> Raw | None:
    """The newest service deployment since then."""
    which = {"cluster": service["clusterArn"], "service": service["serviceArn"], "createdAt": {"after": since}}
    path = "serviceDeployments[]"
    found: list[Raw] = reads.pages("ecs", "list_service_deployments", path, **which, maxResults=100)
    return max(found, key=lambda d: d["createdAt"], default=None)
