"""VPC endpoints: ways from a VPC to an AWS service without the internet. AWS gives them no name."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.spec import Live
from reconciler.resources.drifting import Severities
from reconciler.resources.ec2_trail import touched_in_ec2
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.naming import read_ec2_names
from reconciler.resources.prices import ENDPOINT_IN_ZONE
from reconciler.resources.vpc import list_in_our_vpcs
from reconciler.resources.vpc_endpoint.calls import ensure_vpc_endpoint, remove
from reconciler.resources.vpc_endpoint.open_connections import find_cut_connections
from reconciler.resources.vpc_endpoint.spec import DEAD, ENDPOINTS, GOING, PARTS, PENDING, VpcEndpoint

__all__ = ["KIND", "VpcEndpoint", "ensure_vpc_endpoint", "from_aws"]


def read(reads: Reads) -> Iterator[Live[VpcEndpoint]]:
    found = list_in_our_vpcs(reads, *ENDPOINTS)
    endpoints = [e for e in found if e["State"].lower() not in GOING and is_known_type(e)]
    in_place = {want.aws_service: name for name, want in reads.desired.of(VpcEndpoint).items()}
    names = read_ec2_names(reads, VpcEndpoint.kind, "VpcEndpointId", endpoints)
    for endpoint in endpoints:
        own_id, is_dead = endpoint["VpcEndpointId"], endpoint["State"].lower() in DEAD
        name = names.get(own_id) or in_place.get(endpoint["ServiceName"], own_id)
        spec = from_aws(own_id if is_dead else name, endpoint)  # a dead one is none of the file's
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
        rules=frozenset(f"{group['GroupId']}/rules" for group in endpoint.get("Groups") or ()),
        private_dns=bool(endpoint.get("PrivateDnsEnabled")),
        policy=_read_policy(endpoint.get("PolicyDocument")),
        available=endpoint["State"].lower() not in PENDING,
    )


def _read_policy(document: str | None) -> str | None:
    """Return a policy's statements as one text, without its version, which differs; None where it has none."""
    return json.dumps(json.loads(document)["Statement"], sort_keys=True) if document else None


def clashes(live: VpcEndpoint, want: VpcEndpoint) -> bool:
    """Tell whether both are the VPC's way to one service: a table, and a private name, lead to one only."""
    return (live.vpc, live.aws_service) == (want.vpc, want.aws_service) and (
        bool(live.route_tables & want.route_tables) or (live.private_dns and want.private_dns)
    )


def warn(want: VpcEndpoint, live: Live[VpcEndpoint] | None) -> Iterator[str]:
    """Tell of interfaces that are all exchanged: a zone takes one, so the old ones go first."""
    if live and live.spec.subnets and want.subnets and not live.spec.subnets & want.subnets:
        name = want.aws_service.split(".", 3)[-1]  # com.amazonaws.REGION.NAME
        yield f"{name} cannot be reached from the VPC until its interfaces are in the other subnets"


def price(endpoint: VpcEndpoint) -> float:
    """Return what its interfaces cost a month. A gateway is free."""
    return ENDPOINT_IN_ZONE * len(endpoint.subnets)


KIND = Kind(
    VpcEndpoint,
    read,
    ensure_vpc_endpoint,
    remove,
    relations=Relations(clashes=clashes),
    tagging=tags.EC2,
    check=find_cut_connections,
    monthly_price=price,
    warn=warn,
    severities=Severities(
        dict.fromkeys(("vpc", "aws_service", "type", *PARTS, "private_dns", "available"), Severity.AVAILABILITY)
    ),
    indexed_as="ec2:vpc-endpoint/",
    touched_by=touched_in_ec2(
        "vpcEndpointId",
        made_by="CreateVpcEndpoint",
        deleted_by="DeleteVpcEndpoints",
        changed_by={"": ("ModifyVpcEndpoint",)},
    ),
    actions=actions(
        "ec2",
        "CreateTags CreateVpcEndpoint DeleteVpcEndpoints DescribeRouteTables DescribeSubnets DescribeVpcEndpoints "
        "DescribeVpcEndpointServices DescribeVpcs "
        "ModifyVpcEndpoint",
    )
    | actions("route53", "AssociateVPCWithHostedZone"),  # AWS asks for it where private DNS is on
)
