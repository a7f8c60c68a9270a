"""Begin, complete, fail and roll back deployments, and record them in events and service deployments."""

from typing import Any

from moto.moto_api._internal import mock_random

from reconciler.sandbox.ecs.model import Deployment, Service, ServiceDeployment
from reconciler.sandbox.ecs.revisions import record_revision, revision_arn
from reconciler.sandbox.ecs.tasks import pin_images, stop_task
from reconciler.sandbox.eventbridge.ecs_events import tell_deployment
from reconciler.sandbox.world import current

# The fields of a service that belong to a deployment: a change of one starts a deployment (ECS API reference,
# UpdateService).
DEPLOYED_FIELDS = (
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


def add_event(service: Service, at: float, message: str, *, task_set: str = "") -> None:
    """Add an event to the service, newest first; the last hundred are kept, as AWS does.

    Some events name the task set, which is the id of the deployment.
    """
    event = {
        "id": str(mock_random.uuid4()),
        "createdAt": current().clock.date(at),
        "message": f"(service {service.name}{f', taskSet {task_set}' if task_set else ''}) {message}",
    }
    service.events = [event, *service.events[:99]]


def begin_deployment(service: Service, at: float) -> Deployment:
    """Begin a PRIMARY deployment of the service's present fields. It supersedes one that is under way."""
    stop_records(service, at, "Service deployment was superseded by a newer one.")
    deployment = _add_primary(
        service, {k: service.fields[k] for k in DEPLOYED_FIELDS if k in service.fields}, at
    )
    arn = f"{service.arn.replace(':service/', ':service-deployment/')}/{mock_random.get_random_hex(21)}"
    sources = [former.number for former in service.deployments[1:]]
    service.history.insert(0, ServiceDeployment(arn, deployment.number, sources, at))
    return deployment


def stop_records(service: Service, at: float, reason: str) -> None:
    """Mark the service deployments that are under way as STOPPED, for this reason."""
    for record in service.history:
        if record.finished is None:
            _finish_record(record, at, "STOPPED", reason)


def _add_primary(
    service: Service, fields: dict[str, Any], at: float, digests: dict[str, str] | None = None
) -> Deployment:
    number = str(mock_random.randint(10**18, 10**19 - 1))
    deployment = Deployment(number, fields, at, updated=at, digests=dict(digests or {}))
    deployment.reason = f"ECS deployment {deployment.id} in progress."
    service.deployments.insert(0, deployment)
    record_revision(service, deployment, pin_images(service, deployment), at)
    service.next_moment = at
    service.steady = False
    tell_deployment(service, deployment, "SERVICE_DEPLOYMENT_IN_PROGRESS", at)
    return deployment


def complete_deployment(service: Service, primary: Deployment, at: float) -> None:
    """Mark the deployment as COMPLETED and drop the deployments that it has replaced."""
    _set_state(primary, at, "COMPLETED", f"ECS deployment {primary.id} completed.")
    add_event(service, at, f"(deployment {primary.id}) deployment completed.")
    tell_deployment(service, primary, "SERVICE_DEPLOYMENT_COMPLETED", at)
    service.deployments = [primary]
    service.completed = primary
    if primary.rollback:
        _finish_record(service.history[0], at, "ROLLBACK_SUCCESSFUL", service.history[0].reason)
    elif service.history[0].finished is None:
        _finish_record(service.history[0], at, "SUCCESSFUL", "")


def break_circuit(service: Service, failed: Deployment, at: float) -> None:
    """Fail a deployment whose tasks keep failing; roll back to the last completed one if that is enabled."""
    cause = "tasks failed to start."
    _set_state(failed, at, "FAILED", f"ECS deployment circuit breaker: {cause}")
    add_event(service, at, f"(deployment {failed.id}) deployment failed: {cause}")
    tell_deployment(service, failed, "SERVICE_DEPLOYMENT_FAILED", at)
    for task in failed.alive:
        stop_task(
            service,
            task,
            at,
            "ServiceSchedulerInitiated",
            f"Scaling activity initiated by (deployment {failed.id})",
        )
    record = service.history[0]
    breaker = service.fields["deploymentConfiguration"]["deploymentCircuitBreaker"]
    if failed.rollback or not breaker.get("rollback") or service.completed is None:
        _finish_record(record, at, "ROLLBACK_FAILED" if failed.rollback else "STOPPED", failed.reason)
        return
    roll_back(service, service.completed, at, "ECS deployment circuit breaker")
    record.reason = failed.reason


def roll_back(service: Service, target: Deployment, at: float, cause: str) -> None:
    """Begin a deployment of `target`'s fields, a new revision; the failed service deployment records it."""
    service.fields = {k: v for k, v in service.fields.items() if k not in DEPLOYED_FIELDS} | target.fields
    primary = _add_primary(service, dict(target.fields), at, target.digests)
    primary.rollback = True
    primary.reason = f"{cause}: rolling back to deploymentId {target.id}"
    add_event(service, at, f"rolling back to deployment {target.id}.")
    record = service.history[0]
    record.status = "ROLLBACK_IN_PROGRESS"
    record.rollback = {
        "reason": primary.reason,
        "startedAt": current().clock.date(at),
        "serviceRevisionArn": revision_arn(service, target.number),
    }


def stop_deployment(service: Service, record: ServiceDeployment, at: float, *, rollback: bool) -> None:
    """Stop a deployment under way, as StopServiceDeployment does: roll back, or leave the tasks as they are."""
    if rollback and service.completed is not None:
        roll_back(
            service, service.completed, at, "Service deployment rolled back because of StopServiceDeployment"
        )
        record.reason = "Service deployment was stopped by a StopServiceDeployment request."
        return
    primary = service.deployments[0]
    _set_state(primary, at, "FAILED", "ECS deployment was stopped.")
    _finish_record(record, at, "STOPPED", "Service deployment was stopped by a StopServiceDeployment request.")


def _set_state(deployment: Deployment, at: float, state: str, reason: str) -> None:
    deployment.state = state
    deployment.reason = reason
    deployment.updated = at


def _finish_record(record: ServiceDeployment, at: float, status: str, reason: str) -> None:
    record.status = status
    record.reason = reason
    record.finished = at
