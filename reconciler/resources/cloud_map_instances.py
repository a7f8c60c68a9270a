"""What ECS left registered in Cloud Map: it would block a destroy for ever (terraform-provider-aws#4853)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.steps import Call
from reconciler.resources.running_services import described

GONE = ("ServiceNotFound",)

Place = tuple[str, str]  # names of an ECS cluster and of a service in it


def left(reads: Reads, name: str, service: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of instances that no ECS service will deregister. Asked only where none uses it, or it is not wanted."""
    active = [s for s in described(reads) if s["status"] == "ACTIVE"]
    used = {r.get("registryArn") for s in active for r in s.get("serviceRegistries", ())}
    if service["Arn"] in used and name in reads.names("cloud_map_service"):
        return ()
    wanted, stack = reads.names("ecs_service"), reads.stack.name
    stay = {
        (s["clusterArn"].rpartition("/")[2], s["serviceName"])
        for s in active
        if s["serviceName"] in wanted or tags.owner(tags.parse(s.get("tags"))) != stack
    }
    found = reads.pages("servicediscovery", "list_instances", "Instances[]", GONE, ServiceId=service["Id"])
    places = {i["Id"]: _place(i.get("Attributes", {})) for i in found}
    return tuple(
        sorted(
            own_id
            for own_id, place in places.items()
            if place and place not in stay and reads.is_candidate("ecs_cluster", place[0])
        )
    )


def _place(attributes: Mapping[str, str]) -> Place | None:
    """Which ECS service registered it; None: a person did."""
    cluster, service = (attributes.get(f"ECS_{what}_NAME") for what in ("CLUSTER", "SERVICE"))
    return (cluster, service) if cluster and service else None


def deregistered(service: str, instances: Iterable[str]) -> Iterator[Call]:
    """Take them out, each in an operation of its own, which the service's deletion waits for."""
    done = ("InstanceNotFound", "DuplicateRequest", *GONE)
    for own_id in instances:
        params = {"ServiceId": service, "InstanceId": own_id}
        yield Call("servicediscovery", "deregister_instance", params, ignore=done)
