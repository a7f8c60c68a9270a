"""Instances in Cloud Map that would block a destroy: others' ones, and those that ECS left registered.

The latter are known from terraform-provider-aws#4853.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.aws.candidates import is_candidate
from reconciler.aws.cli_command import cli_command
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Blocker
from reconciler.model.steps import Call
from reconciler.resources.running_services import describe_services, find_shared_clusters

SERVICE_NOT_FOUND = ("ServiceNotFound",)
ALREADY_DEREGISTERED = ("InstanceNotFound", "DuplicateRequest", *SERVICE_NOT_FOUND)

Place = tuple[str, str]  # names of an ECS cluster and of a service in it


@dataclass(frozen=True)
class Instances:
    """The ids of the instances of a Cloud Map service that keep AWS from deleting it."""

    stale: tuple[str, ...] = ()  # that ECS registered and will not deregister
    foreign: tuple[str, ...] = ()  # that a person registered, or an ECS service in somebody else's cluster


def find_instances(reads: Reads, service: Mapping[str, Any]) -> Instances:
    """Return the instances of a Cloud Map service of ours that outlive our ECS services.

    AWS is asked only before a destroy, for a drift report, if no active ECS service uses the Cloud Map service,
    or if it is not desired any more. DiscoverInstances would leave out unhealthy ones.
    """
    active = [s for s in describe_services(reads) if s["status"] == "ACTIVE"]
    used = {r.get("registryArn") for s in active for r in s.get("serviceRegistries", ())}
    is_used = service["Arn"] in used and service["Name"] in reads.desired.names("cloud_map_service")
    if is_used and not (reads.destroying or reads.seeks_foreign):
        return Instances()
    own_id = {"ServiceId": service["Id"]}
    found = reads.pages("servicediscovery", "list_instances", "Instances[]", SERVICE_NOT_FOUND, **own_id)
    places = {i["Id"]: _find_place(i.get("Attributes", {})) for i in found}
    ours = {i for i, place in places.items() if place and _is_ours(reads, place)}
    in_use = _find_places_in_use(reads, active)
    stale = (i for i in ours if places[i] not in in_use)
    return Instances(tuple(sorted(stale)), tuple(sorted(places.keys() - ours)))


def _is_ours(reads: Reads, place: Place) -> bool:
    """Tell whether an ECS service may be ours: in a cluster of ours, or by its name in one that we share."""
    cluster, service = place
    is_shared = cluster in find_shared_clusters(reads) and is_candidate(reads, "ecs_service", service)
    return is_shared or is_candidate(reads, "ecs_cluster", cluster)


def _find_places_in_use(reads: Reads, active: Iterable[Mapping[str, Any]]) -> set[Place]:
    """Return the ECS services that deregister their instances themselves: desired ones, and those of others."""
    wanted, stack = reads.desired.names("ecs_service"), reads.stack.name
    return {
        (s["clusterArn"].rpartition("/")[2], s["serviceName"])
        for s in active
        if s["serviceName"] in wanted or tags.owner(tags.parse(s.get("tags"))) != stack
    }


def to_blockers(service: str, instances: Iterable[str], region: str) -> tuple[Blocker, ...]:
    """Return these instances as blockers of the deletion of their service."""
    return tuple(
        Blocker(f"instance {instance}", cli_command(_deregister(service, instance), region))
        for instance in instances
    )


def _find_place(attributes: Mapping[str, str]) -> Place | None:
    """Return the ECS service that registered an instance; None if a person did."""
    cluster, service = attributes.get("ECS_CLUSTER_NAME"), attributes.get("ECS_SERVICE_NAME")
    return (cluster, service) if cluster and service else None


def deregister_instances(service: str, instances: Iterable[str]) -> Iterator[Call]:
    """Yield the calls that deregister them. Each begins an operation that the service's deletion waits for."""
    return (_deregister(service, instance) for instance in instances)


def _deregister(service: str, instance: str) -> Call:
    params = {"ServiceId": service, "InstanceId": instance}
    return Call("servicediscovery", "deregister_instance", params, ignore=ALREADY_DEREGISTERED)
