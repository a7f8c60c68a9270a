"""Cloud Map services: the name under which the tasks of an ECS service are found."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources import blocker_queries as in_use
from reconciler.resources import cloud_map_namespace
from reconciler.resources.cloud_map_instances import deregistered, left
from reconciler.resources.cloud_map_namespace import creator, ended, marks
from reconciler.resources.kind import Kind, Relations, actions


class CloudMapService(Spec):
    """A DNS name in a namespace; ECS registers the address of each healthy task under it."""

    kind: ClassVar[str] = "cloud_map_service"
    namespace: Annotated[Ref, refers_to("cloud_map_namespace"), IMMUTABLE]
    ttl: int = 30
    """Seconds for which clients may keep an answer."""
    description: str | None = None
    record_type: Annotated[str, IMMUTABLE] = "A"
    routing: Annotated[str, IMMUTABLE] = "MULTIVALUE"
    """MULTIVALUE answers with up to eight healthy tasks, WEIGHTED with one."""
    custom_health_check: Annotated[bool, IMMUTABLE] = True
    """Whether ECS tells Cloud Map which tasks are healthy."""
    left: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """Live only: instances that ECS registered and will not deregister."""


def read(reads: Reads) -> Iterator[Live[CloudMapService]]:
    for namespace in _namespaces(reads):
        within = [{"Name": "NAMESPACE_ID", "Values": [namespace], "Condition": "EQ"}]
        services = reads.pages("servicediscovery", "list_services", "Services[]", Filters=within)
        for s, owned in zip(services, reads.map(lambda s: marks(reads, s["Arn"]), services), strict=True):
            if owned is not None:
                outputs, owner = {"id": s["Id"], "arn": s["Arn"]}, tags.owner(owned)
                instances = left(reads, s["Name"], s) if owner == reads.stack.name else ()
                spec = from_aws(s, owned, namespace).model_copy(update={"left": instances})
                yield Live(spec, outputs, owner)


def _namespaces(reads: Reads) -> list[str]:
    """Ids of those that are ours or have a wanted name: what is in them is ours or in our way."""
    wanted, stack = reads.names("cloud_map_namespace"), reads.stack.name
    return [
        n["Id"]
        for n, owned in cloud_map_namespace.found(reads)
        if n["Name"] in wanted or tags.owner(owned) == stack
    ]


def from_aws(s: Mapping[str, Any], owned: tags.Tags, namespace: str) -> CloudMapService:
    """A summary of ListServices as a spec. `HealthCheckCustomConfig` may be empty, which is not absent."""
    dns = s.get("DnsConfig") or {}
    records = dns.get("DnsRecords", [])
    return CloudMapService(
        name=s["Name"],
        tags=owned,
        namespace=namespace,
        ttl=next((record["TTL"] for record in records), 0),
        description=s.get("Description"),
        record_type=", ".join(sorted(record["Type"] for record in records)),
        routing=dns.get("RoutingPolicy", "MULTIVALUE"),
        custom_health_check=s.get("HealthCheckCustomConfig") is not None,
    )


def ensure_service(want: CloudMapService, live: Live[CloudMapService] | None) -> Iterator[Step]:
    records = [{"Type": want.record_type, "TTL": want.ttl}]
    if not live:
        params: dict[str, Any] = {"Name": want.name, "NamespaceId": want.namespace}
        params |= {"CreatorRequestId": creator(want, want.namespace), "Tags": tags.encode(want.tags)}
        params["DnsConfig"] = {"DnsRecords": records, "RoutingPolicy": want.routing}
        params |= {"Description": want.description} if want.description is not None else {}
        params |= {"HealthCheckCustomConfig": {"FailureThreshold": 1}} if want.custom_health_check else {}
        outputs, lags = {"id": "Service.Id", "arn": "Service.Arn"}, ("NamespaceNotFound",)
        yield Call("servicediscovery", "create_service", params, outputs, retry=lags)
        return
    yield from tags.retag(tags.CLOUD_MAP, want, live)
    described = live.spec.description if want.description is None else want.description
    if want.ttl != live.spec.ttl or described != live.spec.description:
        # All of it is sent: records that are left out are deleted (UpdateService, Cloud Map API reference).
        change: dict[str, Any] = {"DnsConfig": {"DnsRecords": records}}
        change |= {"Description": described} if described is not None else {}
        on, began, busy = (
            {"Id": want.ref(), "Service": change},
            {"operation": "OperationId"},
            ("DuplicateRequest",),
        )
        yield Call("servicediscovery", "update_service", on, began, retry=busy)
        yield ended(want)


def remove(live: Live[CloudMapService]) -> Iterator[Step]:
    # ECS deregisters instances some time after their tasks have stopped (terraform-provider-aws#4853).
    params, gone, busy = {"Id": live.outputs["id"]}, ("ServiceNotFound",), ("ResourceInUse",)
    by = (in_use.instances(live.outputs["id"]),)
    yield from deregistered(live.outputs["id"], live.spec.left)
    yield Call(
        "servicediscovery", "delete_service", params, ignore=gone, retry=busy, patience=1200, blockers=by
    )


def clashes(live: CloudMapService, want: CloudMapService) -> bool:
    """Whether both have one name in one namespace, for DNS, which knows no case."""
    return live.namespace == want.namespace and live.name.lower() == want.name.lower()


KIND = Kind(
    CloudMapService,
    read,
    ensure_service,
    remove,
    relations=Relations(clashes=clashes),
    tagging=tags.CLOUD_MAP,
    actions=actions(
        "ecs",
        "DescribeClusters DescribeServices DescribeTaskDefinition DescribeTasks ListClusters "
        "ListServices ListTaskDefinitionFamilies ListTaskDefinitions ListTasks",
    )
    | actions("route53", "ChangeResourceRecordSets")
    | actions(
        "servicediscovery",
        "CreateService DeleteService DeregisterInstance GetOperation ListInstances ListNamespaces "
        "ListServices ListTagsForResource TagResource UpdateService",
    ),
)
