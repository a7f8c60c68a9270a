"""The turns of a deployment: begun, completed, failed, rolled back; each told in events and service deployments."""

from typing import Any

from moto.moto_api._internal import mock_random

from reconciler.sandbox.ecs.model import Deployment, Service, ServiceDeployment, number
from reconciler.sandbox.ecs.revisions import record_revision, revision_arn
from reconciler.sandbox.ecs.tasks import pin_images, stop
from reconciler.sandbox.world import current

# What a deployment is made of: changing any of these starts one (ECS API reference, UpdateService).
DEPLOYED = (
    "taskDefinition",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "platformFamily",
    "networkConfiguration",
    "loadBalancers",
    "serviceRegistries",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
)


def say(service: Service, at: float, message: str) -> None:
    """An event of the service, newest first; AWS keeps a hundred."""
    event = {
        "id": str(mock_random.uuid4()),
        "createdAt": current().clock.date(at),
        "message": f"(service {service.name}) {message}",
    }
    service.events = [event, *service.events[:99]]


def begin(service: Service, at: float) -> Deployment:
    """A new PRIMARY deployment of the service's present fields. One still under way is superseded."""
    supersede(service, at, "Service deployment was superseded by a newer one.")
    deployment = _primary(service, {k: service.fields[k] for k in DEPLOYED if k in service.fields}, at)
    arn = f"{service.arn.replace(':service/', ':service-deployment/')}/{mock_random.get_random_hex(21)}"
    sources = [former.number for former in service.deployments[1:]]
    service.history.insert(0, ServiceDeployment(arn, deployment.number, sources, at))
    return deployment


def supersede(service: Service, at: float, reason: str) -> None:
    """Nobody waits any more for what was under way."""
    for record in service.history:
        if record.finished is None:
            _finish(record, at, "STOPPED", reason)


def _primary(
    service: Service, fields: dict[str, Any], at: float, digests: dict[str, str] | None = None
) -> Deployment:
    deployment = Deployment(number(), fields, at, updated=at, digests=dict(digests or {}))
    deployment.reason = f"ECS deployment {deployment.id} in progress."
    service.deployments.insert(0, deployment)
    record_revision(service, deployment, pin_images(service, deployment), at)
    service.wake = at
    service.steady = False
    return deployment


def complete(service: Service, primary: Deployment, at: float) -> None:
    """The deployment has come to its end well; what it was to replace is forgotten."""
    _turn(primary, at, "COMPLETED", f"ECS deployment {primary.id} completed.")
    say(service, at, f"(deployment {primary.id}) deployment completed.")
    service.deployments = [primary]
    service.completed = primary
    if primary.rollback:
        _finish(service.history[0], at, "ROLLBACK_SUCCESSFUL", service.history[0].reason)
    elif service.history[0].finished is None:
        _finish(service.history[0], at, "SUCCESSFUL", "")


def break_circuit(service: Service, failed: Deployment, at: float) -> None:
    """Stop a deployment whose tasks keep failing; go back to the last completed one, if asked to and there is one."""
    said = "tasks failed to start."
    _turn(failed, at, "FAILED", f"ECS deployment circuit breaker: {said}")
    say(service, at, f"(deployment {failed.id}) deployment failed: {said}")
    for task in failed.alive:
        stop(service, task, at, "ServiceSchedulerInitiated", f"Scaling activity initiated by ({failed.id})")
    record = service.history[0]
    breaker = service.fields["deploymentConfiguration"]["deploymentCircuitBreaker"]
    if failed.rollback or not breaker.get("rollback") or service.completed is None:
        _finish(record, at, "ROLLBACK_FAILED" if failed.rollback else "STOPPED", failed.reason)
        return
    roll_back(service, service.completed, at, "ECS deployment circuit breaker")
    record.reason = failed.reason


def roll_back(service: Service, target: Deployment, at: float, cause: str) -> None:
    """A new deployment of what ran before: a revision of its own, under the id of the failed service deployment."""
    service.fields = {k: v for k, v in service.fields.items() if k not in DEPLOYED} | target.fields
    primary = _primary(service, dict(target.fields), at, target.digests)
    primary.rollback = True
    primary.reason = f"{cause}: rolling back to deploymentId {target.id}"
    say(service, at, f"rolling back to deployment {target.id}.")
    record = service.history[0]
    record.status = "ROLLBACK_IN_PROGRESS"
    record.rollback = {
        "reason": primary.reason,
        "startedAt": current().clock.date(at),
        "serviceRevisionArn": revision_arn(service, target.number),
    }


def halt(service: Service, record: ServiceDeployment, at: float, *, rollback: bool) -> None:
    """Stop a deployment that is under way, on request: by going back, or by leaving things as they are."""
    if rollback and service.completed is not None:
        roll_back(
            service, service.completed, at, "Service deployment rolled back because of StopServiceDeployment"
        )
        record.reason = "Service deployment was stopped by a StopServiceDeployment request."
        return
    primary = service.deployments[0]
    _turn(primary, at, "FAILED", "ECS deployment was stopped.")
    _finish(record, at, "STOPPED", "Service deployment was stopped by a StopServiceDeployment request.")


def _turn(deployment: Deployment, at: float, state: str, reason: str) -> None:
    deployment.state = state
    deployment.reason = reason
    deployment.updated = at


def _finish(record: ServiceDeployment, at: float, status: str, reason: str) -> None:
    record.status = status
    record.reason = reason
    record.finished = at
