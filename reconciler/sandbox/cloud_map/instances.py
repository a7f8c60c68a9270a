"""Instances of Cloud Map services, as people register them; ECS registers its tasks in `ecs/traffic`."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from moto.servicediscovery.exceptions import InstanceNotFound
from moto.servicediscovery.models import ServiceDiscoveryBackend
from moto.servicediscovery.responses import ServiceDiscoveryResponse

from reconciler.sandbox.cloud_map.operations import refuse
from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.world import wrap

MAX_INSTANCES = 1_000  # of a service (Cloud Map developer guide, "quotas")
MAX_CUSTOM_ATTRIBUTES = 30
MAX_PORT = 65_535
MAX_SIZE = 5_000  # characters of all attributes of an instance
_OWN = {"A": "AWS_INSTANCE_IPV4", "AAAA": "AWS_INSTANCE_IPV6", "CNAME": "AWS_INSTANCE_CNAME"}


def install() -> None:
    wrap(ServiceDiscoveryResponse, "register_instance", _check_first)
    wrap(ServiceDiscoveryBackend, "register_instance", _register)
    wrap(ServiceDiscoveryBackend, "get_instances_health_status", _get_health)
    wrap(ServiceDiscoveryBackend, "update_instance_custom_health_status", _set_health)


def _check_first(original: Any, response: Any) -> Any:
    sent = sent_parameters(response)
    service = response.servicediscovery_backend.get_service(sent["ServiceId"])
    for problem in _problems(service, sent["Attributes"]):
        raise refuse("InvalidInput", problem)
    known = {instance.instance_id for instance in service.instances} | {sent["InstanceId"]}
    if len(known) > MAX_INSTANCES:
        raise refuse("ResourceLimitExceeded", f"The service has {MAX_INSTANCES} instances already.")
    return original(response)


def _problems(service: Any, attributes: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the attributes of an instance (API reference, RegisterInstance)."""
    records = {record["Type"] for record in (service.dns_config or {}).get("DnsRecords", ())}
    if not attributes:
        yield "Attributes must not be empty."
    if "AWS_ALIAS_DNS_NAME" not in attributes:
        needed = [_OWN[kind] for kind in sorted(records & {*_OWN})]
        yield from (f"The attribute {key} is required." for key in needed if key not in attributes)
        if "SRV" in records:
            yield from _srv_problems(attributes)
    custom = [key for key in attributes if not key.startswith("AWS_")]
    if len(custom) > MAX_CUSTOM_ATTRIBUTES:
        yield f"An instance has no more than {MAX_CUSTOM_ATTRIBUTES} custom attributes."
    if sum(len(key) + len(value) for key, value in attributes.items()) > MAX_SIZE:
        yield f"The attributes of an instance have no more than {MAX_SIZE} characters."
    yield from _value_problems(attributes)


def _srv_problems(attributes: Mapping[str, str]) -> Iterator[str]:
    if "AWS_INSTANCE_PORT" not in attributes:
        yield "The attribute AWS_INSTANCE_PORT is required."
    if not {"AWS_INSTANCE_IPV4", "AWS_INSTANCE_IPV6"} & {*attributes}:
        yield "The attribute AWS_INSTANCE_IPV4 or AWS_INSTANCE_IPV6 is required."


def _value_problems(attributes: Mapping[str, str]) -> Iterator[str]:
    for key, is_valid in _VALUES.items():
        if key in attributes and not is_valid(attributes[key]):
            yield f"Invalid value for the attribute {key}: {attributes[key]}"


def _is_address(version: type[IPv4Address | IPv6Address], text: str) -> bool:
    try:
        version(text)
    except ValueError:
        return False
    return True


_VALUES: Mapping[str, Callable[[str], bool]] = {
    "AWS_INSTANCE_IPV4": partial(_is_address, IPv4Address),
    "AWS_INSTANCE_IPV6": partial(_is_address, IPv6Address),
    "AWS_INSTANCE_PORT": lambda text: text.isdecimal() and int(text) <= MAX_PORT,
    "AWS_INIT_HEALTH_STATUS": lambda text: text in ("HEALTHY", "UNHEALTHY"),
}


def _register(
    original: Any,
    discovery: Any,
    service_id: str,
    instance_id: str,
    creator_request_id: str,
    attributes: dict[str, str],
) -> Any:
    """Register an instance, or replace the attributes of the one with this id (API reference)."""
    service = discovery.get_service(service_id)
    service.instances = [known for known in service.instances if known.instance_id != instance_id]
    answer = original(discovery, service_id, instance_id, creator_request_id, attributes)
    service.instances[-1].health_status = attributes.get("AWS_INIT_HEALTH_STATUS", "HEALTHY")
    return answer


def _get_health(original: Any, discovery: Any, service_id: str, instances: list[str] | None) -> Any:
    for instance_id in instances or ():
        discovery.get_instance(service_id, instance_id)
    return original(discovery, service_id, instances)


def _set_health(original: Any, discovery: Any, service_id: str, instance_id: str, status: str) -> Any:
    """Set the health of an instance, if its service has a custom check."""
    service = discovery.get_service(service_id)
    if all(instance.instance_id != instance_id for instance in service.instances):
        raise InstanceNotFound(f"The instance {instance_id} does not exist.")
    if not service.health_check_custom_config:
        raise refuse("CustomHealthNotFound", f"The service {service_id} has no custom health check.")
    return original(discovery, service_id, instance_id, status)
