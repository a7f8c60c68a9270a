"""Stop failed tasks, and delay their deployments or break their circuits."""

from math import ceil

from reconciler.sandbox.ecs.deployments import add_event, break_circuit
from reconciler.sandbox.ecs.model import Deployment, Failure, Service, Task
from reconciler.sandbox.ecs.tasks import stop_task


def stop_failed_tasks(service: Service, at: float) -> bool:
    """Stop the tasks whose failure is due; break or delay their deployments. Return whether any failed."""
    failed = False
    for deployment in service.deployments:
        over = [(task, f) for task in deployment.alive if (f := task.failure) is not None and f.at <= at]
        for task, failure in over:
            _end_task(service, task, failure, at)
        deployment.failed_tasks += len(over)
        if over:
            failed = True
            _break_or_delay(service, deployment, at)
    return failed


def _end_task(service: Service, task: Task, failure: Failure, at: float) -> None:
    """Stop a failed task: at once if it never had traffic, otherwise after its connections have drained."""
    stop_task(service, task, at, failure.stop_code, failure.stopped_reason)
    if task.registered is None:
        task.stopped = at
    else:
        add_event(service, at, f"(task {task.id}) is unhealthy due to (reason {failure.stopped_reason}).")


def _break_or_delay(service: Service, deployment: Deployment, at: float) -> None:
    """Break the circuit of a deployment with too many failed tasks, or delay its next tasks without a breaker.

    The breaker's threshold is half the desired count, 3 at least and 200 at most (ECS developer guide). Without
    a breaker the scheduler tries again at longer and longer intervals of up to 27 minutes.
    """
    breaker = service.fields["deploymentConfiguration"].get("deploymentCircuitBreaker", {})
    threshold = min(max(ceil(service.desired_count * 0.5), 3), 200)
    rolling = deployment is service.deployments[0] and deployment.state == "IN_PROGRESS"
    if not (rolling and breaker.get("enable")):
        deployment.retry = at + min(15 * 2 ** min(deployment.failed_tasks // 3, 7), 1620)
        add_event(service, at, "is unable to consistently start tasks successfully.")
    elif deployment.failed_tasks >= threshold:
        break_circuit(service, deployment, at)
