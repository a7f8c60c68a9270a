"""Private DNS namespaces as in Cloud Map: changed by operations, with names unique in a VPC."""

from typing import Any

from moto.ec2 import ec2_backends
from moto.route53 import route53_backends
from moto.servicediscovery.exceptions import NamespaceNotFound
from moto.servicediscovery.models import Namespace, ServiceDiscoveryBackend

from reconciler.sandbox.cloud_map.operations import apply_finished, begin_operation, find_running, refuse
from reconciler.sandbox.lag.freshness import make_fresh
from reconciler.sandbox.world import add, wrap

DEFAULT_SOA_TTL = 15  # seconds


def install() -> None:
    add(ServiceDiscoveryBackend, "create_private_dns_namespace", _create)
    add(ServiceDiscoveryBackend, "update_private_dns_namespace", _update)
    add(ServiceDiscoveryBackend, "delete_namespace", _delete)
    wrap(ServiceDiscoveryBackend, "list_namespaces", _apply_finished_first)
    wrap(ServiceDiscoveryBackend, "get_namespace", _apply_finished_first)


def _apply_finished_first(original: Any, discovery: Any, *args: Any, **kwargs: Any) -> Any:
    apply_finished(discovery)
    return original(discovery, *args, **kwargs)


def _create(
    discovery: Any,
    name: str,
    creator_request_id: str,
    description: str,
    vpc: str,
    tags: list[dict[str, str]],
    properties: dict[str, Any] | None,
) -> str:
    """Check the call and begin the operation that makes the hosted zone and the namespace."""
    apply_finished(discovery)
    _refuse_repeat(discovery, name, vpc, creator_request_id)
    soa = (properties or {}).get("DnsProperties", {}).get("SOA", {"TTL": DEFAULT_SOA_TTL})
    namespace = Namespace(
        discovery.account_id,
        discovery.region_name,
        name,
        "DNS_PRIVATE",
        creator_request_id,
        description,
        {"SOA": soa},
        {"HttpName": name},
        vpc,
    )
    discovery.tagger.tag_resource(namespace.arn, tags or [])

    def appear() -> None:
        namespace.dns_properties["HostedZoneId"] = _make_zone(discovery, name, vpc)
        discovery.namespaces[namespace.id] = namespace
        make_fresh(discovery, "namespace", namespace.id)

    error = _find_obstacle(discovery, name, vpc)
    targets = {"NAMESPACE": namespace.id}
    operation = begin_operation(discovery, "CREATE_NAMESPACE", targets, then=appear, error=error)
    operation.creator, operation.name, operation.vpc = creator_request_id, name, vpc
    return str(operation.id)


def _refuse_repeat(discovery: Any, name: str, vpc: str, creator: str) -> None:
    """Refuse a second create: DuplicateRequest while the first is under way, NamespaceAlreadyExists after it.

    (Cloud Map API reference.)
    """
    running = find_running(discovery, "CREATE_NAMESPACE", creator=creator) or find_running(
        discovery, "CREATE_NAMESPACE", name=name, vpc=vpc
    )
    if running is not None:
        message = f"The operation is already in progress: {running.id}"
        raise refuse("DuplicateRequest", message, DuplicateOperationId=running.id)
    for namespace in discovery.namespaces.values():
        if namespace.name == name and namespace.vpc == vpc:
            message = f"Cannot create a namespace with name {name} in the VPC {vpc}: it exists already"
            members = {"NamespaceId": namespace.id, "CreatorRequestId": namespace.creator_request_id}
            raise refuse("NamespaceAlreadyExists", message, **members)


def _find_obstacle(discovery: Any, name: str, vpc_id: str) -> tuple[str, str] | None:
    """Return the error code and message of the operation if Route 53 refuses the hosted zone."""
    vpc = ec2_backends[discovery.account_id][discovery.region_name].vpcs.get(vpc_id)
    if vpc is None:
        raise refuse("InvalidInput", f"The VPC {vpc_id} does not exist in region {discovery.region_name}.")
    if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        return "CANNOT_CREATE_HOSTED_ZONE", f"The VPC {vpc_id} has DNS support or DNS hostnames off."
    for zone in _zones(discovery).zones.values():
        if zone.name.rstrip(".") == name and any(v["vpc_id"] == vpc_id for v in zone.vpcs):
            message = (
                f"The VPC {vpc_id} in region {discovery.region_name} has already been associated with "
                f"the hosted zone {zone.resource_id} with the same domain name."
            )
            return "CANNOT_CREATE_HOSTED_ZONE", message
    return None


def _zones(discovery: Any) -> Any:
    return route53_backends[discovery.account_id][discovery.partition]


def _make_zone(discovery: Any, name: str, vpc: str) -> str:
    region = discovery.region_name
    zone = _zones(discovery).create_hosted_zone(f"{name}.", private_zone=True, vpcid=vpc, vpcregion=region)
    return str(zone.resource_id)


def _update(discovery: Any, _id: str, description: str | None, properties: dict[str, Any] | None) -> str:
    """Begin the operation that changes the description and the TTL of the SOA record."""
    namespace = discovery.get_namespace(_id)

    def change() -> None:
        if description is not None:
            namespace.description = description
        namespace.dns_properties.update(properties or {})

    return str(begin_operation(discovery, "UPDATE_NAMESPACE", {"NAMESPACE": _id}, then=change).id)


def _delete(discovery: Any, namespace_id: str) -> str:
    """Begin the operation that deletes a namespace without services. Its name is taken until it succeeds."""
    apply_finished(discovery)
    namespace = discovery.namespaces.get(namespace_id)
    if namespace is None:
        raise NamespaceNotFound(namespace_id)
    targets = {"NAMESPACE": namespace_id}
    if (running := find_running(discovery, "DELETE_NAMESPACE", targets=targets)) is not None:
        message = f"The operation is already in progress: {running.id}"
        raise refuse("DuplicateRequest", message, DuplicateOperationId=running.id)
    if any(service.namespace_id == namespace_id for service in discovery.services.values()):
        raise refuse("ResourceInUse", f"The namespace {namespace_id} contains services and cannot be deleted.")

    def disappear() -> None:
        discovery.namespaces.pop(namespace_id, None)
        _zones(discovery).zones.pop(namespace.dns_properties.get("HostedZoneId"), None)

    return str(begin_operation(discovery, "DELETE_NAMESPACE", targets, then=disappear).id)
