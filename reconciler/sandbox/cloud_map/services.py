"""Cloud Map services: unique in a namespace, not deleted while they have instances, updated by operations."""

from typing import Any

from moto.servicediscovery.exceptions import ServiceNotFound
from moto.servicediscovery.models import Service, ServiceDiscoveryBackend

from reconciler.sandbox.cloud_map.operations import apply_finished, begin_operation, refuse, refuse_running
from reconciler.sandbox.cloud_map.service_checks import check_service
from reconciler.sandbox.cloud_map.tags import check_count
from reconciler.sandbox.world import add, wrap


def install() -> None:
    wrap(ServiceDiscoveryBackend, "create_service", _create)
    wrap(ServiceDiscoveryBackend, "delete_service", _delete)
    wrap(ServiceDiscoveryBackend, "get_service", _get)
    wrap(Service, "to_json", _to_json)
    add(ServiceDiscoveryBackend, "update_service", _update)


def _create(original: Any, discovery: Any, **wanted: Any) -> Any:
    apply_finished(discovery)
    dns = wanted["dns_config"] or {}
    wanted["namespace_id"] = wanted["namespace_id"] or dns.get("NamespaceId")
    if not wanted["namespace_id"]:
        raise refuse("InvalidInput", "Service namespace id cannot be null")
    check_count({}, wanted["tags"])
    namespace = discovery.get_namespace(wanted["namespace_id"])
    wanted["namespace_id"] = namespace.id
    check_service(namespace, wanted)
    _refuse_repeat(discovery, namespace, wanted["name"])
    if dns:
        dns = {"RoutingPolicy": "MULTIVALUE", **dns, "NamespaceId": namespace.id}
        wanted["dns_config"] = dns
    if wanted["health_check_custom_config"] is not None:
        wanted["health_check_custom_config"] = {"FailureThreshold": 1}  # always reads 1 (API reference)
    if wanted["health_check_config"]:
        wanted["health_check_config"] = _fill_health_check(wanted["health_check_config"])
    wanted["service_type"] = "DNS_HTTP" if dns else "HTTP"
    return original(discovery, **wanted)


def _fill_health_check(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the health check with its defaults (Cloud Map API reference; terraform-provider-aws)."""
    path = {} if sent["Type"] == "TCP" else {"ResourcePath": "/"}
    return {"FailureThreshold": 1, **path, **sent}


def _refuse_repeat(discovery: Any, namespace: Any, name: str) -> None:
    fold = str if namespace.type == "HTTP" else str.lower  # DNS ignores case
    wanted = fold(name), namespace.id
    found = (other for other in discovery.services.values() if (fold(other.name), other.namespace_id) == wanted)
    for service in found:
        members = {"ServiceId": service.id, "CreatorRequestId": service.creator_request_id}
        raise refuse(
            "ServiceAlreadyExists", f"A service with the name {service.name} exists already.", **members
        )


def _get(original: Any, discovery: Any, service_id: str) -> Any:
    try:
        return original(discovery, service_id)
    except ServiceNotFound:
        raise ServiceNotFound(f"The service {service_id} does not exist.") from None


def _delete(original: Any, discovery: Any, service_id: str) -> Any:
    service = discovery.get_service(service_id)
    if service.instances:
        message = f"Service {service_id} contains registered instances; delete the instances before deleting the service."
        raise refuse("ResourceInUse", message)
    discovery.tagger.delete_all_tags_for_resource(service.arn)
    return original(discovery, service_id)


def _update(discovery: Any, service_id: str, details: dict[str, Any]) -> str:
    """Begin the operation that changes TTLs and description.

    It deletes records and health checks that are not in the call (API reference). A service that is found by
    HTTP only cannot be updated at all (recorded).
    """
    service = discovery.get_service(service_id)
    if service.service_type == "HTTP":
        raise refuse("InvalidInput", f"The service {service_id} is found by HTTP only and cannot be updated.")
    wanted = details.get("DnsConfig", {}).get("DnsRecords", [])
    present = (service.dns_config or {}).get("DnsRecords", [])
    if not {record["Type"] for record in wanted} <= {record["Type"] for record in present}:
        raise refuse("InvalidInput", "The type of a DNS record cannot be changed.")
    targets = {"SERVICE": service_id}
    refuse_running(discovery, "UPDATE_SERVICE", targets)

    def change() -> None:
        service.description = details.get("Description", service.description)
        service.dns_config = {**(service.dns_config or {}), "DnsRecords": wanted}
        service.health_check_config = details.get("HealthCheckConfig")

    return str(begin_operation(discovery, "UPDATE_SERVICE", targets, then=change).id)


def _to_json(original: Any, service: Any) -> dict[str, Any]:
    told = {**original(service), "InstanceCount": len(service.instances)}
    told["DnsConfig"] = told["DnsConfig"] or {}  # recorded
    return told
