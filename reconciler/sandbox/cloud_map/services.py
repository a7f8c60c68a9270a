"""Cloud Map services: unique in a namespace, not deleted while they have instances, updated by operations."""

from typing import Any

from moto.servicediscovery.models import Service, ServiceDiscoveryBackend

from reconciler.sandbox.cloud_map.operations import apply_finished, begin_operation, refuse
from reconciler.sandbox.world import add, wrap


def install() -> None:
    wrap(ServiceDiscoveryBackend, "create_service", _create)
    wrap(ServiceDiscoveryBackend, "delete_service", _delete)
    wrap(ServiceDiscoveryBackend, "tag_resource", _tag)
    wrap(Service, "to_json", _to_json_with_count)
    add(ServiceDiscoveryBackend, "update_service", _update)


def _create(original: Any, discovery: Any, **wanted: Any) -> Any:
    apply_finished(discovery)
    dns = wanted["dns_config"] or {}
    wanted["namespace_id"] = wanted["namespace_id"] or dns.get("NamespaceId")
    namespace = discovery.get_namespace(wanted["namespace_id"])
    by_dns = namespace.type != "HTTP"
    for service in discovery.services.values():
        same = _unique_name(service.name, by_dns) == _unique_name(wanted["name"], by_dns)
        if same and service.namespace_id == namespace.id:
            members = {"ServiceId": service.id, "CreatorRequestId": service.creator_request_id}
            raise refuse(
                "ServiceAlreadyExists", f"A service with the name {service.name} exists already.", **members
            )
    if dns:
        wanted["dns_config"] = {"RoutingPolicy": "MULTIVALUE", **dns}
    if wanted["health_check_custom_config"] is not None:
        wanted["health_check_custom_config"] = {"FailureThreshold": 1}  # always reads 1 (API reference)
    wanted["service_type"] = wanted["service_type"] or ("DNS_HTTP" if dns else "HTTP")
    return original(discovery, **wanted)


def _unique_name(name: str, by_dns: bool) -> str:
    """Return the name as it must be unique: in lower case if it is for DNS, which ignores case."""
    return name.lower() if by_dns else name


def _delete(original: Any, discovery: Any, service_id: str) -> Any:
    if discovery.get_service(service_id).instances:
        message = f"Service {service_id} contains registered instances; delete the instances before deleting the service."
        raise refuse("ResourceInUse", message)
    return original(discovery, service_id)


def _update(discovery: Any, service_id: str, details: dict[str, Any]) -> str:
    """Begin the operation that changes TTLs and description.

    It deletes records not in the call (API reference).
    """
    service = discovery.get_service(service_id)
    wanted = details.get("DnsConfig", {}).get("DnsRecords", [])
    present = (service.dns_config or {}).get("DnsRecords", [])
    if not {record["Type"] for record in wanted} <= {record["Type"] for record in present}:
        raise refuse("InvalidInput", "The type of a DNS record cannot be changed.")
    operation = begin_operation(
        discovery, "UPDATE_SERVICE", {"SERVICE": service_id}, then=lambda: service.update(details)
    )
    return str(operation.id)


def _tag(original: Any, discovery: Any, resource_arn: str, tags: list[dict[str, str]]) -> Any:
    things = [*discovery.namespaces.values(), *discovery.services.values()]
    if resource_arn not in {thing.arn for thing in things}:
        raise refuse("ResourceNotFoundException", f"Resource {resource_arn} not found")
    return original(discovery, resource_arn, tags)


def _to_json_with_count(original: Any, service: Any) -> dict[str, Any]:
    return {**original(service), "InstanceCount": len(service.instances)}
