"""Private DNS namespaces. Cloud Map makes and deletes them in an operation that has to be followed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from reconciler.aws.jmes import search
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, Text, fingerprint, refers_to
from reconciler.model.spec import IMMUTABLE, Live, Spec
from reconciler.model.steps import Call, Step, Wait
from reconciler.resources import blocker_queries as in_use
from reconciler.resources.kind import Kind, Relations, actions

VPC = "ecs-reconciler:vpc"  # tag: the id of its VPC, which Cloud Map does not show
ZONE = "Properties.DnsProperties.HostedZoneId"
STATUS = "Operation.Status"
ENDED = {
    "operation": "GetOperation",
    "acceptors": [
        {"matcher": "path", "argument": STATUS, "expected": "SUCCESS", "state": "success"},
        {"matcher": "path", "argument": STATUS, "expected": "FAIL", "state": "failure"},
        {"matcher": "error", "expected": "OperationNotFound", "state": "retry"},
    ],
}
PRIVATE = [{"Name": "TYPE", "Values": ["DNS_PRIVATE"], "Condition": "EQ"}]


class CloudMapNamespace(Spec):
    """A domain that only a VPC sees. AWS allows each VPC one of a name."""

    kind: ClassVar[str] = "cloud_map_namespace"
    domain: Annotated[str, IMMUTABLE]
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]


def found(reads: Reads) -> list[tuple[dict[str, Any], tags.Tags]]:
    """The private namespaces that have a wanted name or may be ours, each with its tags."""
    every = reads.pages("servicediscovery", "list_namespaces", "Namespaces[]", Filters=PRIVATE)
    some = [n for n in every if reads.is_candidate("cloud_map_namespace", n["Name"], n["Arn"])]
    return [(n, owned) for n in some if (owned := marks(reads, n["Arn"])) is not None]


def marks(reads: Reads, arn: str) -> tags.Tags | None:
    """The tags of a namespace or service; None, if it was deleted since it was listed."""
    gone = ("ResourceNotFoundException",)
    answer = reads.ask("servicediscovery", "list_tags_for_resource", "Tags", absent=gone, ResourceARN=arn)
    return None if answer is None else tags.parse(answer)


def read(reads: Reads) -> Iterator[Live[CloudMapNamespace]]:
    # Whoever has the domain is in our way, in whichever VPC: two of a name would not be told apart.
    for n, owned in found(reads):
        ours = tags.owner(owned) == reads.stack.name
        name = owned.get(tags.NAME, n["Name"]) if ours else n["Name"]
        vpc = owned.get(VPC) or _vpc(reads, n)
        spec = CloudMapNamespace(name=name, tags=owned, domain=n["Name"], vpc=vpc)
        yield Live(spec, {"id": n["Id"], "arn": n["Arn"]}, tags.owner(owned))


def _vpc(reads: Reads, namespace: Mapping[str, Any]) -> str:
    """Where our tag is missing, the hosted zone tells it."""
    zone, unknown = (search(ZONE, namespace), ("NoSuchHostedZone", "AccessDenied"))
    if not zone:  # shared by another account
        return ""
    return reads.ask("route53", "get_hosted_zone", "VPCs[0].VPCId", absent=unknown, Id=zone) or ""


def ensure_namespace(want: CloudMapNamespace, live: Live[CloudMapNamespace] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.CLOUD_MAP, want, live)
        return
    params = {"Name": want.domain, "Vpc": want.vpc, "CreatorRequestId": creator(want, want.vpc)}
    params |= {"Tags": [*tags.encode(want.tags), {"Key": VPC, "Value": want.vpc}]}
    yield _start("create_private_dns_namespace", params)
    yield ended(want, {"id": "Operation.Targets.NAMESPACE"})
    arn, lags = {"arn": "Namespace.Arn"}, ("NamespaceNotFound",)
    yield Call("servicediscovery", "get_namespace", {"Id": want.ref()}, arn, retry=lags)


def creator(want: Spec, parent: Ref) -> Text:
    """The same for a repeat of one request, another for any other: Cloud Map then answers DuplicateRequest.

    What is made again in another VPC or namespace is another request. At most 64 characters.
    """
    of = "/".join((want.kind, want.tags.get(tags.STACK, ""), want.name, fingerprint(want.immutable)))
    return Text(f"{sha256(of.encode()).hexdigest()[:16]}-{{}}", (parent,))


def _start(operation: str, params: Mapping[str, Any]) -> Call:
    outputs = {"operation": "OperationId || DuplicateOperationId"}
    ignore = ("DuplicateRequest", "NamespaceNotFound")  # under way, done
    return Call("servicediscovery", operation, params, outputs, ignore, retry=("ResourceInUse",))


def ended(spec: Spec, outputs: Mapping[str, str] | None = None) -> Wait:
    """Follow the operation that the call before it began. Usually about a minute."""
    params, why = {"OperationId": spec.ref("operation")}, "Operation.[ErrorCode, ErrorMessage]"
    return Wait("servicediscovery", "operation_ended", params, ENDED, outputs or {}, why, patience=300)


def remove(live: Live[CloudMapNamespace]) -> Iterator[Step]:
    own_id = live.outputs["id"]
    yield replace(_start("delete_namespace", {"Id": own_id}), blockers=(in_use.services_of(own_id),))
    yield ended(live.spec)


KIND = Kind(
    CloudMapNamespace,
    read,
    ensure_namespace,
    remove,
    relations=Relations(parents=lambda _namespace: ()),
    tagging=tags.CLOUD_MAP,
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
