"""Private DNS namespaces. Cloud Map creates and deletes them by operations that take time."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from reconciler.aws.candidates import is_candidate
from reconciler.aws.indexed import tags_of
from reconciler.aws.jmes import search
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.references import Ref, Text, fingerprint, refers_to
from reconciler.model.spec import IMMUTABLE, Live, Spec
from reconciler.model.steps import Call, Step, Wait
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources import blocker_queries
from reconciler.resources.drifting import Severities
from reconciler.resources.kind import Kind, Relations, actions

VPC_TAG = "ecs-reconciler:vpc"  # the id of the namespace's VPC, which Cloud Map does not show
HOSTED_ZONE_ID = "Properties.DnsProperties.HostedZoneId"
OPERATION_STATUS = "Operation.Status"
OPERATION_ENDED = {
    "operation": "GetOperation",
    "acceptors": [
        {"matcher": "path", "argument": OPERATION_STATUS, "expected": "SUCCESS", "state": "success"},
        {"matcher": "path", "argument": OPERATION_STATUS, "expected": "FAIL", "state": "failure"},
        {"matcher": "error", "expected": "OperationNotFound", "state": "retry"},
    ],
}
# Seconds until what others' services left in a namespace is gone, with no action: minutes (cdkd#609).
DELETED_WITHIN = 600
PRIVATE_FILTER = [{"Name": "TYPE", "Values": ["DNS_PRIVATE"], "Condition": "EQ"}]


class CloudMapNamespace(Spec):
    """A DNS domain that is visible in one VPC. AWS allows one namespace of a domain in each VPC."""

    kind: ClassVar[str] = "cloud_map_namespace"
    domain: Annotated[str, IMMUTABLE]
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]


def find_namespaces(reads: Reads) -> list[tuple[dict[str, Any], tags.Tags]]:
    """Return the private namespaces that have a desired name or may be ours, each with its tags."""
    listed = _list_private(reads)
    candidates = [n for n in listed if is_candidate(reads, "cloud_map_namespace", n["Name"], n["Arn"])]
    tags_of_each = [(n, read_tags(reads, CloudMapNamespace.kind, n)) for n in candidates]
    return [(n, resource_tags) for n, resource_tags in tags_of_each if resource_tags is not None]


def _list_private(reads: Reads) -> list[dict[str, Any]]:
    return reads.pages("servicediscovery", "list_namespaces", "Namespaces[]", Filters=PRIVATE_FILTER)


def read_tags(reads: Reads, kind: str, item: Mapping[str, Any]) -> tags.Tags | None:
    """Return the tags of a listed namespace or service; None if it has been deleted since it was listed."""
    not_found, arn = ("ResourceNotFoundException",), item["Arn"]
    service, operation = "servicediscovery", "list_tags_for_resource"
    ask = partial(reads.ask, service, operation, "Tags", not_found, ResourceARN=arn)
    return tags_of(reads, kind, item["Name"], arn, ask)


def read(reads: Reads) -> Iterator[Live[CloudMapNamespace]]:
    # A namespace of a wanted domain is a conflict in any VPC: two of one domain could not be told apart.
    plan_names = {want.domain: name for name, want in reads.desired.of(CloudMapNamespace).items()}
    for namespace, resource_tags in find_namespaces(reads):
        domain, owner = namespace["Name"], tags.owner(resource_tags)
        vpc = resource_tags.get(VPC_TAG) or _find_vpc(reads, namespace)
        own_name = resource_tags.get(tags.NAME, domain) if owner == reads.stack.name else domain
        name = plan_names.get(domain, own_name)  # the domain cannot change, and a tag can
        outputs = {"id": namespace["Id"], "arn": namespace["Arn"]}
        yield Live(from_aws(name, namespace, resource_tags, vpc), outputs, owner)


def _find_vpc(reads: Reads, namespace: Mapping[str, Any]) -> str:
    """Return the first VPC of the namespace's hosted zone; an empty string if it cannot be read."""
    return next(iter(list_vpcs(reads, namespace)), "")


def list_vpcs(reads: Reads, namespace: Mapping[str, Any]) -> list[str]:
    """Return the VPCs that a namespace's hosted zone is seen in; none if the zone cannot be read."""
    zone, unknown = (search(HOSTED_ZONE_ID, namespace), ("NoSuchHostedZone", "AccessDenied"))
    if not zone:  # the namespace is shared by another account
        return []
    return reads.ask("route53", "get_hosted_zone", "VPCs[].VPCId", absent=unknown, Id=zone) or []


