"""Updates and deletes of namespaces, by operations."""

from typing import Any

from moto.servicediscovery.exceptions import NamespaceNotFound
from moto.servicediscovery.models import ServiceDiscoveryBackend
from moto.servicediscovery.responses import ServiceDiscoveryResponse

from reconciler.sandbox.cloud_map.operations import apply_finished, begin_operation, refuse, refuse_running
from reconciler.sandbox.cloud_map.zones import drop_zone
from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.world import add


def install() -> None:
    add(ServiceDiscoveryBackend, "delete_namespace", _delete)
    add(ServiceDiscoveryResponse, "update_http_namespace", _updater_of("HTTP"))
    add(ServiceDiscoveryResponse, "update_private_dns_namespace", _updater_of("DNS_PRIVATE"))
    add(ServiceDiscoveryResponse, "update_public_dns_namespace", _updater_of("DNS_PUBLIC"))


def _updater_of(kind: str) -> Any:
    """Return the method of moto's responses that updates namespaces of this type."""

    def update(response: Any) -> dict[str, str] | str:
        sent = sent_parameters(response)
        discovery = response.servicediscovery_backend
        return answer_with(_update(discovery, kind, sent["Id"], sent["Namespace"]))

    return update


def answer_with(operation: Any) -> str:
    """Return the answer of a call that began an operation."""
    return f'{{"OperationId": "{operation.id}"}}'


def _update(discovery: Any, kind: str, namespace_id: str, wanted: dict[str, Any]) -> Any:
    """Begin the operation that changes the description and the TTL of the SOA record, which are merged."""
    namespace = discovery.get_namespace(namespace_id)
    if namespace.type != kind:
        raise refuse("InvalidInput", f"The namespace {namespace_id} is of type {namespace.type}.")
    targets = {"NAMESPACE": namespace_id}
    refuse_running(discovery, "UPDATE_NAMESPACE", targets)

    def change() -> None:
        namespace.description = wanted.get("Description", namespace.description)
        namespace.dns_properties.update(wanted.get("Properties", {}).get("DnsProperties", {}))

    return begin_operation(discovery, "UPDATE_NAMESPACE", targets, then=change)


def _delete(discovery: Any, namespace_id: str) -> str:
    """Begin the operation that deletes a namespace without services. Its name is taken until it succeeds."""
    apply_finished(discovery)
    namespace = discovery.namespaces.get(namespace_id)
    if namespace is None:
        raise NamespaceNotFound(f"The namespace {namespace_id} does not exist.")
    targets = {"NAMESPACE": namespace_id}
    refuse_running(discovery, "DELETE_NAMESPACE", targets)
    if any(service.namespace_id == namespace_id for service in discovery.services.values()):
        raise refuse("ResourceInUse", "Namespace has associated services")  # go-to-k/cdkd, its provider

    def disappear() -> None:
        discovery.namespaces.pop(namespace_id, None)
        discovery.tagger.delete_all_tags_for_resource(namespace.arn)
        drop_zone(discovery, namespace.dns_properties.get("HostedZoneId"))

    return str(begin_operation(discovery, "DELETE_NAMESPACE", targets, then=disappear).id)
