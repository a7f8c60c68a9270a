"""What a person should know of a rollout: its events, why tasks stopped, and which targets are unhealthy."""

from collections.abc import Iterator

from reconciler.aws.calls import Client
from reconciler.aws.followed_services import Description

NOTES_PER_POLL = 20  # service events, and as many stopped tasks: the newest
PAGE_SIZE = 100  # the most that ECS lists or describes at once


def read_events(service: Description, deployment: Description) -> Iterator[tuple[str, str]]:
    """Yield the service's events since the deployment began, oldest first: (id, text)."""
    for event in reversed(service.get("events", [])[:NOTES_PER_POLL]):
        if event["createdAt"] >= deployment["createdAt"]:
            yield f"event {event['id']}", event["message"]


def read_stopped_tasks(client: Client, service: Description, deployment: str) -> dict[str, str]:
    """Return why the deployment's tasks stopped, by ARN, the latest last."""
    cluster = service["clusterArn"]
    filters = {"serviceName": service["serviceName"], "desiredStatus": "STOPPED", "maxResults": PAGE_SIZE}
    arns = client("ecs").list_tasks(cluster=cluster, **filters)["taskArns"]
    if not arns:
        return {}
    found = client("ecs").describe_tasks(cluster=cluster, tasks=arns)["tasks"]
    # ListTasks combines `startedBy` with no other filter.
    own = [task for task in found if task.get("startedBy") == deployment]
    own.sort(key=lambda task: task["stoppingAt"] if "stoppingAt" in task else task["createdAt"])
    return {task["taskArn"]: "task stopped: " + "; ".join(_reasons(task)) for task in own[-NOTES_PER_POLL:]}


def _reasons(task: Description) -> Iterator[str]:
    if reason := task.get("stoppedReason"):
        yield reason
    for container in task.get("containers", ()):
        ended = f"exit code {container['exitCode']}" if container.get("exitCode") else ""
        words = ", ".join(filter(None, (ended, container.get("reason", ""))))
        if words and words != task.get("stoppedReason"):
            yield f"{container['name']}: {words}"


def read_unhealthy_targets(client: Client, service: Description) -> dict[str, str]:
    """Return a sentence for each target that fails its health checks while tasks run, by target."""
    groups = [b["targetGroupArn"] for b in service.get("loadBalancers", ()) if b.get("targetGroupArn")]
    failing = {}
    for group in groups:
        for target in client("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]:
            health, address = target["TargetHealth"], target["Target"]["Id"]
            if health["State"] == "unhealthy":
                reason = health.get("Description") or health.get("Reason", "")
                failing[f"target {address}"] = f"target {address} is unhealthy: {reason}"
    return failing
