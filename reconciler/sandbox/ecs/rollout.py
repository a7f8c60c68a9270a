"""Services as time passes: tasks start, fail and stop, deployments replace one another, deleted services drain.

Each act does what is due at one moment and says whether it did anything; a moment is over when no act did.
"""

from collections.abc import Callable, Iterator
from math import ceil

from moto.ecs import ecs_backends

from reconciler.sandbox.ecs.deployments import break_circuit, complete, say
from reconciler.sandbox.ecs.model import Deployment, Failure, Service, Task
from reconciler.sandbox.ecs.tasks import launch, release, stop
from reconciler.sandbox.ecs.traffic import enter
from reconciler.sandbox.world import current

NEVER = float("inf")


def catch_up() -> None:
    """Bring every service of every account and region up to the present moment."""
    now = current().clock.now()
    for _, _, ecs in list(ecs_backends.iter_backends()):
        for service in list(ecs.services.values()):
            _advance(service, now)


def _advance(service: Service, now: float) -> None:
    if service.counted != service.desired_count:
        service.wake = min(service.wake, now)
    while service.wake <= now:
        at = service.wake
        while any([act(service, at) for act in ACTS]):  # noqa: C419 - every act has its turn
            continue
        service.wake = min((moment for moment in _moments(service) if moment > at), default=NEVER)


def _moments(service: Service) -> Iterator[float]:
    for task in service.tasks():
        yield from (task.running, task.healthy, task.stopped, task.failure.at if task.failure else NEVER)
    for deployment in service.deployments:
        yield deployment.retry
        if deployment.settled is not None:
            yield deployment.settled + current().profile.deployment_settles
    yield service.drained


def _close(service: Service, at: float) -> bool:
    over = [task for task in service.tasks() if task.stopped <= at]
    for task in over:
        release(service, task)
    for deployment in service.deployments:
        deployment.tasks = [task for task in deployment.tasks if not task.closed]
    return bool(over)


def _fail(service: Service, at: float) -> bool:
    failed = False
    for deployment in service.deployments:
        over = [(task, f) for task in deployment.alive if (f := task.failure) is not None and f.at <= at]
        for task, failure in over:
            _end(service, task, failure, at)
        deployment.failed_tasks += len(over)
        if over:
            failed = True
            _punish(service, deployment, at)
    return failed


def _end(service: Service, task: Task, failure: Failure, at: float) -> None:
    stop(service, task, at, failure.stop_code, failure.stopped_reason)
    if task.registered is None:
        task.stopped = at
    else:
        say(service, at, f"(task {task.id}) is unhealthy due to (reason {failure.stopped_reason}).")


def _punish(service: Service, deployment: Deployment, at: float) -> None:
    """The circuit breaker's threshold is half the desired count, 3 at least and 200 at most (ECS developer guide).

    Where none watches, the scheduler tries again, at longer and longer intervals of up to 27 minutes.
    """
    breaker = service.fields["deploymentConfiguration"].get("deploymentCircuitBreaker", {})
    threshold = min(max(ceil(service.desired_count * 0.5), 3), 200)
    rolling = deployment is service.deployments[0] and deployment.state == "IN_PROGRESS"
    if not (rolling and breaker.get("enable")):
        deployment.retry = at + min(15 * 2 ** min(deployment.failed_tasks // 3, 7), 1620)
        say(service, at, "is unable to consistently start tasks successfully.")
    elif deployment.failed_tasks >= threshold:
        break_circuit(service, deployment, at)


def _start(service: Service, at: float) -> bool:
    started = [
        task
        for deployment in service.deployments
        for task in deployment.alive
        if task.registered is None and task.running <= at
    ]
    for task in started:
        enter(service, task, at)
    for arn in {balancer.get("targetGroupArn") for task in started for balancer in task.balancers}:
        say(service, at, f"registered {len(started)} targets in (target-group {arn})")
    return bool(started)


def _scale(service: Service, at: float) -> bool:
    service.counted = service.desired_count
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
    stopped = _stop(service, _surplus(primary, old, wanted, least, at), at)
    launched = _launch(service, primary, min(missing, room), at)
    return stopped or launched


def _surplus(primary: Deployment, old: list[Task], wanted: int, least: int, at: float) -> list[Task]:
    """Tasks to stop: of former deployments as new ones get healthy (sooner, if there is no room for new ones)."""
    keep = max(least - sum(task.healthy <= at for task in primary.alive), 0)
    former = sorted(old, key=lambda task: (task.healthy, task.created))[keep:]
    return former + sorted(primary.alive, key=lambda task: (task.healthy, task.created))[wanted:]


def _percent(service: Service, name: str) -> int:
    return int(service.fields["deploymentConfiguration"][name])


def _stop(service: Service, surplus: list[Task], at: float) -> bool:
    for task in surplus:
        stop(
            service, task, at, "ServiceSchedulerInitiated", f"Scaling activity initiated by ({task.started_by})"
        )
    if surplus:
        service.steady = False
        say(service, at, f"has stopped {len(surplus)} running tasks: {_named(surplus)}.")
    return bool(surplus)


def _launch(service: Service, primary: Deployment, count: int, at: float) -> bool:
    if count <= 0 or at < primary.retry:
        return False
    launched = [launch(service, primary, at) for _ in range(count)]
    service.steady = False
    say(service, at, f"has started {count} tasks: {_named(launched)}.")
    return True


def _named(tasks: list[Task]) -> str:
    return " ".join(f"(task {task.id})" for task in tasks)


def _settle(service: Service, at: float) -> bool:
    if not service.deployments or service.status != "ACTIVE":
        return False
    primary, *former = service.deployments
    healthy = [task for task in primary.alive if task.healthy <= at]
    as_wanted = len(healthy) == len(primary.alive) == service.desired_count
    if primary.state == "FAILED" or not as_wanted or any(deployment.tasks for deployment in former):
        primary.settled = None
        return False
    if not service.steady:
        service.steady = True
        say(service, at, "has reached a steady state.")
    if primary.state == "COMPLETED":
        return False
    primary.settled = at if primary.settled is None else primary.settled
    if at < primary.settled + current().profile.deployment_settles:
        return False
    complete(service, primary, at)
    return True


def _drain(service: Service, at: float) -> bool:
    if service.status != "DRAINING" or at < service.drained or any(True for _ in service.tasks()):
        return False
    service.status = "INACTIVE"
    service.deployments = []
    return True


Act = Callable[[Service, float], bool]
ACTS: tuple[Act, ...] = (_close, _fail, _start, _scale, _settle, _drain)
