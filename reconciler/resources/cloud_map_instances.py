"""Instances that ECS left registered in Cloud Map. They would block a destroy (terraform-provider-aws#4853)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.steps import Call
from reconciler.resources.running_services import describe_services

SERVICE_NOT_FOUND = ("ServiceNotFound",)
ALREADY_DEREGISTERED = ("InstanceNotFound", "DuplicateRequest", *SERVICE_NOT_FOUND)

Place = tuple[str, str]  # names of an ECS cluster and of a service in it


def find_stale_instances(reads: Reads, service: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of the instances of a Cloud Map service that no ECS service will deregister.

    AWS is asked only if no active ECS service uses the Cloud Map service, or if it is not desired any more.
    """
    active = [s for s in describe_services(reads) if s["status"] == "ACTIVE"]
    used = {r.get("registryArn") for s in active for r in s.get("serviceRegistries", ())}
    if service["Arn"] in used and service["Name"] in reads.names("cloud_map_service"):
        return ()
    wanted, stack = reads.names("ecs_service"), reads.stack.name
    places_in_use = {
        (s["clusterArn"].rpartition("/")[2], s["serviceName"])
        for s in active
        if s["serviceName"] in wanted or tags.owner(tags.parse(s.get("tags"))) != stack
    }
    own_id = {"ServiceId": service["Id"]}
    found = reads.pages("servicediscovery", "list_instances", "Instances[]", SERVICE_NOT_FOUND, **own_id)
    places = {i["Id"]: _find_place(i.get("Attributes", {})) for i in found}
    return tuple(
        sorted(
            instance
            for instance, place in places.items()
            if place and place not in places_in_use and reads.is_candidate("ecs_cluster", place[0])
        )
    )


def _find_place(attributes: Mapping[str, str]) -> Place | None:
    """Return the ECS service that registered an instance; None if a person did."""
    cluster, service = attributes.get("ECS_CLUSTER_NAME"), attributes.get("ECS_SERVICE_NAME")
    return (cluster, service) if cluster and service else None


def deregister_instances(service: str, instances: Iterable[str]) -> Iterator[Call]:
    """Yield the calls that deregister them. Each begins an operation that the service's deletion waits for."""
    for instance in instances:
        params = {"ServiceId": service, "InstanceId": instance}
        yield Call("servicediscovery", "deregister_instance", params, ignore=ALREADY_DEREGISTERED)
