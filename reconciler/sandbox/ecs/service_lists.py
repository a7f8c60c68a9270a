"""Describe services by name, and list them."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.servicediscovery import servicediscovery_backends

from reconciler.sandbox.ecs.answers import page, service_answer
from reconciler.sandbox.ecs.identifiers import check_in_cluster
from reconciler.sandbox.world import add


def install() -> None:
    for action in (describe_services, list_services, list_services_by_namespace):
        add(EC2ContainerServiceResponse, action.__name__, action)


def describe_services(response: Any) -> ActionResult:
    """Describe at most 10 services of any status, by name or ARN."""
    names = response._get_param("services", [])
    if not names:
        raise InvalidParameterException("Services cannot be empty.")
    if len(names) > 10:  # noqa: PLR2004 - AWS's limit
        raise InvalidParameterException("services can have at most 10 items.")
    ecs = response.ecs_backend
    cluster = ecs._get_cluster(response._get_param("cluster", "default"))
    check_in_cluster(cluster, names)
    tags = "TAGS" in response._get_param("include", [])
    prefix = cluster.arn.replace(":cluster/", ":service/")
    asked = {f"{prefix}/{name.rpartition('/')[2]}": name.rpartition("/")[2] for name in names}
    found = {arn: ecs.services.get(f"{cluster.name}:{name}") for arn, name in asked.items()}
    return ActionResult(
        {
            "services": [service_answer(service, tags=tags) for service in found.values() if service],
            "failures": [{"arn": arn, "reason": "MISSING"} for arn, service in found.items() if not service],
        }
    )


def list_services(response: Any) -> ActionResult:
    """List the ARNs of ACTIVE services. DRAINING ones must be described by name (design.md; many tools)."""
    cluster = response.ecs_backend._get_cluster(response._get_param("cluster", "default"))
    asked = {k: response._get_param(k) for k in ("launchType", "schedulingStrategy") if response._get_param(k)}
    arns = [
        service.arn
        for service in response.ecs_backend.services.values()
        if service.cluster_name == cluster.name and service.status == "ACTIVE"
        if all(service.fields.get(key) == value for key, value in asked.items())
    ]
    return page(response, "serviceArns", sorted(arns), 10)


def list_services_by_namespace(response: Any) -> ActionResult:
    """List the services that use Service Connect in a namespace: none, as it is not played."""
    answer = page(response, "serviceArns", [], 10)
    ecs, name = response.ecs_backend, response._get_param("namespace").rpartition("/")[2]
    discovery = servicediscovery_backends[ecs.account_id][ecs.region_name]
    if not any(name in (namespace.id, namespace.name) for namespace in discovery.list_namespaces()):
        raise ECSException("NamespaceNotFoundException", "The specified namespace wasn't found.")
    return answer
