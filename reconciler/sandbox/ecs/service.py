"""Services as in ECS: every field is stored and shown, with ECS's defaults; deleted services drain."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException, InvalidParameterException, ServiceNotFoundException
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.answers import service_answer
from reconciler.sandbox.ecs.checks import check_create, check_service
from reconciler.sandbox.ecs.deployments import DEPLOYED_FIELDS, begin_deployment, stop_records
from reconciler.sandbox.ecs.identifiers import check_in_cluster
from reconciler.sandbox.ecs.model import Service
from reconciler.sandbox.ecs.not_played import refuse_not_played
from reconciler.sandbox.ecs.service_fields import (
    CAPACITY_FIELDS,
    changed_fields,
    normalize_service,
    with_defaults,
)
from reconciler.sandbox.ecs.service_values import check_count, check_values, require_count
from reconciler.sandbox.world import add, current

# Parameters that are no fields of a service.
_NOT_FIELDS = {
    "cluster",
    "service",
    "serviceName",
    "desiredCount",
    "tags",
    "clientToken",
    "forceNewDeployment",
    "role",
}


def install() -> None:
    for action in (create_service, update_service, delete_service):
        add(EC2ContainerServiceResponse, action.__name__, action)


def create_service(response: Any) -> ActionResult:
    """Create a service and begin its first deployment. The name of an INACTIVE service can be reused."""
    ecs = response.ecs_backend
    sent = response._get_params()
    check_create(sent["serviceName"], sent.get("tags", []))
    refuse_not_played(sent)
    check_values(sent)
    cluster = ecs._get_cluster(sent.get("cluster", "default"))
    wanted = normalize_service(ecs, sent)
    key = f"{cluster.name}:{sent['serviceName']}"
    existing = ecs.services.get(key)
    if existing is not None and existing.status != "INACTIVE":
        return ActionResult({"service": service_answer(_same_or_refuse(existing, wanted))})
    fields = with_defaults(ecs, cluster, {k: v for k, v in wanted.items() if k not in _NOT_FIELDS})
    check_count(fields, sent)
    require_count(fields, sent)
    check_service(ecs, cluster, fields, sent=set(sent))
    now = current().clock.now()
    prefix = cluster.arn.replace(":cluster/", ":service/")
    service = Service(
        account_id=ecs.account_id,
        region_name=ecs.region_name,
        name=sent["serviceName"],
        cluster_name=cluster.name,
        cluster_arn=cluster.arn,
        arn=f"{prefix}/{sent['serviceName']}",
        sent=wanted,
        fields=fields,
        desired_count=sent.get("desiredCount", 0),
        created=now,
        tags=sent.get("tags", []),
    )
    ecs.services[key] = service
    begin_deployment(service, now)
    return ActionResult({"service": service_answer(service)})


def _same_or_refuse(existing: Service, wanted: dict[str, Any]) -> Service:
    """Return the existing service for an identical create; refuse any other (terraform-provider-aws#2283)."""
    if existing.status == "DRAINING":
        raise InvalidParameterException("Unable to Start a service that is still Draining.")
    if existing.sent != wanted:
        raise InvalidParameterException("Creation of service was not idempotent.")
    return existing


def update_service(response: Any) -> ActionResult:
    """Update fields and count.

    Only a change of a field of `DEPLOYED_FIELDS`, or forceNewDeployment, begins a deployment.
    """
    ecs = response.ecs_backend
    sent = response._get_params()
    service = _service(ecs, sent.get("cluster", "default"), sent["service"])
    if service.status != "ACTIVE":
        raise ECSException("ServiceNotActiveException", "Service was not ACTIVE.")
    refuse_not_played(sent)
    check_values(sent)
    check_count(service.fields, sent)
    changes = {k: v for k, v in normalize_service(ecs, sent).items() if k not in _NOT_FIELDS}
    fields = changed_fields(ecs, service.fields, changes)
    if changes:
        check_service(ecs, ecs._get_cluster(service.cluster_name), fields, sent=set(changes), updated=True)
    deploys = any(fields.get(k) != service.fields.get(k) for k in DEPLOYED_FIELDS if k not in CAPACITY_FIELDS)
    service.fields = fields
    service.desired_count = sent.get("desiredCount", service.desired_count)
    if deploys or sent.get("forceNewDeployment"):
        begin_deployment(service, current().clock.now())
    return ActionResult({"service": service_answer(service)})


def delete_service(response: Any) -> ActionResult:
    """Make a service DRAINING, and INACTIVE once its tasks have stopped. Above 0 tasks this needs `force`."""
    service = _service(
        response.ecs_backend, response._get_param("cluster", "default"), response._get_param("service")
    )
    if service.status == "INACTIVE":
        raise ServiceNotFoundException
    replica = service.scheduling_strategy == "REPLICA"
    if service.desired_count > 0 and replica and not response._get_param("force", False):
        raise InvalidParameterException("The service cannot be stopped while it is scaled above 0.")
    if service.status == "ACTIVE":
        service.status = "DRAINING"
        service.desired_count = 0
        now = service.next_moment = current().clock.now()
        service.drained = now + current().profile.drain
        stop_records(service, now, "The service was deleted.")
    return ActionResult({"service": service_answer(service)})


def _service(ecs: Any, cluster: str, name: str) -> Service:
    check_in_cluster(ecs._get_cluster(cluster), [name])
    found: Service = ecs._get_service(cluster, name.rpartition("/")[2])
    return found
