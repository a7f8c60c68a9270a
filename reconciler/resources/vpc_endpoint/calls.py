"""The calls that create, change and delete a VPC endpoint."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model import tags
from reconciler.model.newness import if_new
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Step, Wait
from reconciler.resources.vpc import NOT_FOUND as VPC_NOT_FOUND
from reconciler.resources.vpc_endpoint.spec import NOT_FOUND, PARTS, VpcEndpoint
from reconciler.resources.vpc_endpoint.waiters import ENDPOINT_AVAILABLE, ENDPOINT_DELETED

REFUSED = "Unsuccessful[].Error.[Code, Message]"  # in an answer that is no error
# Of the private name: for some minutes after another endpoint of the service is deleted.
NAME_TAKEN = ErrorMatch("InvalidParameter", "already a conflicting DNS domain", half_done=True)
# Of the zone: by the interface in a subnet that leaves. Whether both may be in one call is not known.
ZONE_TAKEN = ErrorMatch("DuplicateSubnetsInSameZone")
ROUTE_TAKEN = ErrorMatch("RouteAlreadyExists", half_done=True)
PARTS_NOT_FOUND = (
    *("InvalidSubnetId.NotFound", "InvalidSubnetID.NotFound", "InvalidRouteTableId.NotFound"),
    *("InvalidRouteTableID.NotFound", "InvalidSecurityGroupId.NotFound", "InvalidGroup.NotFound"),
)
MADE_WITHIN = 900.0  # seconds; Terraform gives it 10 minutes
DELETED_WITHIN = 1800.0


def ensure_vpc_endpoint(want: VpcEndpoint, live: Live[VpcEndpoint] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    changes = [_create(want)] if live is None else [*_change(want, live.spec)]
    yield from changes
    if changes or (live and not live.spec.available):
        yield _await_available(want)


def _change(want: VpcEndpoint, live: VpcEndpoint) -> Iterator[Step]:
    """Yield the calls that change it. A subnet leaves before another one may come into its zone."""
    params = _list_changes(want, live)
    if {"AddSubnetIds", "RemoveSubnetIds"} <= params.keys():
        yield _modify(want, {"RemoveSubnetIds": params.pop("RemoveSubnetIds")})
        yield _await_available(want)
    if params:
        yield _modify(want, params)


def _modify(want: VpcEndpoint, params: Mapping[str, Any]) -> Call:
    not_yet = (*if_new(PARTS_NOT_FOUND, *_parts(want)), NAME_TAKEN, ZONE_TAKEN)
    changed = {"VpcEndpointId": want.ref(), **params}
    return Call("ec2", "modify_vpc_endpoint", changed, retry=not_yet, patience=300)


def _await_available(want: VpcEndpoint) -> Wait:
    return Wait(
        "ec2",
        "vpc_endpoint_available",
        {"VpcEndpointIds": [want.ref()]},
        ENDPOINT_AVAILABLE,
        why="VpcEndpoints[0].[State, LastError.Code, LastError.Message]",
        patience=MADE_WITHIN,
    )


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
