"""VPC endpoints: ways from a VPC to an AWS service without the internet. AWS gives them no name."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step, Wait
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.drifting import Severities
from reconciler.resources.kind import Kind, actions
from reconciler.resources.naming import read_ec2_names
from reconciler.resources.prices import ENDPOINT_IN_ZONE
from reconciler.resources.vpc import NOT_FOUND as VPC_NOT_FOUND
from reconciler.resources.vpc import list_in_our_vpcs

REFUSED = "Unsuccessful[].Error.[Code, Message]"  # in an answer that is no error
NOT_FOUND = ("InvalidVpcEndpoint.NotFound", "InvalidVpcEndpointId.NotFound")
# The model says `Available`, the wire `available` (terraform-provider-aws).
PENDING = ("pending", "pendingacceptance")
GOING = ("deleting", "deleted", "rejected", "failed", "expired")
ENDPOINTS = ("describe_vpc_endpoints", "VpcEndpoints[?!RequesterManaged]")
# Of the private name: for some minutes after another endpoint of the service is deleted.
NAME_TAKEN = ErrorMatch("InvalidParameter", "already a conflicting DNS domain", half_done=True)
ROUTE_TAKEN = ErrorMatch("RouteAlreadyExists", half_done=True)
PARTS_NOT_FOUND = (
    *("InvalidSubnetId.NotFound", "InvalidSubnetID.NotFound", "InvalidRouteTableId.NotFound"),
    *("InvalidRouteTableID.NotFound", "InvalidSecurityGroupId.NotFound", "InvalidGroup.NotFound"),
)
MADE_WITHIN = 900.0  # seconds; Terraform gives it 10 minutes
DELETED_WITHIN = 1800.0

_STATE = {"matcher": "path", "argument": "VpcEndpoints[0].State"}


def _reaching(states: tuple[str, ...], outcome: str) -> list[dict[str, str]]:
    spelled = [spelling for state in states for spelling in (state, state.capitalize())]
    return [{**_STATE, "expected": spelling, "state": outcome} for spelling in spelled]


ENDPOINT_AVAILABLE = {
    "operation": "DescribeVpcEndpoints",
    "acceptors": [
        *_reaching(("available",), "success"),
        *_reaching(GOING, "failure"),
        *({"matcher": "error", "expected": code, "state": "retry"} for code in NOT_FOUND),
    ],
}
ENDPOINT_DELETED = {
    "operation": "DescribeVpcEndpoints",
    "acceptors": [
        *_reaching(("deleted",), "success"),
        {"matcher": "path", "argument": "length(VpcEndpoints)", "expected": 0, "state": "success"},
        *({"matcher": "error", "expected": code, "state": "success"} for code in NOT_FOUND),
    ],
}


class VpcEndpoint(Spec):
    """A way to an AWS service: a gateway, by routes, or interfaces in subnets, by the service's DNS name."""

    kind: ClassVar[str] = "vpc_endpoint"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    aws_service: Annotated[str, IMMUTABLE]
    """Its name: com.amazonaws.us-east-1.s3."""
    type: Annotated[Literal["Gateway", "Interface"], IMMUTABLE]
    route_tables: frozenset[Annotated[Ref, refers_to("route_table")]] = frozenset()
    """Of a gateway: the tables in which AWS adds the route to it."""
    subnets: frozenset[Annotated[Ref, refers_to("subnet")]] = frozenset()
    """Of interfaces: the subnets that they are in, one in a zone."""
    security_groups: frozenset[Annotated[Ref, refers_to("security_group")]] = frozenset()
    """Of interfaces: the groups that let the VPC connect to them."""
    private_dns: bool = False
    """Of interfaces: the service's usual name leads to them, in the whole VPC."""
    available: bool = True
    """False: AWS is still making it."""


PARTS = {  # field -> the parameter of CreateVpcEndpoint, and the end of those of ModifyVpcEndpoint
    "route_tables": "RouteTableIds",
    "subnets": "SubnetIds",
    "security_groups": "SecurityGroupIds",
}


def read(reads: Reads) -> Iterator[Live[VpcEndpoint]]:
    found = list_in_our_vpcs(reads, *ENDPOINTS)
    endpoints = [e for e in found if e["State"].lower() not in GOING and is_known_type(e)]
    in_place = {want.aws_service: name for name, want in reads.desired.of(VpcEndpoint).items()}
    names = read_ec2_names(reads, VpcEndpoint.kind, "VpcEndpointId", endpoints)
    for endpoint in endpoints:
        own_id = endpoint["VpcEndpointId"]
        name = names.get(own_id) or in_place.get(endpoint["ServiceName"], own_id)
        spec = from_aws(name, endpoint)
        yield Live(spec, {"id": own_id}, tags.owner_of_nameless(spec.tags))


def is_known_type(endpoint: Mapping[str, Any]) -> bool:
    """Tell whether it is a gateway or has interfaces; there are others, for appliances and resources."""
    return endpoint["VpcEndpointType"] in ("Gateway", "Interface")


def from_aws(name: str, endpoint: Mapping[str, Any]) -> VpcEndpoint:
    """Return the spec of an endpoint of DescribeVpcEndpoints, with this name in the plan."""
    return VpcEndpoint(
        name=name,
        tags=tags.parse(endpoint.get("Tags")),
        vpc=endpoint["VpcId"],
        aws_service=endpoint["ServiceName"],
        type=endpoint["VpcEndpointType"],
        route_tables=frozenset(endpoint.get("RouteTableIds") or ()),
        subnets=frozenset(endpoint.get("SubnetIds") or ()),
        security_groups=frozenset(group["GroupId"] for group in endpoint.get("Groups") or ()),
        private_dns=bool(endpoint.get("PrivateDnsEnabled")),
        available=endpoint["State"].lower() not in PENDING,
    )


