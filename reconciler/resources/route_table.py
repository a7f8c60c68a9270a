"""Route tables, with those routes and associations that are ours. AWS gives tables no name."""

from collections.abc import Collection, Iterator, Mapping
from ipaddress import ip_network
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Declared, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources import internet_gateway, subnet
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.vpc import ABSENT as NO_VPC
from reconciler.resources.vpc import within_ours

ABSENT = ("InvalidRouteTableID.NotFound", "InvalidRouteTableId.NotFound")  # EC2 spells it both ways
DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
NO_TARGET = (*DESTINATIONS, "InstanceOwnerId", "Origin", "State")
NOT_ROUTED_BY_PEOPLE = ("CreateRouteTable", "EnableVgwRoutePropagation")

Gateway = Annotated[Ref, refers_to("internet_gateway")]
SubnetRef = Annotated[Ref, refers_to("subnet")]
Destination = Annotated[str, AfterValidator(lambda v: str(ip_network(v, strict=False)) if "/" in v else v)]
"""A range as EC2 keeps it, without host bits, or a prefix list's id."""


def is_internet_gateway(target: Ref) -> bool:
    """Tell whether a route leads to an internet gateway."""
    return not target.foreign or target.name.startswith("igw-")


class RouteTable(Spec):
    """Where a subnet's traffic goes."""

    kind: ClassVar[str] = "route_table"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    routes: Annotated[Mapping[Destination, Gateway], Declared(also=is_internet_gateway)] = {}
    """By destination. Other people's routes are left alone, but for those to an internet gateway.
    A live target that is no gateway, or was deleted, has the form of a gateway of that id."""
    subnets: frozenset[SubnetRef] = frozenset()
    associations: Annotated[Mapping[SubnetRef, str], UNCOMPARED] = {}
    """Live only: ids of the associations of its subnets, and of ours that a table has which does not stay as it is."""
    main: Annotated[bool, UNCOMPARED] = False
    """Live only: the one that AWS made with the VPC, and deletes with it."""


def read(reads: Reads) -> Iterator[Live[RouteTable]]:
    found = within_ours(reads, "describe_route_tables", "RouteTables[]")
    tables = reads.wanted(RouteTable)
    wanted = {subnet.name: name for name, want in tables.items() for subnet in want.subnets}
    plan_names = _our_subnets(reads)
    for t in found:
        owned, own = tags.parse(t.get("Tags")), associations(t)
        if _is_ours(reads, t):
            name = owned[tags.NAME]
        elif held := sorted(plan_names[s] for s in own if s in plan_names):  # in the place of one of ours
            name = next((wanted[s] for s in held if s in wanted), t["RouteTableId"])
        else:
            continue
        yield Live(
            RouteTable(
                name=name,
                tags=owned,
                vpc=t["VpcId"],
                routes=routes_of(t),
                subnets=frozenset(own),
                associations={**_takeable(reads, t, found, tables), **own} if _is_ours(reads, t) else own,
                main=any(a.get("Main") for a in t["Associations"]),
            ),
            {"id": t["RouteTableId"]},
            tags.owner_of_nameless(owned),
        )


def _takeable(
    reads: Reads, table: dict[str, Any], found: list[dict[str, Any]], wanted: Collection[str]
) -> dict[str, str]:
    """Associations of our subnets with tables of others, with duplicates of this one, and with what nobody wants.

    Such a duplicate goes after this one is as wanted, so it cannot let a subnet go before.
    """
    name, ours = tags.parse(table.get("Tags"))[tags.NAME], _our_subnets(reads)
    stay = set(wanted) - {name}
    return {
        s: a
        for t in found
        if not (_is_ours(reads, t) and tags.parse(t["Tags"])[tags.NAME] in stay)
        for s, a in associations(t).items()
        if s in ours
    }


def _is_ours(reads: Reads, table: dict[str, Any]) -> bool:
    return tags.owner_of_nameless(tags.parse(table.get("Tags"))) == reads.stack.name


def _our_subnets(reads: Reads) -> dict[str, str]:
    """Subnet id -> name in the plan."""
    lives = subnet.read(reads)
    return {live.outputs["id"]: live.spec.name for live in lives if live.owner == reads.stack.name}


