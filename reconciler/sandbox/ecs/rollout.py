"""Advance services in time: tasks start, fail and stop, deployments are replaced, deleted services drain.

A service is advanced from moment to moment. At each moment, every function of STEPS does what is due, and
returns whether it did anything. They are repeated until none did. Then follows the next due moment.
"""

from collections.abc import Callable, Iterator

from moto.ecs import ecs_backends

from reconciler.sandbox.ecs.deployments import add_event, complete_deployment
from reconciler.sandbox.ecs.failed_tasks import stop_failed_tasks
from reconciler.sandbox.ecs.model import Service
from reconciler.sandbox.ecs.one_off_tasks import advance_one_off_tasks
from reconciler.sandbox.ecs.scheduler import scale
from reconciler.sandbox.ecs.task_network import release_task
from reconciler.sandbox.ecs.traffic import register_task
from reconciler.sandbox.eventbridge.ecs_events import tell_action, tell_task
from reconciler.sandbox.world import current

NEVER = float("inf")


def catch_up() -> None:
    """Bring every service and every task of every account and region up to the present moment."""
    advance_one_off_tasks()
    now = current().clock.now()
    for _, _, ecs in list(ecs_backends.iter_backends()):
        for service in list(ecs.services.values()):
            _advance(service, now)


def last_deployment(account_id: str) -> float:
    """Return the moment at which the newest present deployment of the account began; -1 if there is none."""
    return max(
        (
            deployment.created
            for account, _, ecs in list(ecs_backends.iter_backends())
            for service in ecs.services.values()
            for deployment in service.deployments
            if account == account_id
        ),
        default=-1.0,
    )


def _advance(service: Service, now: float) -> None:
    if service.scaled_to != service.desired_count:
        service.next_moment = min(service.next_moment, now)
    while service.next_moment <= now:
        at = service.next_moment
        while any([step(service, at) for step in STEPS]):  # noqa: C419 - every step has its turn
            continue
        service.next_moment = min((moment for moment in _moments(service) if moment > at), default=NEVER)


def _moments(service: Service) -> Iterator[float]:
    """Yield the moments at which something is or was due."""
    for task in service.tasks():
        yield from (task.running, task.healthy, task.stopped, task.failure.at if task.failure else NEVER)
        yield task.protected_until
    for deployment in service.deployments:
        yield deployment.retry
        if deployment.settled is not None:
            yield deployment.settled + current().profile.deployment_settles
    yield service.drained


def _release_stopped_tasks(service: Service, at: float) -> bool:
    stopped = [task for task in service.tasks() if task.stopped <= at]
    for task in stopped:
        release_task(task)
        tell_task(task, "STOPPED", at)
    for deployment in service.deployments:
        deployment.tasks = [task for task in deployment.tasks if not task.released]
    return bool(stopped)


def _register_running_tasks(service: Service, at: float) -> bool:
    started = [
        task
        for deployment in service.deployments
        for task in deployment.alive
        if task.registered is None and task.running <= at
    ]
    for task in started:
        register_task(service, task, at)
        tell_task(task, "RUNNING", at)
    for arn in {balancer.get("targetGroupArn") for task in started for balancer in task.balancers}:
        add_event(service, at, f"registered {len(started)} targets in (target-group {arn})")
    return bool(started)


def _complete_deployment(service: Service, at: float) -> bool:
    """Complete the PRIMARY deployment once its tasks are healthy, older ones have stopped, and it settled."""
    if not service.deployments or service.status != "ACTIVE":
        return False
    primary, *former = service.deployments
    healthy = [task for task in primary.alive if task.healthy <= at]
    as_desired = len(healthy) == len(primary.alive) == service.desired_count
    if primary.state == "FAILED" or not as_desired or any(deployment.tasks for deployment in former):
        primary.settled = None
        return False
    if primary.state == "COMPLETED":
        if not service.steady:
            service.steady = True
            add_event(service, at, "has reached a steady state.")
            tell_action(service, "SERVICE_STEADY_STATE", at)
        return False
    primary.settled = at if primary.settled is None else primary.settled
    if at < primary.settled + current().profile.deployment_settles:
        return False
    complete_deployment(service, primary, at)
    return True


def _end_draining(service: Service, at: float) -> bool:
    if service.status != "DRAINING" or at < service.drained or any(True for _ in service.tasks()):
        return False
    service.status = "INACTIVE"
    service.deployments = []
    return True


Step = Callable[[Service, float], bool]
STEPS: tuple[Step, ...] = (
    _release_stopped_tasks,
    stop_failed_tasks,
    _register_running_tasks,
    scale,
    _complete_deployment,
    _end_draining,
)
