"""Public NAT gateways. AWS gives them no name, and can change none of them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step, Wait
from reconciler.resources.drifting import Severities
from reconciler.resources.ec2_trail import touched_in_ec2
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.naming import read_ec2_names
from reconciler.resources.prices import NAT_GATEWAY
from reconciler.resources.subnet import NOT_FOUND as SUBNET_NOT_FOUND
from reconciler.resources.vpc import list_in_our_vpcs

NOT_FOUND = ("NatGatewayNotFound",)
ADDRESSES = ("describe_addresses", "Addresses[?AllocationId]")
NAT_GATEWAYS = ("describe_nat_gateways", "NatGateways[?State=='pending' || State=='available']")
# Of its address: it is another gateway's, which is being deleted, or which a lost answer was about.
ADDRESS_TAKEN = ErrorMatch("Resource.AlreadyAssociated", half_done=True)
SHOWN_WITHIN = 300.0  # seconds until EC2 knows everywhere what was just made
SUBNET_NOT_SHOWN = tuple(ErrorMatch(code, patience=SHOWN_WITHIN) for code in SUBNET_NOT_FOUND)
ADDRESS_NOT_SHOWN = (ErrorMatch("InvalidAllocationID.NotFound", patience=SHOWN_WITHIN),)
MADE_WITHIN = 900.0  # seconds; 1 to 3 minutes are usual, and Terraform gives it 10
DELETED_WITHIN = 1800.0  # seconds; 1 to 5 minutes are usual, and Terraform gives it 30

_STATE = {"matcher": "path", "argument": "NatGateways[0].State"}
_FAILED = ("failed", "deleting", "deleted")
NAT_GATEWAY_AVAILABLE = {
    "operation": "DescribeNatGateways",
    "acceptors": [
        {**_STATE, "expected": "available", "state": "success"},
        *({**_STATE, "expected": state, "state": "failure"} for state in _FAILED),
        {"matcher": "error", "expected": "NatGatewayNotFound", "state": "retry"},
    ],
}
NAT_GATEWAY_DELETED = {
    "operation": "DescribeNatGateways",
    "acceptors": [
        {**_STATE, "expected": "deleted", "state": "success"},
        {"matcher": "path", "argument": "length(NatGateways)", "expected": 0, "state": "success"},
        {"matcher": "error", "expected": "NatGatewayNotFound", "state": "success"},
    ],
}


class NatGateway(Spec):
    """A gateway by which what has no public address reaches the internet, from a public subnet."""

    kind: ClassVar[str] = "nat_gateway"
    subnet: Annotated[Ref, refers_to("subnet"), IMMUTABLE]
    """The public subnet that it is in."""
    elastic_ip: Annotated[Ref, refers_to("elastic_ip"), IMMUTABLE]
    """The Elastic IP address that it shows to the internet."""
    available: bool = True
    """False: AWS is still making it."""


def read(reads: Reads) -> Iterator[Live[NatGateway]]:
    gateways = list_in_our_vpcs(reads, *NAT_GATEWAYS)
    names = read_ec2_names(reads, NatGateway.kind, "NatGatewayId", gateways)
    addresses = reads.pages("ec2", *ADDRESSES) if gateways else []
    of_address = read_ec2_names(reads, "elastic_ip", "AllocationId", addresses)
    desired = {want.elastic_ip.name: name for name, want in reads.desired.of(NatGateway).items()}
    for gateway in gateways:
        own_id, address = gateway["NatGatewayId"], find_address(gateway)
        if address:  # a private one is none that this type knows
            in_place_of = desired.get(of_address.get(address, ""))  # the one that shall show this address
            spec = from_aws(names.get(own_id) or in_place_of or own_id, gateway)
            yield Live(spec, {"id": own_id}, tags.owner_of_nameless(spec.tags))


def from_aws(name: str, gateway: Mapping[str, Any]) -> NatGateway:
    """Return the spec of a gateway of DescribeNatGateways that has a public address."""
    return NatGateway(
        name=name,
        tags=tags.parse(gateway.get("Tags")),
        subnet=gateway["SubnetId"],
        elastic_ip=find_address(gateway),
        available=gateway["State"] == "available",
    )


def find_address(gateway: Mapping[str, Any]) -> str | None:
    """Return the allocation of the gateway's first address; None if it is private, or regional."""
    addresses = sorted(gateway.get("NatGatewayAddresses", ()), key=lambda a: not a.get("IsPrimary", True))
    zonal = gateway.get("AvailabilityMode", "zonal") == "zonal"
    return next((a["AllocationId"] for a in addresses if a.get("AllocationId")), None) if zonal else None


def ensure_nat_gateway(want: NatGateway, live: Live[NatGateway] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params = {"SubnetId": want.subnet, "AllocationId": want.elastic_ip} | tags.on_ec2("natgateway", want)
        new = (*if_new(SUBNET_NOT_SHOWN, want.subnet), *if_new(ADDRESS_NOT_SHOWN, want.elastic_ip))
        not_yet = (*new, ADDRESS_TAKEN)
        outputs = {"id": "NatGateway.NatGatewayId"}
        yield Call("ec2", "create_nat_gateway", params, outputs, retry=not_yet, patience=DELETED_WITHIN)
    if not live or not live.spec.available:
        yield Wait(
            "ec2",
            "nat_gateway_available",
            {"NatGatewayIds": [want.ref()]},
            NAT_GATEWAY_AVAILABLE,
            why="NatGateways[0].[State, FailureCode, FailureMessage]",
            patience=MADE_WITHIN,
        )


def remove(live: Live[NatGateway]) -> Iterator[Step]:
    own_id = live.outputs["id"]
    yield Call("ec2", "delete_nat_gateway", {"NatGatewayId": own_id}, ignore=NOT_FOUND)
    params = {"NatGatewayIds": [own_id]}
    yield Wait("ec2", "nat_gateway_deleted", params, NAT_GATEWAY_DELETED, patience=DELETED_WITHIN)


def clashes(live: NatGateway, want: NatGateway) -> bool:
    """Tell whether both show one address, which is one gateway's at most."""
    return live.elastic_ip == want.elastic_ip


def interrupts(want: NatGateway, live: NatGateway) -> str:
    """Say what a replacement costs. Tags are changed, and one that is being made is waited for, at no cost."""
    cost = "what goes out through it is cut off until it is made"
    return cost if want.immutable != live.immutable else ""


KIND = Kind(
    NatGateway,
    read,
    ensure_nat_gateway,
    remove,
    relations=Relations(left_behind=True, clashes=clashes, interrupts=interrupts),
    tagging=tags.EC2,
    severities=Severities(dict.fromkeys(("subnet", "elastic_ip", "available"), Severity.AVAILABILITY)),
    monthly_price=lambda _gateway: NAT_GATEWAY,
    indexed_as="ec2:natgateway/",
    touched_by=touched_in_ec2("natGatewayId", made_by="CreateNatGateway", deleted_by="DeleteNatGateway"),
    actions=actions(
        "ec2",
        "CreateNatGateway CreateTags DeleteNatGateway DescribeAddresses DescribeNatGateways DescribeSubnets "
        "DescribeVpcs",
    ),
)
