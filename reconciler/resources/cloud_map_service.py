"""Cloud Map services: the DNS names under which clients find the tasks of ECS services."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from reconciler.aws.candidates import find_only, is_asked_about, is_candidate
from reconciler.aws.indexed import indexed_tags
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, OBSERVED, UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources import blocker_queries
from reconciler.resources.cloud_map_instances import (
    Instances,
    deregister_instances,
    find_instances,
    to_blockers,
)
from reconciler.resources.cloud_map_namespace import (
    find_namespaces,
    make_request_id,
    read_tags,
    wait_for_operation,
)
from reconciler.resources.drifting import Severities
from reconciler.resources.kind import Kind, Relations, actions

_INDEXED = ":servicediscovery:", ":service/"  # in the ARNs of these services


class CloudMapService(Spec):
    """A DNS name in a namespace; ECS registers the address of each healthy task under it."""

    kind: ClassVar[str] = "cloud_map_service"
    namespace: Annotated[Ref, refers_to("cloud_map_namespace"), IMMUTABLE]
    ttl: int = 30
    """The time to live of its records, in seconds."""
    description: str | None = None
    record_type: Annotated[str, IMMUTABLE] = "A"
    routing: Annotated[str, IMMUTABLE] = "MULTIVALUE"
    """MULTIVALUE answers with up to eight healthy tasks, WEIGHTED with one."""
    custom_health_check: Annotated[bool | None, IMMUTABLE, OBSERVED] = True
    """True: ECS tells Cloud Map which tasks are healthy. Live None: AWS does not tell it."""
    stale_instances: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """Live only: the ids of instances that ECS registered and will not deregister."""


def read(reads: Reads) -> Iterator[Live[CloudMapService]]:
    is_recovery = find_only(reads, CloudMapService.kind) is not None  # which deletes none
    for namespace in _list_namespaces(reads):
        services = [s for s in _list_services(reads, namespace) if _may_be_ours(reads, s)]
        tags_of_each = reads.map(lambda s: read_tags(reads, CloudMapService.kind, s), services)
        for service, resource_tags in zip(services, tags_of_each, strict=True):
            if resource_tags is not None:
                outputs, owner = {"id": service["Id"], "arn": service["Arn"]}, tags.owner(resource_tags)
                is_ours = owner == reads.stack.name
                left = find_instances(reads, service) if is_ours and not is_recovery else Instances()
                spec = from_aws(service, resource_tags, namespace)
                spec = spec.model_copy(update={"stale_instances": left.stale})
                yield Live(spec, outputs, owner, to_blockers(service["Id"], left.foreign, reads.aws.region))


def _list_namespaces(reads: Reads) -> list[str]:
    """Return the ids of the namespaces that are ours or have a desired name, and of others' with ours in.

    Others' services may be there too.
    """
    wanted, stack = reads.desired.names("cloud_map_namespace"), reads.stack.name
    own = [
        namespace["Id"]
        for namespace, resource_tags in find_namespaces(reads)
        if namespace["Name"] in wanted or tags.owner(resource_tags) == stack
    ]
    wanted_too = {
        want.namespace.name for want in reads.desired.of(CloudMapService).values() if _is_shared(want)
    }
    known = [*own, *sorted(wanted_too - {*own})]
    if find_only(reads, CloudMapService.kind):  # it is where the file wants it
        return known
    return [*known, *sorted(_find_left(reads, known))]


def _is_shared(want: CloudMapService) -> bool:
    """Tell whether a service shall be in a namespace that exists already."""
    return want.namespace.by_id


def _find_left(reads: Reads, known: list[str]) -> set[str]:
    """Return the ids of other namespaces with services of ours in, which the tagging index shows."""
    listed = {service["Arn"] for namespace in known for service in _list_services(reads, namespace)}
    left = [arn for arn in indexed_tags(reads) if all(part in arn for part in _INDEXED) and arn not in listed]
    path, gone = "Service.NamespaceId", ("ServiceNotFound",)
    ids = [arn.rpartition("/")[2] for arn in left]
    found = reads.map(lambda i: reads.ask("servicediscovery", "get_service", path, gone, Id=i), ids)
    return {namespace for namespace in found if namespace} - {*known}


def _list_services(reads: Reads, namespace: str) -> list[dict[str, Any]]:
    within = [{"Name": "NAMESPACE_ID", "Values": [namespace], "Condition": "EQ"}]
    return reads.pages("servicediscovery", "list_services", "Services[]", Filters=within)


def _may_be_ours(reads: Reads, service: Mapping[str, Any]) -> bool:
    """Tell whether a service may be ours. Where none shall be in others' namespaces, all are of interest."""
    kind, name = CloudMapService.kind, service["Name"]
    shares = any(map(_is_shared, reads.desired.of(CloudMapService).values()))
    return is_asked_about(reads, kind, name) and (not shares or is_candidate(reads, kind, name, service["Arn"]))


