"""The VPC's endpoints, by which AWS services are reached without the internet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from desired_state.endpoints import GATEWAYS, list_endpoints
from reconciler.blueprint.context import Context
from reconciler.blueprint.dual_stack import all_egress
from reconciler.blueprint.existing.endpoint_services import find_zones
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.security_group import Rule, SecurityGroupWithRules
from reconciler.resources.vpc_endpoint import VpcEndpoint

HTTPS = {"from_port": 443, "to_port": 443}


@dataclass(frozen=True)
class Place:
    """Where endpoints are in a VPC."""

    tables: frozenset[Ref]
    """The route tables that lead to gateways."""
    subnets: Sequence[tuple[Ref, str]]
    """The subnets that interfaces are in, one in a zone, each with the name of its zone."""
    ranges: frozenset[str]
    """The VPC's ranges, from which interfaces are reached: their private names are the whole VPC's."""


@dataclass(frozen=True)
class Endpoints:
    """The endpoints with their security group, and Refs to what has to be there before tasks use them."""

    specs: tuple[Spec, ...]
    refs: frozenset[Ref]


def endpoints(context: Context, vpc: Ref, place: Place) -> Endpoints:
    """Return the endpoints that the file asks for: gateways by routes, interfaces in subnets."""
    wanted = list_endpoints(context.platform)
    interfaces = [name for name in wanted if name not in GATEWAYS]
    group = _group(context, vpc, place.ranges) if interfaces else None
    found = [
        context.spec(
            VpcEndpoint,
            context.names.endpoint(name),
            vpc=vpc,
            aws_service=f"com.amazonaws.{context.facts.region}.{name}",
            why=why,
            **(
                _interface(context, name, place, group)
                if group and name in interfaces
                else _gateway(place.tables)
            ),
        )
        for name, why in wanted.items()
    ]
    rules = {Ref("security_group_rules", group.name)} if group else set()
    refs = frozenset({*(spec.ref() for spec in found), *rules})
    return Endpoints((*([group] if group else []), *found), refs)


def _gateway(tables: frozenset[Ref]) -> dict[str, Any]:
    return {"type": "Gateway", "route_tables": tables}


def _interface(context: Context, name: str, place: Place, group: SecurityGroupWithRules) -> dict[str, Any]:
    return {
        "type": "Interface",
        "subnets": frozenset(_list_subnets(context, name, place)),
        "security_groups": frozenset({group.ref()}),
        "rules": frozenset({Ref("security_group_rules", group.name)}),
        "private_dns": True,
    }


def _list_subnets(context: Context, name: str, place: Place) -> Iterator[Ref]:
    """Yield the subnets of the zones in which AWS has the service; the others reach it from there."""
    zones = find_zones(context.facts.existing, name)
    yield from (subnet for subnet, zone in place.subnets if zones is None or zone in zones)


def _group(context: Context, vpc: Ref, ranges: frozenset[str]) -> SecurityGroupWithRules:
    """Return the interfaces' group, which lets in the whole VPC."""
    return context.spec(
        SecurityGroupWithRules,
        context.names.endpoint_group,
        vpc=vpc,
        description="Security group for VPC endpoints",
        ingress=frozenset(Rule(**HTTPS, cidr=cidr) for cidr in ranges),
        egress=all_egress(context),
    )
