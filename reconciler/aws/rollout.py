"""Follow one deployment of an ECS service by its id, and report its progress.

botocore's `services_stable` is not used: it ignores `rolloutState`, so a completed rollback counts as success
(terraform-provider-aws#20858).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from reconciler.aws.calls import Client
from reconciler.errors import RolloutFailed
from reconciler.model.newness import IN_FORCE_WITHIN
from reconciler.model.steps import NotYet, Outputs, Rollout

Description = Mapping[str, Any]  # a service, deployment, task or target, as AWS describes it

NOTES_PER_POLL = 20  # service events, and as many stopped tasks: the newest
PAGE_SIZE = 100  # the most that ECS lists or describes at once
READ_LAG = 120.0  # seconds in which reads may not yet show what a call has begun
# What tasks say of a role that is not in force everywhere yet, and how old a service may be of which that is
# believed though this run made no role. The second may also say that a policy lacks something.
ROLE_NOT_IN_FORCE = {
    "unable to assume the role": timedelta(seconds=IN_FORCE_WITHIN),
    "is not authorized to perform": timedelta(minutes=2),
}
FAILED_STATUSES = (
    "STOPPED",
    "ROLLBACK_REQUESTED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_SUCCESSFUL",
    "ROLLBACK_FAILED",
)


def poll(client: Client, step: Rollout) -> Outputs | NotYet:
    """Return {} if the deployment is COMPLETED, else its progress.

    Raises `RolloutFailed` with AWS's reasons.
    """
    cluster, name, wanted = (step.params[key] for key in ("cluster", "service", "deployment"))
    found = client("ecs").describe_services(cluster=cluster, services=[name])["services"]
    service: Description = next(iter(found), {"status": "MISSING"})
    if service["status"] != "ACTIVE":
        return NotYet(f"the service is {service['status']}", patience=READ_LAG)
    deployment: Description | None = next((d for d in service["deployments"] if d["id"] == wanted), None)
    if deployment is None:
        return _find_ending(client, step, service, wanted)
    if _is_completed(deployment):
        return {}
    tasks = _stopped_tasks(client, service, wanted) if deployment.get("failedTasks") else {}
    if deployment.get("rolloutState") == "FAILED":
        passes = _came_before_its_role(step, service, deployment["createdAt"], tasks)
        return _fail(service, wanted, deployment.get("rolloutStateReason"), tasks, passes=passes)
    if deployment["status"] != "PRIMARY":
        raise RolloutFailed(f"another deployment took its place; {_describe_service(service)}")
    notes = {**dict(_events(service, deployment)), **tasks, **_unhealthy_targets(client, service, deployment)}
    return NotYet(_describe_progress(deployment, tasks), notes=notes)


def _fail(
    service: Description, failed: str, reason: str | None, tasks: Mapping[str, str], *, passes: bool
) -> NotYet:
    """Raise `RolloutFailed`, unless what the deployment failed for passes: then it is to be made once more."""
    error = RolloutFailed(_describe_failure(service, failed, reason, tasks))
    if passes:
        return NotYet(error, answer_lost=True)  # recovering finds it FAILED or rolled back
    raise error


def _find_ending(client: Client, step: Rollout, service: Description, wanted: str) -> Outputs | NotYet:
    """Read from ListServiceDeployments how a deployment ended that DescribeServices does not list any more."""
    params = {"cluster": service["clusterArn"], "service": service["serviceArn"], "maxResults": PAGE_SIZE}
    number = wanted.rpartition("/")[2]  # the revision that it deployed has the same
    for found in client("ecs").list_service_deployments(**params)["serviceDeployments"]:
        if found.get("targetServiceRevisionArn", "").endswith(f"/{number}"):
            if found["status"] == "SUCCESSFUL":
                return {}
            if found["status"] in FAILED_STATUSES:
                tasks = _stopped_tasks(client, service, wanted)
                passes = _came_before_its_role(step, service, found.get("createdAt"), tasks)
                return _fail(service, wanted, found.get("statusReason"), tasks, passes=passes)
    return NotYet(f"{wanted} is not among its deployments; {_describe_service(service)}", patience=READ_LAG)


def _came_before_its_role(
    step: Rollout, service: Description, begun: datetime | None, tasks: Mapping[str, str]
) -> bool:
    """Tell whether all tasks stopped because new roles were not yet in force everywhere.

    New are those that this run made or changed a while ago, and those of a service that is new itself: they may
    be of a run that was killed.
    """
    made = service.get("createdAt")
    age = begun - made if begun and made else timedelta.max
    passing = [words for words, within in ROLE_NOT_IN_FORCE.items() if step.roles_are_new or age < within]
    refused = [any(words in why for words in passing) for why in tasks.values()]
    return bool(refused) and all(refused)


def _is_completed(deployment: Description) -> bool:
    state = deployment.get("rolloutState")  # absent for controllers other than ECS
    return bool(state == "COMPLETED" if state else deployment["runningCount"] == deployment["desiredCount"])


def _describe_progress(deployment: Description, tasks: Mapping[str, str]) -> str:
    running, desired = deployment["runningCount"], deployment["desiredCount"]
    more = {"pending": deployment.get("pendingCount"), "failed": deployment.get("failedTasks")}
    counts = [f"{running} of {desired} tasks running", *(f"{n} {word}" for word, n in more.items() if n)]
    return "; ".join([", ".join(counts), *list(tasks.values())[-1:]])


def _describe_service(service: Description) -> str:
    primary = _primary(service)
    return f"the service runs {_last_part(primary['taskDefinition'])}" if primary else "it has none"


def _primary(service: Description) -> Description | None:
    return next((d for d in service["deployments"] if d["status"] == "PRIMARY"), None)


def _describe_failure(service: Description, failed: str, reason: str | None, tasks: Mapping[str, str]) -> str:
    words = (reason or "the deployment failed").rstrip(".")
    primary = _primary(service)
    if primary and primary["id"] != failed:
        words += f"; the service went back to {_last_part(primary['taskDefinition'])}"
    return "\n".join([words, *dict.fromkeys(tasks.values())])


def _events(service: Description, deployment: Description) -> Iterator[tuple[str, str]]:
    """Yield the service's events since the deployment began, oldest first: (id, text)."""
    for event in reversed(service.get("events", [])[:NOTES_PER_POLL]):
        if event["createdAt"] >= deployment["createdAt"]:
            yield f"event {event['id']}", event["message"]


def _stopped_tasks(client: Client, service: Description, deployment: str) -> dict[str, str]:
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


def _unhealthy_targets(client: Client, service: Description, deployment: Description) -> dict[str, str]:
    """Return a sentence for each target that fails its health checks while tasks run, by target."""
    groups = [b["targetGroupArn"] for b in service.get("loadBalancers", ()) if b.get("targetGroupArn")]
    failing = {}
    for group in groups if deployment["runningCount"] else ():
        for target in client("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]:
            health, address = target["TargetHealth"], target["Target"]["Id"]
            if health["State"] == "unhealthy":
                reason = health.get("Description") or health.get("Reason", "")
                failing[f"target {address}"] = f"target {address} is unhealthy: {reason}"
    return failing


def _last_part(arn: str) -> str:
    return arn.rpartition("/")[2]
