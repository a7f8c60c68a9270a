"""Follow one deployment of an ECS service by its id, and say what it does.

`services_stable` is not used: it ignores `rolloutState`, so that a rollback which settles ends in success
(terraform-provider-aws#20858).
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from reconciler.aws.blockers import Client
from reconciler.errors import RolloutFailed
from reconciler.model.steps import NotYet, Outputs, Rollout

Found = Mapping[str, Any]

NEWEST = 20  # of service events and of stopped tasks, as many as one look may tell
PAGE = 100  # the most that ECS lists or describes at once
VISIBLE_BY = 120.0  # seconds that reads may lag behind the call that began a deployment
PROPAGATES = timedelta(minutes=2)  # IAM, to where tasks start (terraform-provider-aws waits as long everywhere)
NOT_IN_FORCE = ("unable to assume the role", "is not authorized to perform")
ENDED_BADLY = (
    "STOPPED",
    "ROLLBACK_REQUESTED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_SUCCESSFUL",
    "ROLLBACK_FAILED",
)


def poll(client: Client, step: Rollout) -> Outputs | NotYet:
    """Nothing more, if the deployment is COMPLETED; else how far it is. Raises `RolloutFailed`, with what AWS told."""
    cluster, name, wanted = (step.params[key] for key in ("cluster", "service", "deployment"))
    found = client("ecs").describe_services(cluster=cluster, services=[name])["services"]
    service: Found = next(iter(found), {"status": "MISSING"})
    if service["status"] != "ACTIVE":
        return NotYet(f"the service is {service['status']}", patience=VISIBLE_BY)
    deployment: Found | None = next((d for d in service["deployments"] if d["id"] == wanted), None)
    if deployment is None:
        return _gone(client, service, wanted)
    if _completed(deployment):
        return {}
    tasks = _stopped_tasks(client, service, wanted) if deployment.get("failedTasks") else {}
    if deployment.get("rolloutState") == "FAILED":
        failed = RolloutFailed(_why(service, wanted, deployment.get("rolloutStateReason"), tasks))
        if _came_before_its_role(service, deployment, tasks):
            return NotYet(
                failed, answer_lost=True
            )  # looked at again, it is found FAILED and deployed once more
        raise failed
    if deployment["status"] != "PRIMARY":
        raise RolloutFailed(f"another deployment took its place; {_running(service)}")
    notes = {**dict(_events(service, deployment)), **tasks, **_unhealthy(client, service, deployment)}
    return NotYet(_progress(deployment, tasks), notes=notes)


def _gone(client: Client, service: Found, wanted: str) -> Outputs | NotYet:
    """What is over leaves the list of deployments; how it ended, its service deployment tells."""
    asked = {"cluster": service["clusterArn"], "service": service["serviceArn"], "maxResults": PAGE}
    number = wanted.rpartition("/")[2]  # the revision that it deployed has the same
    for found in client("ecs").list_service_deployments(**asked)["serviceDeployments"]:
        if found.get("targetServiceRevisionArn", "").endswith(f"/{number}"):
            if found["status"] == "SUCCESSFUL":
                return {}
            if found["status"] in ENDED_BADLY:
                tasks = _stopped_tasks(client, service, wanted)
                raise RolloutFailed(_why(service, wanted, found.get("statusReason"), tasks))
    return NotYet(f"{wanted} is not among its deployments; {_running(service)}", patience=VISIBLE_BY)


def _came_before_its_role(service: Found, deployment: Found, tasks: Mapping[str, str]) -> bool:
    """Whether a new service's tasks ended as its roles, as new as it is, were not known everywhere."""
    lately = "createdAt" in service and deployment["createdAt"] - service["createdAt"] < PROPAGATES
    return lately and bool(tasks) and all(any(n in said for n in NOT_IN_FORCE) for said in tasks.values())


def _completed(deployment: Found) -> bool:
    state = deployment.get("rolloutState")  # absent for controllers other than ECS
    return bool(state == "COMPLETED" if state else deployment["runningCount"] == deployment["desiredCount"])


def _progress(deployment: Found, tasks: Mapping[str, str]) -> str:
    running, desired = deployment["runningCount"], deployment["desiredCount"]
    more = {"pending": deployment.get("pendingCount"), "failed": deployment.get("failedTasks")}
    counts = [f"{running} of {desired} tasks running", *(f"{n} {word}" for word, n in more.items() if n)]
    return "; ".join([", ".join(counts), *list(tasks.values())[-1:]])


def _running(service: Found) -> str:
    primary = _primary(service)
    return f"the service runs {_short(primary['taskDefinition'])}" if primary else "it has none"


def _primary(service: Found) -> Found | None:
    return next((d for d in service["deployments"] if d["status"] == "PRIMARY"), None)


def _why(service: Found, failed: str, reason: str | None, tasks: Mapping[str, str]) -> str:
    told = (reason or "the deployment failed").rstrip(".")
    primary = _primary(service)
    if primary and primary["id"] != failed:
        told += f"; the service went back to {_short(primary['taskDefinition'])}"
    return "\n".join([told, *dict.fromkeys(tasks.values())])


def _events(service: Found, deployment: Found) -> Iterator[tuple[str, str]]:
    """What the service says since the deployment began, in order: (id, text)."""
    for event in reversed(service.get("events", [])[:NEWEST]):
        if event["createdAt"] >= deployment["createdAt"]:
            yield f"event {event['id']}", event["message"]


def _stopped_tasks(client: Client, service: Found, deployment: str) -> dict[str, str]:
    """Why its tasks ended, the last one last. ListTasks takes no other filter beside `startedBy`."""
    cluster = service["clusterArn"]
    which = {"serviceName": service["serviceName"], "desiredStatus": "STOPPED", "maxResults": PAGE}
    arns = client("ecs").list_tasks(cluster=cluster, **which)["taskArns"]
    if not arns:
        return {}
    found = client("ecs").describe_tasks(cluster=cluster, tasks=arns)["tasks"]
    own = [task for task in found if task.get("startedBy") == deployment]
    own.sort(key=lambda task: task["stoppingAt"] if "stoppingAt" in task else task["createdAt"])
    return {task["taskArn"]: "task stopped: " + "; ".join(_reasons(task)) for task in own[-NEWEST:]}


def _reasons(task: Found) -> Iterator[str]:
    if reason := task.get("stoppedReason"):
        yield reason
    for container in task.get("containers", ()):
        ended = f"exit code {container['exitCode']}" if container.get("exitCode") else ""
        said = ", ".join(filter(None, (ended, container.get("reason", ""))))
        if said and said != task.get("stoppedReason"):
            yield f"{container['name']}: {said}"


def _unhealthy(client: Client, service: Found, deployment: Found) -> dict[str, str]:
    """The targets that fail their checks while it goes on, and how."""
    groups = [b["targetGroupArn"] for b in service.get("loadBalancers", ()) if b.get("targetGroupArn")]
    told = {}
    for group in groups if deployment["runningCount"] else ():
        for target in client("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]:
            health, address = target["TargetHealth"], target["Target"]["Id"]
            if health["State"] == "unhealthy":
                reason = health.get("Description") or health.get("Reason", "")
                told[f"target {address}"] = f"target {address} is unhealthy: {reason}"
    return told


def _short(arn: str) -> str:
    return arn.rpartition("/")[2]
