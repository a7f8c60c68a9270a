"""Stop failed tasks, and delay their deployments or break their circuits."""

from math import ceil
from typing import Any

from reconciler.sandbox.ecs.deployments import add_event, break_circuit
from reconciler.sandbox.ecs.failures import blocked_balancers
from reconciler.sandbox.ecs.model import Deployment, Failure, Service, Task
from reconciler.sandbox.ecs.task_logs import log_end, log_start
from reconciler.sandbox.ecs.tasks import stop_task
from reconciler.sandbox.ecs.traffic_events import tell_stopped
from reconciler.sandbox.eventbridge.ecs_events import tell_action


def stop_failed_tasks(service: Service, at: float) -> bool:
    """Stop the tasks whose failure is due; break or delay their deployments. Return whether any failed."""
    failed = False
    for deployment in service.deployments:
        due = [(task, f) for task in deployment.alive if (f := task.failure) is not None and f.at <= at]
        over = [(task, failure) for task, failure in due if not _was_let_in(task, failure, at)]
        for task, failure in over:
            _end_task(service, task, failure, at)
        deployment.failed_tasks += len(over)
        if over:
            failed = True
            _break_or_delay(service, deployment, at)
    return failed


def _was_let_in(task: Task, failure: Failure, at: float) -> bool:
    """Tell whether a group that kept the load balancer out lets it in by now; then the task is healthy."""
    if not failure.blocked or blocked_balancers(task):
        return False
    task.failure, task.healthy = None, at
    return True


def _end_task(service: Service, task: Task, failure: Failure, at: float) -> None:
    """Stop a failed task: at once if it never had traffic, otherwise after its connections have drained."""
    stop_task(service, task, at, failure.stop_code, failure.stopped_reason)
    if task.registered is None:
        task.stopped = at
    if failure.exit_code is not None and task.registered is None:
        log_start(task, at)
        log_end(task, at)
    if words := _describe(task, failure):
        add_event(service, at, words)
    tell_stopped(service, [task], at)


def _describe(task: Task, failure: Failure) -> str:
    """Return the event of a failure; ECS tells none of a container that exited."""
    if failure.stopped_reason.startswith("ECS was unable to assume"):
        return f"failed to launch a task with (error {failure.stopped_reason})."
    if failure.stop_code == "TaskFailedToStart":
        return f"was unable to place a task. Reason: {failure.stopped_reason}."
    if failure.exit_code is not None:
        return ""
    group = next((b for b in task.balancers if b.get("targetGroupArn", "-") in failure.stopped_reason), None)
    if group is None:
        return f"(task {task.id}) failed container health checks."
    reason = "Request timed out" if failure.blocked else "Health checks failed with these codes: [503]"
    where = f"(task {task.id}) (port {group['containerPort']}) is unhealthy in (target-group {group['targetGroupArn']})"
    return f"{where} due to (reason {reason})"


def _break_or_delay(service: Service, deployment: Deployment, at: float) -> None:
    """Break the circuit of a deployment with too many failed tasks, or delay its next tasks without a breaker.

    Without a breaker the scheduler tries again at longer and longer intervals of up to 27 minutes.
    """
    breaker = service.fields["deploymentConfiguration"].get("deploymentCircuitBreaker", {})
    rolling = deployment is service.deployments[0] and deployment.state == "IN_PROGRESS"
    if not (rolling and breaker.get("enable")):
        deployment.retry = at + min(15 * 2 ** min(deployment.failed_tasks // 3, 7), 1620)
        add_event(service, at, "is unable to consistently start tasks successfully.")
        tell_action(service, "SERVICE_TASK_START_IMPAIRED", at)
    elif deployment.failed_tasks >= _threshold(service.desired_count, breaker):
        break_circuit(service, deployment, at)


def _threshold(desired_count: int, breaker: dict[str, Any]) -> int:
    """Return how many failed tasks break the circuit: a count, or a percentage of the desired count.

    A bounded one is 3 at least and 200 at most (ECS API reference, ThresholdConfiguration; developer guide).
    """
    threshold = breaker["thresholdConfiguration"]
    if threshold["type"] == "COUNT":
        return int(threshold["value"])
    share: int = max(ceil(desired_count * threshold["value"] / 100), 1)
    return share if threshold["type"] == "UNBOUNDED_PERCENT" else min(max(share, 3), 200)