def associations(table: dict[str, Any]) -> dict[str, str]:
    """Subnet id -> association id; the main association has no subnet and is AWS's own."""
    leaving = ("disassociating", "disassociated", "failed")
    return {
        a["SubnetId"]: a["RouteTableAssociationId"]
        for a in table["Associations"]
        if "SubnetId" in a and a.get("AssociationState", {}).get("State") not in leaving
    }


def routes_of(table: dict[str, Any]) -> dict[str, str]:
    """Return the targets of the routes that people made, by destination."""
    found = {}
    for r in table["Routes"]:
        to = next((r[d] for d in DESTINATIONS if d in r), "")
        target = next((str(v) for k, v in r.items() if k not in NO_TARGET), "")
        if target != "local" and r.get("Origin") not in NOT_ROUTED_BY_PEOPLE:
            # What a blackhole led to is detached or gone: never the wanted target.
            found[to] = f"{target} (blackhole)" if r.get("State") == "blackhole" else target
    return found


def ensure_route_table(want: RouteTable, live: Live[RouteTable] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params = {"VpcId": want.vpc} | tags.on_ec2("route-table", want)
        outputs = {"id": "RouteTable.RouteTableId"}
        yield Call("ec2", "create_route_table", params, outputs, retry=NO_VPC, patience=300)
    yield from _route(want, live.spec.routes if live else {})
    yield from _associate(want, live.spec if live else None)


def _route(want: RouteTable, have: Mapping[str, Ref]) -> Iterator[Step]:
    table = {"RouteTableId": want.ref()}
    not_seen = (*ABSENT, *internet_gateway.ABSENT, "InvalidGatewayID.NotFound")
    for to, gateway in sorted(want.routes.items()):
        if have.get(to) != gateway:
            operation = "replace_route" if to in have else "create_route"
            params = {**table, **_destination(to), "GatewayId": gateway}
            yield Call("ec2", operation, params, retry=not_seen, patience=300)
    for to in sorted(have.keys() - want.routes.keys()):
        yield Call("ec2", "delete_route", {**table, **_destination(to)}, ignore=("InvalidRoute.NotFound",))


def _destination(to: str) -> dict[str, str]:
    key = 2 if "/" not in to else 1 if ":" in to else 0
    return {DESTINATIONS[key]: to}


def _associate(want: RouteTable, have: RouteTable | None) -> Iterator[Step]:
    held, ids = (have.subnets, have.associations) if have else (frozenset[Ref](), {})
    table: dict[str, Ref] = {"RouteTableId": want.ref()}
    not_seen = (*ABSENT, *subnet.ABSENT)
    for one in sorted(want.subnets - held):
        if one in ids:  # moved in one call: no moment without a route
            swap: dict[str, Ref | str] = {**table, "AssociationId": ids[one]}
            yield Call("ec2", "replace_route_table_association", swap, retry=not_seen, patience=300)
        else:  # where another table that stays has it still, that one lets it go in the same run
            both = {**table, "SubnetId": one}
            yield Call("ec2", "associate_route_table", both, retry=not_seen, patience=300)
    for one in sorted(held - want.subnets):
        yield _disassociate(ids[one])


def _disassociate(association: str) -> Call:
    gone = ("InvalidAssociationID.NotFound",)
    return Call("ec2", "disassociate_route_table", {"AssociationId": association}, ignore=gone)


def remove(live: Live[RouteTable]) -> Iterator[Step]:
    yield from (_disassociate(live.spec.associations[one]) for one in sorted(live.spec.subnets))
    params, busy = {"RouteTableId": live.outputs["id"]}, ("DependencyViolation",)
    yield Call("ec2", "delete_route_table", params, ignore=ABSENT, retry=busy, patience=300)


def parents(table: RouteTable) -> tuple[Ref, ...]:
    """Its VPC: gateways and subnets go without it."""
    return () if table.main else (table.vpc,)


KIND = Kind(
    RouteTable,
    read,
    ensure_route_table,
    remove,
    relations=Relations(parents=parents),
    tagging=tags.EC2,
    actions=actions(
        "ec2",
        "AssociateRouteTable CreateRoute CreateRouteTable CreateTags DeleteRoute DeleteRouteTable "
        "DescribeRouteTables DescribeSubnets DescribeVpcs DisassociateRouteTable ReplaceRoute "
        "ReplaceRouteTableAssociation",
    ),
)
