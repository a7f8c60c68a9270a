"""The ways out of subnets that exist: routes to the internet, and endpoints, there or in the file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desired_state.endpoints import GATEWAYS, find_needed, list_endpoints
from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.endpoints_there import list_of_others, list_tables

ANYWHERE = "0.0.0.0/0"

Raw = Mapping[str, Any]


def has_route_out(reads: Reads, vpc: str, subnet: str) -> bool:
    """Tell whether a subnet has a route to anywhere, such as to a NAT gateway."""
    return _find_default_route(_find_table(list_tables(reads, vpc), subnet)) is not None


def find_missing_way(reads: Reads, platform: Platform, vpc: str, subnet: str, *, public: bool) -> str:
    """Say what keeps tasks in a subnet from reaching AWS; an empty text if nothing does."""
    table = _find_table(list_tables(reads, vpc), subnet)
    route = _find_default_route(table)
    if public:
        leads_out = str((route or {}).get("GatewayId", "")).startswith("igw-")
        return "" if leads_out else f"{subnet} is not public: no route leads from it to an internet gateway"
    if route:
        return ""
    prefix = f"com.amazonaws.{reads.aws.region}."
    needed = find_needed(platform)
    there = {
        *_list_there(list_of_others(reads, platform, vpc), table.get("RouteTableId")),
        *(f"{prefix}{name}" for name in _list_wanted(platform, table.get("RouteTableId"))),
    }
    missing = [name for name in needed if f"{prefix}{name}" not in there]
    if not missing:
        return ""
    return f"{subnet} has no way out: no route to {ANYWHERE}, and no endpoint for {', '.join(missing)}"


def _list_there(endpoints: Sequence[Raw], table: str | None) -> Iterator[str]:
    """Yield the services of endpoints that are in the VPC; a gateway serves the route tables that it is in."""
    for endpoint in endpoints:
        if endpoint["VpcEndpointType"] != "Gateway" or table in endpoint["RouteTableIds"]:
            yield endpoint["ServiceName"]


def _list_wanted(platform: Platform, table: str | None) -> Iterator[str]:
    """Yield the services that the file asks for endpoints of, and that a subnet with this table reaches so."""
    existing = platform.network.existing
    for name in list_endpoints(platform):
        if name not in GATEWAYS or (existing and table in existing.allow.route_tables):
            yield name


def _find_table(tables: Sequence[Raw], subnet: str) -> Raw:
    """Return the subnet's route table, or the main one, which serves subnets that have none."""
    own = [t for t in tables if any(a.get("SubnetId") == subnet for a in t["Associations"])]
    main = [t for t in tables if any(a.get("Main") for a in t["Associations"])]
    return next(iter(own or main), {})


def _find_default_route(table: Raw) -> Raw | None:
    """Return a table's route to anywhere; None if there is none."""
    routes = table.get("Routes", ())
    alive = (r for r in routes if r.get("DestinationCidrBlock") == ANYWHERE and r.get("State") != "blackhole")
    return next(alive, None)
