"""Egress-only internet gateways. AWS gives them no name, and can change none of them but its tags."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources.drifting import Severities
from reconciler.resources.ec2_trail import touched_in_ec2
from reconciler.resources.internet_gateway import find_attached_vpc
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.naming import read_ec2_names
from reconciler.resources.vpc import NOT_FOUND as VPC_NOT_FOUND
from reconciler.resources.vpc import VPCS, list_tagged
from reconciler.resources.vpc import find_names as find_vpc_names

NOT_FOUND = (  # the first of its own document, the others of kops and of routes
    "InvalidEgressOnlyInternetGatewayId.NotFound",
    "InvalidEgressOnlyInternetGatewayID.NotFound",
    "InvalidGatewayID.NotFound",
)
GATEWAYS = ("describe_egress_only_internet_gateways", "EgressOnlyInternetGateways[]")


class EgressOnlyInternetGateway(Spec):
    """A way by which what is in a VPC reaches the internet over IPv6, and is not reached from there."""

    kind: ClassVar[str] = "egress_only_internet_gateway"
    vpc: Annotated[Ref | None, refers_to("vpc"), IMMUTABLE]
    """The VPC that it is attached to, from its creation to its end. Live None: that VPC is gone."""


def read(reads: Reads) -> Iterator[Live[EgressOnlyInternetGateway]]:
    # All of them, in one list, which EC2 filters by tags only: one of ours without tags is known by its VPC.
    gateways = reads.pages("ec2", *GATEWAYS)
    names = read_ec2_names(reads, EgressOnlyInternetGateway.kind, "EgressOnlyInternetGatewayId", gateways)
    vpcs = find_vpc_names(reads, list_tagged(reads, *VPCS))
    wanted = reads.desired.of(EgressOnlyInternetGateway).items()
    desired = {want.vpc.name: name for name, want in wanted if want.vpc}
    for gateway in gateways:
        own_id, vpc = gateway["EgressOnlyInternetGatewayId"], find_attached_vpc(gateway)
        if own_id in names or vpc in vpcs:
            in_place_of = desired.get(vpcs.get(vpc or "", ""))  # the one that this VPC should have
            spec = from_aws(names.get(own_id) or in_place_of or own_id, gateway)
            yield Live(spec, {"id": own_id}, tags.owner_of_nameless(spec.tags))


def from_aws(name: str, gateway: Mapping[str, Any]) -> EgressOnlyInternetGateway:
    """Return the spec of a gateway of DescribeEgressOnlyInternetGateways, with this name in the plan."""
    resource_tags = tags.parse(gateway.get("Tags"))
    return EgressOnlyInternetGateway(name=name, tags=resource_tags, vpc=find_attached_vpc(gateway))


def ensure_egress_only_internet_gateway(
    want: EgressOnlyInternetGateway, live: Live[EgressOnlyInternetGateway] | None
) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
        return
    params = {"VpcId": want.vpc} | tags.on_ec2("egress-only-internet-gateway", want)
    outputs = {"id": "EgressOnlyInternetGateway.EgressOnlyInternetGatewayId"}
    not_yet = if_new(VPC_NOT_FOUND, *([want.vpc] if want.vpc else []))
    yield Call("ec2", "create_egress_only_internet_gateway", params, outputs, retry=not_yet, patience=300)


def remove(live: Live[EgressOnlyInternetGateway]) -> Iterator[Step]:
    params = {"EgressOnlyInternetGatewayId": live.outputs["id"]}
    yield Call("ec2", "delete_egress_only_internet_gateway", params, ignore=NOT_FOUND)


def clashes(live: EgressOnlyInternetGateway, want: EgressOnlyInternetGateway) -> bool:
    """Tell whether both are of one VPC, which has one at most (Amazon VPC quotas)."""
    return live.vpc == want.vpc


KIND = Kind(
    EgressOnlyInternetGateway,
    read,
    ensure_egress_only_internet_gateway,
    remove,
    relations=Relations(clashes=clashes),
    tagging=tags.EC2,
    severities=Severities({"vpc": Severity.AVAILABILITY}),
    indexed_as="ec2:egress-only-internet-gateway/",
    touched_by=touched_in_ec2(
        "egressOnlyInternetGatewayId",
        made_by="CreateEgressOnlyInternetGateway",
        deleted_by="DeleteEgressOnlyInternetGateway",
    ),
    actions=actions(
        "ec2",
        "CreateEgressOnlyInternetGateway CreateTags DeleteEgressOnlyInternetGateway "
        "DescribeEgressOnlyInternetGateways DescribeVpcs",
    ),
)
