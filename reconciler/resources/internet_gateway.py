"""Internet gateways. AWS gives them no name. A VPC can have only one."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.resources import blocker_queries
from reconciler.resources.drifting import Severities
from reconciler.resources.ec2_trail import touched_in_ec2
from reconciler.resources.kind import Kind, actions
from reconciler.resources.network_interfaces import GONE_WITHIN
from reconciler.resources.vpc import NOT_FOUND as VPC_NOT_FOUND
from reconciler.resources.vpc import find_names as find_vpc_names

NOT_FOUND = ("InvalidInternetGatewayID.NotFound",)
ALREADY_ATTACHED = (ErrorMatch("Resource.AlreadyAssociated", "is already attached to network"),)
ATTACHED_STATES = ("attaching", "attached", "available")  # EC2 says `available`, its documentation `attached`


class InternetGateway(Spec):
    """A connection between a VPC and the internet."""

    kind: ClassVar[str] = "internet_gateway"
    vpc: Annotated[Ref | None, refers_to("vpc")]
    """The VPC that it is attached to. Live None: it is attached to none."""


def read(reads: Reads) -> Iterator[Live[InternetGateway]]:
    # All of them, in one list: of a region's few, a detached one of ours is known by its tags only.
    vpcs = reads.pages("ec2", "describe_vpcs", "Vpcs[]", Filters=tags.filters(reads.stack.name))
    vpc_names = find_vpc_names(reads, vpcs)
    desired = {want.vpc.name: name for name, want in reads.desired.of(InternetGateway).items() if want.vpc}
    for gateway in reads.pages("ec2", "describe_internet_gateways", "InternetGateways[]"):
        resource_tags, attached_vpc = tags.parse(gateway.get("Tags")), find_attached_vpc(gateway)
        owner, own_id = tags.owner_of_nameless(resource_tags), gateway["InternetGatewayId"]
        in_place_of = desired.get(vpc_names.get(attached_vpc or "", ""))  # the one that this VPC should have
        if owner == reads.stack.name:
            name = in_place_of or resource_tags[tags.NAME]
        elif attached_vpc in vpc_names:
            name = in_place_of or own_id
        else:
            continue
        yield Live(from_aws(name, gateway), {"id": own_id}, owner)


def from_aws(name: str, gateway: Mapping[str, Any]) -> InternetGateway:
    """Return the spec of a gateway of DescribeInternetGateways, with this name in the plan."""
    return InternetGateway(name=name, tags=tags.parse(gateway.get("Tags")), vpc=find_attached_vpc(gateway))


def find_attached_vpc(gateway: Mapping[str, Any]) -> str | None:
    """Return the id of the VPC that a gateway is attached to; None if it is detached or being detached."""
    attachments = gateway.get("Attachments", ())
    return next((a["VpcId"] for a in attachments if a["State"] in ATTACHED_STATES), None)


def ensure_internet_gateway(want: InternetGateway, live: Live[InternetGateway] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params, outputs = tags.on_ec2("internet-gateway", want), {"id": "InternetGateway.InternetGatewayId"}
        yield Call("ec2", "create_internet_gateway", params, outputs)
    attached_vpc = live.spec.vpc if live else None
    if want.vpc and want.vpc != attached_vpc:
        if attached_vpc:
            yield _detach(want.ref(), attached_vpc)
        yield _attach(want.ref(), want.vpc)


def remove(live: Live[InternetGateway]) -> Iterator[Step]:
    own_id, in_use = live.outputs["id"], ("DependencyViolation",)
    if live.spec.vpc:
        yield _detach(own_id, live.spec.vpc)
    params = {"InternetGatewayId": own_id}
    yield Call("ec2", "delete_internet_gateway", params, ignore=NOT_FOUND, retry=in_use, patience=GONE_WITHIN)


def _attach(gateway: Ref, to_vpc: Ref) -> Call:
    params = {"InternetGatewayId": gateway, "VpcId": to_vpc}
    not_yet = (*if_new(NOT_FOUND, gateway), *if_new(VPC_NOT_FOUND, to_vpc))
    return Call("ec2", "attach_internet_gateway", params, ignore=ALREADY_ATTACHED, retry=not_yet, patience=300)


def _detach(gateway: Ref | str, from_vpc: Ref) -> Call:
    # Refused while anything in the VPC has a public address: tasks and load balancers lose theirs minutes late.
    return Call(
        "ec2",
        "detach_internet_gateway",
        {"InternetGatewayId": gateway, "VpcId": from_vpc},
        ignore=("Gateway.NotAttached", *NOT_FOUND),
        retry=("DependencyViolation",),
        patience=GONE_WITHIN,
        blockers=(blocker_queries.public_addresses(from_vpc),),
    )


KIND = Kind(
    InternetGateway,
    read,
    ensure_internet_gateway,
    remove,
    tagging=tags.EC2,
    severities=Severities(
        {"vpc": Severity.AVAILABILITY}, orphaned=Severity.SECURITY, foreign=Severity.SECURITY
    ),
    indexed_as="ec2:internet-gateway/",
    touched_by=touched_in_ec2(
        "internetGatewayId",
        made_by="CreateInternetGateway",
        deleted_by="DeleteInternetGateway",
        changed_by={
            "": ("DetachInternetGateway", "AttachInternetGateway"),
        },
    ),
    actions=actions(
        "ec2",
        "AttachInternetGateway CreateInternetGateway CreateTags DeleteInternetGateway "
        "DescribeInternetGateways DescribeNetworkInterfaces DescribeVpcs DetachInternetGateway",
    ),
)