def from_aws(service: Mapping[str, Any], resource_tags: tags.Tags, namespace: str) -> CloudMapService:
    """Return the spec of a service of ListServices.

    It may lack `HealthCheckCustomConfig` also where one was given (recorded); an empty one is one.
    """
    dns = service.get("DnsConfig") or {}
    records = dns.get("DnsRecords", [])
    return CloudMapService(
        name=service["Name"],
        tags=resource_tags,
        namespace=namespace,
        ttl=next((record["TTL"] for record in records), 0),
        description=service.get("Description"),
        record_type=", ".join(sorted(record["Type"] for record in records)),
        routing=dns.get("RoutingPolicy", "MULTIVALUE"),
        custom_health_check=None if service.get("HealthCheckCustomConfig") is None else True,
    )


def ensure_cloud_map_service(want: CloudMapService, live: Live[CloudMapService] | None) -> Iterator[Step]:
    records = [{"Type": want.record_type, "TTL": want.ttl}]
    if not live:
        yield _create(want, records)
        return
    yield from tags.retag(tags.CLOUD_MAP, want, live)
    description = live.spec.description if want.description is None else want.description
    if want.ttl != live.spec.ttl or description != live.spec.description:
        # All of it is sent: records that are left out are deleted (UpdateService, Cloud Map API reference).
        change: dict[str, Any] = {"DnsConfig": {"DnsRecords": records}}
        change |= {"Description": description} if description is not None else {}
        params, outputs = {"Id": want.ref(), "Service": change}, {"operation": "OperationId"}
        yield Call("servicediscovery", "update_service", params, outputs, retry=("DuplicateRequest",))
        yield wait_for_operation(want)


def _create(want: CloudMapService, records: list[dict[str, Any]]) -> Call:
    params: dict[str, Any] = {"Name": want.name, "NamespaceId": want.namespace}
    params |= {"CreatorRequestId": make_request_id(want, want.namespace), "Tags": tags.encode(want.tags)}
    params["DnsConfig"] = {"DnsRecords": records, "RoutingPolicy": want.routing}
    params |= {"Description": want.description} if want.description is not None else {}
    params |= {"HealthCheckCustomConfig": {"FailureThreshold": 1}} if want.custom_health_check else {}
    outputs, not_yet = (
        {"id": "Service.Id", "arn": "Service.Arn"},
        if_new(("NamespaceNotFound",), want.namespace),
    )
    return Call("servicediscovery", "create_service", params, outputs, retry=not_yet)


def remove(live: Live[CloudMapService]) -> Iterator[Step]:
    own_id = live.outputs["id"]
    yield from deregister_instances(own_id, live.spec.stale_instances)
    yield Call(
        "servicediscovery",
        "delete_service",
        {"Id": own_id},
        ignore=("ServiceNotFound",),
        # ECS deregisters instances some time after their tasks have stopped (terraform-provider-aws#4853).
        retry=("ResourceInUse",),
        patience=1200,
        blockers=(blocker_queries.instances(own_id),),
    )


def clashes(live: CloudMapService, want: CloudMapService) -> bool:
    """Tell whether both have the same name in one namespace. DNS does not distinguish upper and lower case."""
    return live.namespace == want.namespace and live.name.lower() == want.name.lower()


KIND = Kind(
    CloudMapService,
    read,
    ensure_cloud_map_service,
    remove,
    relations=Relations(clashes=clashes),
    tagging=tags.CLOUD_MAP,
    severities=Severities(
        dict.fromkeys(("namespace", "record_type", "routing"), Severity.AVAILABILITY),
        foreign=Severity.SECURITY,  # an instance of somebody else's gets requests
    ),
    indexed_as="servicediscovery:service/",
    trusts_index=True,
    touched_by=TouchedBy(
        "servicediscovery.amazonaws.com",
        {"id": "id", "serviceId": "id", "resourceARN": "arn"},
        made_by=("CreateService",),
        deleted_by=("DeleteService",),
        changed_by={
            "stale_instances": ("RegisterInstance", "DeregisterInstance"),
            "": ("UpdateService",),
            TAGS: ("TagResource", "UntagResource"),
        },
        nameless=True,
    ),
    actions=actions(
        "ecs",
        "DescribeClusters DescribeServices DescribeTaskDefinition DescribeTasks ListClusters "
        "ListServices ListTaskDefinitionFamilies ListTaskDefinitions ListTasks",
    )
    | actions("route53", "ChangeResourceRecordSets")
    | actions(
        "servicediscovery",
        "CreateService DeleteService DeregisterInstance GetOperation GetService ListInstances ListNamespaces "
        "ListServices ListTagsForResource TagResource UpdateService",
    ),
)
