"""Internet gateways. AWS gives them no name; a VPC takes one."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.resources import blocker_queries as in_use
from reconciler.resources.kind import Kind, actions
from reconciler.resources.vpc import ABSENT as NO_VPC

ABSENT = ("InvalidInternetGatewayID.NotFound",)


class InternetGateway(Spec):
    """A VPC's way to the internet."""

    kind: ClassVar[str] = "internet_gateway"
    vpc: Annotated[Ref | None, refers_to("vpc")]
    """Where it is attached; a live one that is attached nowhere has None."""


def read(reads: Reads) -> Iterator[Live[InternetGateway]]:
    # All of them, in one list: of a region's few, a detached one of ours is known by its tags only.
    ours = tags.filters(reads.stack.name)
    vpcs = {
        v["VpcId"]: tags.parse(v["Tags"]) for v in reads.pages("ec2", "describe_vpcs", "Vpcs[]", Filters=ours)
    }
    wanted = {want.vpc.name: name for name, want in reads.wanted(InternetGateway).items() if want.vpc}
    for found in reads.pages("ec2", "describe_internet_gateways", "InternetGateways[]"):
        owned, attached = tags.parse(found.get("Tags")), attachment(found)
        owner, own_id = tags.owner_of_nameless(owned), found["InternetGatewayId"]
        if owner == reads.stack.name:
            name = owned[tags.NAME]
        elif attached in vpcs:  # in the place of the one that this VPC should have
            name = wanted.get(vpcs[attached].get(tags.NAME, ""), own_id)
        else:
            continue
        yield Live(InternetGateway(name=name, tags=owned, vpc=attached), {"id": own_id}, owner)


def attachment(gateway: dict[str, Any]) -> str | None:
    """The VPC that it is attached to. EC2 says `available` where its documentation says `attached`."""
    states = ("attaching", "attached", "available")
    return next((a["VpcId"] for a in gateway.get("Attachments", ()) if a["State"] in states), None)


def ensure_internet_gateway(want: InternetGateway, live: Live[InternetGateway] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params, outputs = tags.on_ec2("internet-gateway", want), {"id": "InternetGateway.InternetGatewayId"}
        yield Call("ec2", "create_internet_gateway", params, outputs)
    at = live.spec.vpc if live else None
    if want.vpc and want.vpc != at:
        if at:
            yield _detach(want.ref(), at)
        params = {"InternetGatewayId": want.ref(), "VpcId": want.vpc}
        so = (ErrorMatch("Resource.AlreadyAssociated", "is already attached to network"),)
        yield Call("ec2", "attach_internet_gateway", params, ignore=so, retry=(*ABSENT, *NO_VPC), patience=300)


def remove(live: Live[InternetGateway]) -> Iterator[Step]:
    own_id, busy = live.outputs["id"], ("DependencyViolation",)
    if live.spec.vpc:
        yield _detach(own_id, live.spec.vpc)
    params = {"InternetGatewayId": own_id}
    yield Call("ec2", "delete_internet_gateway", params, ignore=ABSENT, retry=busy, patience=1200)


def _detach(gateway: Ref | str, at: Ref) -> Call:
    # Refused while anything in the VPC has a public address: tasks and load balancers lose theirs minutes late.
    params, gone = {"InternetGatewayId": gateway, "VpcId": at}, ("Gateway.NotAttached", *ABSENT)
    busy, by = ("DependencyViolation",), (in_use.public_addresses(at),)
    return Call("ec2", "detach_internet_gateway", params, ignore=gone, retry=busy, patience=1200, blockers=by)


KIND = Kind(
    InternetGateway,
    read,
    ensure_internet_gateway,
    remove,
    tagging=tags.EC2,
    actions=actions(
        "ec2",
        "AttachInternetGateway CreateInternetGateway CreateTags DeleteInternetGateway "
        "DescribeInternetGateways DescribeNetworkInterfaces DescribeVpcs DetachInternetGateway",
    ),
)