def ensure_vpc_endpoint(want: VpcEndpoint, live: Live[VpcEndpoint] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    changes = [_create(want)] if live is None else [*_change(want, live.spec)]
    yield from changes
    if changes or (live and not live.spec.available):
        yield Wait(
            "ec2",
            "vpc_endpoint_available",
            {"VpcEndpointIds": [want.ref()]},
            ENDPOINT_AVAILABLE,
            why="VpcEndpoints[0].[State, LastError.Code, LastError.Message]",
            patience=MADE_WITHIN,
        )


def _change(want: VpcEndpoint, live: VpcEndpoint) -> Iterator[Call]:
    if params := _list_changes(want, live):
        not_yet = (*if_new(PARTS_NOT_FOUND, *_parts(want)), NAME_TAKEN)
        changed = {"VpcEndpointId": want.ref(), **params}
        yield Call("ec2", "modify_vpc_endpoint", changed, retry=not_yet, patience=300)


def _create(want: VpcEndpoint) -> Call:
    params = {"VpcId": want.vpc, "ServiceName": want.aws_service, "VpcEndpointType": want.type}
    params |= {p: sorted(getattr(want, field)) for field, p in PARTS.items() if getattr(want, field)}
    if want.type == "Interface":  # left out, it would be on (terraform-provider-aws#37694)
        params |= {"PrivateDnsEnabled": want.private_dns}
    params |= tags.on_ec2("vpc-endpoint", want)
    new = (*if_new(VPC_NOT_FOUND, want.vpc), *if_new(PARTS_NOT_FOUND, *_parts(want)))
    outputs = {"id": "VpcEndpoint.VpcEndpointId"}
    not_yet = (*new, NAME_TAKEN, ROUTE_TAKEN)
    return Call("ec2", "create_vpc_endpoint", params, outputs, retry=not_yet, patience=600)


def _parts(want: VpcEndpoint) -> list[Ref]:
    return [ref for field in PARTS for ref in sorted(getattr(want, field))]


def _list_changes(want: VpcEndpoint, live: VpcEndpoint) -> dict[str, Any]:
    """Return the parameters of ModifyVpcEndpoint that make the live one as desired; none if it is."""
    params: dict[str, Any] = {}
    for field, parameter in PARTS.items():
        wanted, there = getattr(want, field), getattr(live, field)
        params |= {"Add" + parameter: sorted(wanted - there)} if wanted - there else {}
        params |= {"Remove" + parameter: sorted(there - wanted)} if there - wanted else {}
    return params | ({"PrivateDnsEnabled": want.private_dns} if want.private_dns != live.private_dns else {})


def remove(live: Live[VpcEndpoint]) -> Iterator[Step]:
    ids = {"VpcEndpointIds": [live.outputs["id"]]}
    yield Call("ec2", "delete_vpc_endpoints", ids, ignore=NOT_FOUND, refused=REFUSED)
    yield Wait("ec2", "vpc_endpoint_deleted", ids, ENDPOINT_DELETED, patience=DELETED_WITHIN)


def clashes(live: VpcEndpoint, want: VpcEndpoint) -> bool:
    """Tell whether both are the VPC's way to one service: a table, and a private name, lead to one only."""
    return (live.vpc, live.aws_service) == (want.vpc, want.aws_service) and (
        bool(live.route_tables & want.route_tables) or (live.private_dns and want.private_dns)
    )


def warn(want: VpcEndpoint, live: Live[VpcEndpoint] | None) -> Iterator[str]:
    """Tell of open connections that a new gateway ends (VPC user guide, "Gateway endpoints")."""
    added = want.route_tables - (live.spec.route_tables if live else frozenset())
    if added and not all(ref.by_id is False for ref in added):
        yield "open connections to it end when it is added to route tables that are in use"


def price(endpoint: VpcEndpoint) -> float:
    """Return what its interfaces cost a month. A gateway is free."""
    return ENDPOINT_IN_ZONE * len(endpoint.subnets)


KIND = Kind(
    VpcEndpoint,
    read,
    ensure_vpc_endpoint,
    remove,
    tagging=tags.EC2,
    monthly_price=price,
    severities=Severities(
        dict.fromkeys(("vpc", "aws_service", "type", *PARTS, "private_dns", "available"), Severity.AVAILABILITY)
    ),
    indexed_as="ec2:vpc-endpoint/",
    touched_by=TouchedBy(
        "ec2.amazonaws.com",
        {"vpcEndpointId": "id"},
        made_by=("CreateVpcEndpoint",),
        deleted_by=("DeleteVpcEndpoints",),
        changed_by={"": ("ModifyVpcEndpoint",), TAGS: ("CreateTags", "DeleteTags")},
        found_by="id",
        nameless=True,
    ),
    actions=actions(
        "ec2",
        "CreateTags CreateVpcEndpoint DeleteVpcEndpoints DescribeSubnets DescribeVpcEndpoints "
        "DescribeVpcEndpointServices DescribeVpcs "
        "ModifyVpcEndpoint",
    )
    | actions("route53", "AssociateVPCWithHostedZone"),  # AWS asks for it where private DNS is on
)
