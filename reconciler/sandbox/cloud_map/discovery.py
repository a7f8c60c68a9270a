"""Discovery of instances, with the present health of ECS's tasks and a revision that only grows."""

import json
from typing import Any

from moto.servicediscovery.models import ServiceDiscoveryBackend
from moto.servicediscovery.responses import ServiceDiscoveryResponse

from reconciler.sandbox.cloud_map.operations import apply_finished, refuse
from reconciler.sandbox.world import add, current, wrap

# Cloud Map API reference, DiscoverInstances.
USUAL_RESULTS, MOST_RESULTS = 100, 1000
STATUSES = ("HEALTHY", "UNHEALTHY", "ALL", "HEALTHY_OR_ELSE_ALL")


def install() -> None:
    add(ServiceDiscoveryResponse, "discover_instances", discover_instances)
    add(ServiceDiscoveryResponse, "discover_instances_revision", discover_instances_revision)
    wrap(ServiceDiscoveryBackend, "register_instance", _count_change)
    wrap(ServiceDiscoveryBackend, "deregister_instance", _count_change)
    wrap(ServiceDiscoveryBackend, "get_instances_health_status", _tell_present_health)


def discover_instances(response: Any) -> str:
    """Answer with the instances that match the query and, if any do, the optional parameters too."""
    sent = json.loads(response.body)
    service = _find_service(response.servicediscovery_backend, sent)
    wanted, most = sent.get("HealthStatus", "HEALTHY_OR_ELSE_ALL"), sent.get("MaxResults", USUAL_RESULTS)
    if wanted not in STATUSES:
        raise refuse("InvalidInput", f"HealthStatus must be one of {list(STATUSES)}.")
    if not 1 <= most <= MOST_RESULTS:
        raise refuse("InvalidInput", f"MaxResults must be between 1 and {MOST_RESULTS}.")
    found = [i for i in service.instances if _has(i, sent.get("QueryParameters", {}))]
    if service.health_check_config or service.health_check_custom_config is not None:
        found = _by_health(found, wanted)
    found = [i for i in found if _has(i, sent.get("OptionalParameters", {}))] or found
    told = [_summary(sent, service, instance) for instance in found[:most]]
    return json.dumps({"Instances": told, "InstancesRevision": _revision(service)})


def discover_instances_revision(response: Any) -> str:
    """Answer with the service's revision, which grows as instances come and go."""
    service = _find_service(response.servicediscovery_backend, json.loads(response.body))
    return json.dumps({"InstancesRevision": _revision(service)})


def _find_service(discovery: Any, sent: dict[str, Any]) -> Any:
    apply_finished(discovery)
    name = sent["NamespaceName"]
    if sent.get("OwnerAccount", discovery.account_id) != discovery.account_id:
        raise refuse("InvalidInput", "The embedded AWS has no namespaces that another account shares.")
    found = [n for n in discovery.list_namespaces() if name in (n.name, _http_name(n))]
    if not found:
        raise refuse("NamespaceNotFound", f"No namespace exists with the name {name}.")
    for service in discovery.services.values():
        if service.namespace_id == found[0].id and service.name == sent["ServiceName"]:
            return service
    raise refuse("ServiceNotFound", f"No service exists with the name {sent['ServiceName']} in {name}.")


def _http_name(namespace: Any) -> str | None:
    return (namespace.http_properties or {}).get("HttpName")


def _has(instance: Any, attributes: dict[str, str]) -> bool:
    return all(instance.attributes.get(name) == value for name, value in attributes.items())


def _by_health(instances: list[Any], wanted: str) -> list[Any]:
    if wanted == "ALL":
        return instances
    if wanted != "HEALTHY_OR_ELSE_ALL":
        return [i for i in instances if instance_health(i) == wanted]
    return [i for i in instances if instance_health(i) == "HEALTHY"] or instances


def instance_health(instance: Any) -> str:
    """Return the present health: that of the task, which ECS tells Cloud Map, or that which was set."""
    task = getattr(instance, "task", None)
    if task is None:
        return str(instance.health_status)
    return "HEALTHY" if task.healthy <= current().clock.now() else "UNHEALTHY"


def _summary(sent: dict[str, Any], service: Any, instance: Any) -> dict[str, Any]:
    checked = service.health_check_config or service.health_check_custom_config is not None
    return {
        "InstanceId": instance.instance_id,
        "NamespaceName": sent["NamespaceName"],
        "ServiceName": service.name,
        "HealthStatus": instance_health(instance) if checked else "UNKNOWN",
        "Attributes": instance.attributes,
    }


def _revision(service: Any) -> int:
    return int(service.__dict__.get("revision", 0))


def _count_change(original: Any, discovery: Any, service_id: str, *args: Any, **kwargs: Any) -> Any:
    answer = original(discovery, service_id, *args, **kwargs)
    service = discovery.get_service(service_id)
    service.revision = _revision(service) + 1
    return answer


def _tell_present_health(original: Any, discovery: Any, service_id: str, *args: Any, **kwargs: Any) -> Any:
    for instance in discovery.get_service(service_id).instances:
        instance.health_status = instance_health(instance)
    return original(discovery, service_id, *args, **kwargs)
