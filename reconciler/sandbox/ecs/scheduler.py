"""The service scheduler: it launches and stops tasks until the PRIMARY deployment runs the desired count."""

from math import ceil

from reconciler.sandbox.ecs.checks import on_fargate
from reconciler.sandbox.ecs.deployments import add_event
from reconciler.sandbox.ecs.model import Deployment, Service, Task
from reconciler.sandbox.ecs.tasks import launch_task, stop_task
from reconciler.sandbox.ecs.traffic_events import format_tasks, tell_stopped


def scale(service: Service, at: float) -> bool:
    """Launch and stop tasks within minimumHealthyPercent and maximumPercent. Return whether there were any."""
    service.scaled_to = service.desired_count
    if not service.deployments:
        return False
    primary, *former = service.deployments
    wanted = service.desired_count if service.status == "ACTIVE" else 0
    missing = wanted - len(primary.alive) if primary.state != "FAILED" else 0
    old = [task for deployment in former for task in deployment.alive]
    room = int(wanted * _percent(service, "maximumPercent") / 100) - len(primary.alive) - len(old)
    least = (
        ceil(wanted * _percent(service, "minimumHealthyPercent") / 100) if missing > max(room, 0) else wanted
    )
    stopped = _stop_tasks(service, _select_tasks_to_stop(primary, old, wanted, least, at), at)
    launched = _launch_tasks(service, primary, min(missing, room), at)
    return stopped or launched


def _percent(service: Service, name: str) -> int:
    return int(service.fields["deploymentConfiguration"][name])


def _select_tasks_to_stop(
    primary: Deployment, old: list[Task], wanted: int, least: int, at: float
) -> list[Task]:
    """Return the tasks to stop: old ones that `least` healthy tasks do not need, new ones above `wanted`."""
    keep = max(least - sum(task.healthy <= at for task in primary.alive), 0)
    former = sorted(old, key=lambda task: _stays(task, at))[keep:]
    surplus = sorted(primary.alive, key=lambda task: _stays(task, at))[wanted:]
    return [task for task in former + surplus if task.protected_until <= at]


def _stays(task: Task, at: float) -> tuple[bool, float, float]:
    """Return the key by which tasks are kept: protected ones first, then those that were healthy first."""
    return (task.protected_until <= at, task.healthy, task.created)


def _stop_tasks(service: Service, tasks: list[Task], at: float) -> bool:
    for task in tasks:
        reason = f"Scaling activity initiated by (deployment {task.started_by})"
        stop_task(service, task, at, "ServiceSchedulerInitiated", reason)
    if tasks:
        service.steady = False
        tell_stopped(service, tasks, at)
    return bool(tasks)


def _launch_tasks(service: Service, primary: Deployment, count: int, at: float) -> bool:
    if count <= 0 or at < primary.retry:
        return False
    if not on_fargate(primary.fields):
        _tell_that_no_instance_fits(service, at)
        return False
    launched = [launch_task(service, primary, at) for _ in range(count)]
    service.steady = False
    add_event(service, at, f"has started {count} tasks: {format_tasks(launched)}.")
    return True


def _tell_that_no_instance_fits(service: Service, at: float) -> None:
    """Add the event about tasks that wait for an instance, once: there are none here."""
    message = (
        "was unable to place a task because no container instance met all of its requirements. Reason: No Container "
        "Instances were found in your cluster."
    )
    if not any(event["message"].endswith(message) for event in service.events):
        add_event(service, at, message)
