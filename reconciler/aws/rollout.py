"""Follow one deployment of an ECS service by its id, and report its progress.

botocore's `services_stable` is not used: it ignores `rolloutState`, so a completed rollback counts as success
(terraform-provider-aws#20858).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from reconciler.aws.calls import Client
from reconciler.aws.followed_services import Description, Followed, FollowedServices
from reconciler.aws.rollout_notes import PAGE_SIZE, read_events, read_stopped_tasks, read_unhealthy_targets
from reconciler.errors import RolloutFailed
from reconciler.model.newness import IN_FORCE_WITHIN
from reconciler.model.steps import NotYet, Outputs, Rollout

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


def poll(client: Client, step: Rollout, services: FollowedServices) -> Outputs | NotYet:
    """Return {} if the deployment is COMPLETED, else its progress.

    Raises `RolloutFailed` with AWS's reasons.
    """
    followed = services.follow(step)
    try:
        answer = _look(client, step, services, followed)
    except RolloutFailed:
        services.leave(followed)
        raise
    if not isinstance(answer, NotYet):
        services.leave(followed)
    return answer


def _look(client: Client, step: Rollout, services: FollowedServices, followed: Followed) -> Outputs | NotYet:
    service, wanted = services.describe(client, followed), step.params["deployment"]
    if service["status"] != "ACTIVE":
        return NotYet(f"the service is {service['status']}", patience=READ_LAG)
    deployment: Description | None = next((d for d in service["deployments"] if d["id"] == wanted), None)
    if deployment is None:
        return _find_ending(client, step, service, wanted)
    if _is_completed(deployment):
        return {}
    if deployment.get("rolloutState") == "FAILED":
        all_tasks = read_stopped_tasks(client, service, wanted) if deployment.get("failedTasks") else {}
        passes = _came_before_its_role(step, service, deployment["createdAt"], all_tasks)
        return _fail(service, wanted, deployment.get("rolloutStateReason"), all_tasks, passes=passes)
    if deployment["status"] != "PRIMARY":
        raise RolloutFailed(f"another deployment took its place; {_describe_service(service)}")
    tasks = _remember_stopped_tasks(client, service, deployment, followed)
    asks_health = deployment["runningCount"] and services.may_ask_health(followed)
    targets = read_unhealthy_targets(client, service) if asks_health else {}
    notes = {**dict(read_events(service, deployment)), **tasks, **targets}
    return NotYet(_describe_progress(deployment, tasks), notes=notes)


def _remember_stopped_tasks(
    client: Client, service: Description, deployment: Description, followed: Followed
) -> Mapping[str, str]:
    """Return why the deployment's tasks stopped. It is asked again when more have."""
    failed = deployment.get("failedTasks", 0)
    if failed and (failed != followed.failed_tasks or not followed.stopped_tasks):
        followed.stopped_tasks = read_stopped_tasks(client, service, deployment["id"])
        followed.failed_tasks = failed
    return followed.stopped_tasks if failed else {}


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
                tasks = read_stopped_tasks(client, service, wanted)
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


def _last_part(arn: str) -> str:
    return arn.rpartition("/")[2]
