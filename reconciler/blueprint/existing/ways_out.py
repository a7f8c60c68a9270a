"""The ways out of subnets that exist: routes to the internet, and endpoints."""

from collections.abc import Mapping, Sequence
from typing import Any

from desired_state.endpoints import find_needed
from desired_state.platform import Platform
from reconciler.aws.reads import Reads

ANYWHERE = "0.0.0.0/0"

Raw = Mapping[str, Any]


def find_missing_way(reads: Reads, platform: Platform, vpc: str, subnet: str, *, public: bool) -> str:
    """Say what keeps tasks in a subnet from reaching AWS; an empty text if nothing does."""
    in_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    tables = reads.pages("ec2", "describe_route_tables", "RouteTables[]", Filters=in_vpc)
    route = _find_default_route(tables, subnet)
    if public:
        leads_out = str((route or {}).get("GatewayId", "")).startswith("igw-")
        return "" if leads_out else f"{subnet} is not public: no route leads from it to an internet gateway"
    if route:
        return ""
    prefix = f"com.amazonaws.{reads.aws.region}."
    endpoints = reads.pages("ec2", "describe_vpc_endpoints", "VpcEndpoints[].ServiceName", Filters=in_vpc)
    there = {name.removeprefix(prefix) for name in endpoints}
    missing = [name for name in find_needed(platform) if name not in there]
    if not missing:
        return ""
    return f"{subnet} has no way out: no route to {ANYWHERE}, and no endpoint for {', '.join(missing)}"


def _find_default_route(tables: Sequence[Raw], subnet: str) -> Raw | None:
    """Return the route to anywhere in the subnet's table, or in the main one; None if there is none."""
    own = [t for t in tables if any(a.get("SubnetId") == subnet for a in t["Associations"])]
    main = [t for t in tables if any(a.get("Main") for a in t["Associations"])]
    routes = [route for table in (own or main)[:1] for route in table["Routes"]]
    alive = (r for r in routes if r.get("DestinationCidrBlock") == ANYWHERE and r.get("State") != "blackhole")
    return next(alive, None)
