"""Creates of namespaces: by operations, with names unique in a VPC, or among those of HTTP or public DNS."""

from functools import partial
from typing import Any

from moto.ec2 import ec2_backends
from moto.servicediscovery.models import Namespace, ServiceDiscoveryBackend

from reconciler.sandbox.cloud_map.operations import apply_finished, begin_operation, find_running, refuse
from reconciler.sandbox.cloud_map.tags import check_count
from reconciler.sandbox.cloud_map.zones import find_conflict, make_zone
from reconciler.sandbox.lag.freshness import make_fresh
from reconciler.sandbox.world import add, wrap

SOA_TTLS = {"DNS_PRIVATE": 15, "DNS_PUBLIC": 60}  # seconds, where the call sends none (recorded)
MAX_NAMESPACES = 50  # of an account in a region (Cloud Map developer guide, "quotas")


def install() -> None:
    add(ServiceDiscoveryBackend, "create_http_namespace", _creator_of("HTTP"))
    add(ServiceDiscoveryBackend, "create_private_dns_namespace", _creator_of("DNS_PRIVATE"))
    add(ServiceDiscoveryBackend, "create_public_dns_namespace", _creator_of("DNS_PUBLIC"))
    wrap(ServiceDiscoveryBackend, "list_namespaces", _apply_finished_first)
    wrap(ServiceDiscoveryBackend, "get_namespace", _apply_finished_first)


def _creator_of(kind: str) -> Any:
    """Return a method of moto's backend that creates a namespace of this type."""

    def create(discovery: Any, **sent: Any) -> str:
        return _create(discovery, kind, **sent)

    return create


def _apply_finished_first(original: Any, discovery: Any, *args: Any, **kwargs: Any) -> Any:
    apply_finished(discovery)
    return original(discovery, *args, **kwargs)


def _create(
    discovery: Any,
    kind: str,
    name: str,
    creator_request_id: str,
    description: str,
    tags: list[dict[str, str]] | None,
    vpc: str | None = None,
    properties: dict[str, Any] | None = None,
) -> str:
    """Check the call and begin the operation that makes the hosted zone and the namespace."""
    apply_finished(discovery)
    check_count({}, tags)
    _refuse_repeat(discovery, kind, name, vpc, creator_request_id)
    if len(discovery.namespaces) >= MAX_NAMESPACES:
        raise refuse("ResourceLimitExceeded", f"The account has {MAX_NAMESPACES} namespaces already.")
    namespace = Namespace(
        discovery.account_id,
        discovery.region_name,
        name,
        kind,
        creator_request_id,
        description,
        _dns_properties(kind, properties),
        {"HttpName": name},
        vpc,
    )
    discovery.tagger.tag_resource(namespace.arn, tags or [])
    error = _find_obstacle(discovery, name, vpc) if vpc else None
    operation = begin_operation(
        discovery,
        "CREATE_NAMESPACE",
        {"NAMESPACE": namespace.id},
        then=partial(_appear, discovery, namespace),
        error=error,
    )
    operation.creator, operation.scope, operation.name, operation.vpc = creator_request_id, kind, name, vpc
    return str(operation.id)


def _dns_properties(kind: str, properties: dict[str, Any] | None) -> dict[str, Any]:
    default = {"TTL": SOA_TTLS[kind]} if kind in SOA_TTLS else {}
    return {"SOA": (properties or {}).get("DnsProperties", {}).get("SOA", default)}


def make_namespace(discovery: Any, name: str, vpc: str, own_id: str) -> None:
    """Make a private namespace with this id at once."""
    place = discovery.account_id, discovery.region_name
    namespace = Namespace(
        *place, name, "DNS_PRIVATE", own_id, "", _dns_properties("DNS_PRIVATE", None), {}, vpc
    )
    namespace.http_properties["HttpName"] = name
    namespace.arn, namespace.id = namespace.arn.replace(namespace.id, own_id), own_id
    _appear(discovery, namespace)


def _appear(discovery: Any, namespace: Any) -> None:
    if namespace.type != "HTTP":
        namespace.dns_properties["HostedZoneId"] = make_zone(discovery, namespace.name, namespace.vpc)
    discovery.namespaces[namespace.id] = namespace
    make_fresh(discovery, "namespace", namespace.id)


def _refuse_repeat(discovery: Any, kind: str, name: str, vpc: str | None, creator: str) -> None:
    """Refuse a second create: DuplicateRequest while the first is under way, NamespaceAlreadyExists after it.

    (Cloud Map API reference.)
    """
    running = find_running(discovery, "CREATE_NAMESPACE", creator=creator) or find_running(
        discovery, "CREATE_NAMESPACE", scope=kind, name=name, vpc=vpc
    )
    if running is not None:
        message = f"The operation is already in progress: {running.id}"
        raise refuse("DuplicateRequest", message, DuplicateOperationId=running.id)
    for namespace in discovery.namespaces.values():
        if (namespace.type, namespace.name, namespace.vpc) == (kind, name, vpc):
            place = f" in the VPC {vpc}" if vpc else ""
            message = f"Cannot create a namespace with name {name}{place}: it exists already"
            members = {"NamespaceId": namespace.id, "CreatorRequestId": namespace.creator_request_id}
            raise refuse("NamespaceAlreadyExists", message, **members)


def _find_obstacle(discovery: Any, name: str, vpc_id: str) -> tuple[str, str] | None:
    """Return the error code and message of the operation if Route 53 refuses the hosted zone.

    Whether the VPC has DNS hostnames or DNS support does not matter (observed in 2026).
    """
    if vpc_id not in ec2_backends[discovery.account_id][discovery.region_name].vpcs:
        raise refuse("InvalidInput", f"The VPC {vpc_id} does not exist in region {discovery.region_name}.")
    if (conflict := find_conflict(discovery, name, vpc_id)) is None:
        return None
    origin = "(Service: AmazonRoute53; Status Code: 400; Error Code: ConflictingDomainExists)"
    return "CANNOT_CREATE_HOSTED_ZONE", f"{conflict} {origin}"
