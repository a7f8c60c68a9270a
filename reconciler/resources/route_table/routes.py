"""The routes of a route table that AWS did not create itself, and the calls that change them."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model.newness import if_new
from reconciler.model.references import Ref
from reconciler.model.steps import Call, Later
from reconciler.resources.egress_only_internet_gateway import NOT_FOUND as EGRESS_NOT_FOUND
from reconciler.resources.internet_gateway import NOT_FOUND as GATEWAY_NOT_FOUND
from reconciler.resources.route_table.spec import BLACKHOLE, NOT_FOUND, TARGETS, RouteTable

DESTINATION_KEYS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
KEYS_WITHOUT_TARGET = (*DESTINATION_KEYS, "InstanceOwnerId", "Origin", "State")
ENDPOINT = "vpce-"  # AWS makes and deletes the routes to gateway endpoints itself
ORIGINS_OF_AWS = ("CreateRouteTable", "EnableVgwRoutePropagation")
NAT_NOT_FOUND = ("InvalidNatGatewayID.NotFound", "NatGatewayNotFound")
ENDED_LAST = Later(
    "ways out", "the route to the NAT gateway goes last, once there are other ways out", last=True
)
TARGET_NOT_FOUND = (*GATEWAY_NOT_FOUND, *EGRESS_NOT_FOUND, *NAT_NOT_FOUND)


def find_routes(table: Mapping[str, Any]) -> dict[str, str]:
    """Return the targets, by destination, of the routes that AWS did not create itself."""
    targets = {}
    for route in table["Routes"]:
        destination = next((route[key] for key in DESTINATION_KEYS if key in route), "")
        target = next((str(value) for key, value in route.items() if key not in KEYS_WITHOUT_TARGET), "")
        if target != "local" and not target.startswith(ENDPOINT) and route.get("Origin") not in ORIGINS_OF_AWS:
            targets[destination] = target + BLACKHOLE * (route.get("State") == "blackhole")
    return targets


def change_routes(want: RouteTable, live_routes: Mapping[str, Ref]) -> Iterator[Call]:
    """Yield the calls that create, replace and delete the routes that differ."""
    table = {"RouteTableId": want.ref()}
    for destination, target in sorted(want.routes.items()):
        if live_routes.get(destination) != target:
            operation = "replace_route" if destination in live_routes else "create_route"
            parameter, _ = TARGETS[target.kind]
            params = {**table, **_as_parameter(destination), parameter: target}
            not_yet = (*if_new(NOT_FOUND, want.ref()), *if_new(TARGET_NOT_FOUND, target))
            yield Call("ec2", operation, params, retry=not_yet, patience=300)
    for destination in sorted(live_routes.keys() - want.routes.keys() - find_ends(want, live_routes)):
        yield _delete(table, destination)


def end_ways_out(want: RouteTable, live_routes: Mapping[str, Ref]) -> Iterator[Call | Later]:
    """Yield the calls that delete the routes to NAT gateways that are not desired, after their mark."""
    if ends := find_ends(want, live_routes):
        yield ENDED_LAST
        yield from (_delete({"RouteTableId": want.ref()}, destination) for destination in sorted(ends))


def find_ends(want: RouteTable, live_routes: Mapping[str, Ref]) -> set[str]:
    """Return the destinations that a NAT gateway leads to, and nothing is to lead to any more."""
    by_nat = {destination for destination, target in live_routes.items() if target.kind == "nat_gateway"}
    return by_nat - want.routes.keys()


def _delete(table: Mapping[str, Ref], destination: str) -> Call:
    params = {**table, **_as_parameter(destination)}
    return Call("ec2", "delete_route", params, ignore=("InvalidRoute.NotFound",))


def _as_parameter(destination: str) -> dict[str, str]:
    if "/" not in destination:
        return {"DestinationPrefixListId": destination}
    return {"DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock": destination}
