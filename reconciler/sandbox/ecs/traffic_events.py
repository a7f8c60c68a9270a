"""What ECS's service events tell of tasks that stop, in ECS's words (ECS developer guide, service events)."""

from collections import Counter

from reconciler.sandbox.ecs.deployments import add_event
from reconciler.sandbox.ecs.model import Service, Task


def tell_stopped(service: Service, tasks: list[Task], at: float) -> None:
    """Add the events of tasks that are ordered to stop: of themselves, their targets, their connections.

    That is their order in events that were recorded of AWS.
    """
    running = [task for task in tasks if task.registered is not None]
    if running:
        add_event(service, at, f"has stopped {len(running)} running tasks: {format_tasks(running)}.")
    for arn in service_groups(tasks):
        count = sum(arn in service_groups([task]) for task in tasks)
        add_event(service, at, f"deregistered {count} targets in (target-group {arn})")
    draining = Counter(task.started_by for task in tasks if service_groups([task]))
    for deployment, count in draining.items():
        add_event(service, at, f"has begun draining connections on {count} tasks.", task_set=deployment)


def service_groups(tasks: list[Task]) -> list[str]:
    """Return the ARNs of the target groups in which these tasks were registered, each once."""
    arns = [
        str(balancer["targetGroupArn"])
        for task in tasks
        if task.registered is not None
        for balancer in task.balancers
        if "targetGroupArn" in balancer
    ]
    return list(dict.fromkeys(arns))


def format_tasks(tasks: list[Task]) -> str:
    """Return the tasks as events name them."""
    return " ".join(f"(task {task.id})" for task in tasks)