def from_aws(name: str, namespace: Mapping[str, Any], resource_tags: tags.Tags, vpc: str) -> CloudMapNamespace:
    """Return the spec of a namespace of ListNamespaces, with this name in the plan."""
    return CloudMapNamespace(name=name, tags=resource_tags, domain=namespace["Name"], vpc=vpc)


def ensure_namespace(want: CloudMapNamespace, live: Live[CloudMapNamespace] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.CLOUD_MAP, want, live)
        return
    params = {"Name": want.domain, "Vpc": want.vpc, "CreatorRequestId": make_request_id(want, want.vpc)}
    params |= {"Tags": [*tags.encode(want.tags), {"Key": VPC_TAG, "Value": want.vpc}]}
    yield _start_operation("create_private_dns_namespace", params)
    yield wait_for_operation(want, {"id": "Operation.Targets.NAMESPACE"})
    arn, not_yet = {"arn": "Namespace.Arn"}, if_new(("NamespaceNotFound",), want.ref())
    yield Call("servicediscovery", "get_namespace", {"Id": want.ref()}, arn, retry=not_yet)


def make_request_id(want: Spec, parent: Ref) -> Text:
    """Return a CreatorRequestId of at most 64 characters. Cloud Map answers a repeat with DuplicateRequest.

    It depends on the stack, the name, the immutable fields and the VPC or namespace.
    """
    request = "/".join((want.kind, want.tags.get(tags.STACK, ""), want.name, fingerprint(want.immutable)))
    return Text(f"{sha256(request.encode()).hexdigest()[:16]}-{{}}", (parent,))


def _start_operation(operation: str, params: Mapping[str, Any]) -> Call:
    outputs = {"operation": "OperationId || DuplicateOperationId"}
    ignore = ("DuplicateRequest", "NamespaceNotFound")  # it is under way, it is done
    return Call("servicediscovery", operation, params, outputs, ignore, retry=("ResourceInUse",))


def wait_for_operation(spec: Spec, outputs: Mapping[str, str] | None = None) -> Wait:
    """Return the wait for the operation that the preceding call began. It usually takes a minute."""
    params, why = {"OperationId": spec.ref("operation")}, "Operation.[ErrorCode, ErrorMessage]"
    return Wait(
        "servicediscovery", "operation_ended", params, OPERATION_ENDED, outputs or {}, why, patience=300
    )


def remove(live: Live[CloudMapNamespace]) -> Iterator[Step]:
    own_id = live.outputs["id"]
    delete = _start_operation("delete_namespace", {"Id": own_id})
    blockers = (blocker_queries.services_of(own_id),)
    yield replace(delete, patience=DELETED_WITHIN, blockers=blockers)
    yield replace(wait_for_operation(live.spec), patience=DELETED_WITHIN)


KIND = Kind(
    CloudMapNamespace,
    read,
    ensure_namespace,
    remove,
    relations=Relations(parents=lambda _namespace: ()),
    tagging=tags.CLOUD_MAP,
    severities=Severities(dict.fromkeys(("domain", "vpc"), Severity.AVAILABILITY)),
    indexed_as="servicediscovery:namespace/",
    trusts_index=True,
    early={"servicediscovery": _list_private},
    touched_by=TouchedBy(
        "servicediscovery.amazonaws.com",
        {"id": "id", "resourceARN": "arn"},
        made_by=("CreatePrivateDnsNamespace",),
        deleted_by=("DeleteNamespace",),
        changed_by={
            "": ("UpdatePrivateDnsNamespace",),
            TAGS: ("TagResource", "UntagResource"),
        },
        nameless=True,
    ),
    actions=actions("ec2", "DescribeRegions DescribeVpcs")
    | actions(
        "route53",
        "ChangeResourceRecordSets CreateHostedZone DeleteHostedZone GetHostedZone ListHostedZonesByName",
    )
    | actions(
        "servicediscovery",
        "CreatePrivateDnsNamespace DeleteNamespace GetNamespace GetOperation ListNamespaces "
        "ListServices ListTagsForResource TagResource",
    ),
)
