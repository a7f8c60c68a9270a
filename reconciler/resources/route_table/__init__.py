"""Route tables, with their managed routes and associations. AWS gives tables no name."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.newness import if_new
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Later, Step
from reconciler.resources import elb, subnet
from reconciler.resources.ec2_trail import touched_in_ec2
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.naming import read_ec2_names
from reconciler.resources.route_table.associations import change_associations, disassociate, find_associations
from reconciler.resources.route_table.routes import change_routes, end_ways_out, find_ends, find_routes
from reconciler.resources.route_table.severities import DRIFT_NOTES, SEVERITIES
from reconciler.resources.route_table.spec import NOT_FOUND, RouteTable, is_blackhole
from reconciler.resources.vpc import NOT_FOUND as VPC_NOT_FOUND
from reconciler.resources.vpc import list_in_our_vpcs, list_tagged

__all__ = ["KIND", "RouteTable", "ensure_route_table", "from_aws"]

Raw = Mapping[str, Any]  # a route table in DescribeRouteTables' answer

ASSOCIATING = ("AssociateRouteTable", "ReplaceRouteTableAssociation")
TABLES = ("describe_route_tables", "RouteTables[]")


def read(reads: Reads) -> Iterator[Live[RouteTable]]:
    tables = list_in_our_vpcs(reads, *TABLES)
    desired = reads.desired.of(RouteTable)
    desired_table = {ref.name: name for name, want in desired.items() for ref in want.subnets}
    subnet_names = _read_subnet_names(reads)
    our_vpcs = reads.pages("ec2", "describe_vpcs", "Vpcs[].VpcId", Filters=tags.filters(reads.stack.name))
    own_names = read_ec2_names(reads, RouteTable.kind, "RouteTableId", tables)
    for table in tables:
        own_name, movable = own_names.get(table["RouteTableId"]), dict[str, str]()
        if own_name is not None:
            name = own_name
            others = [t for t in tables if own_names.get(t["RouteTableId"]) not in desired.keys() - {name}]
            movable = find_movable(others, subnet_names)
        elif ours := sorted(subnet_names[s] for s in find_associations(table) if s in subnet_names):
            # In the place of one of ours.
            name = next((desired_table[s] for s in ours if s in desired_table), table["RouteTableId"])
        elif reads.destroying and table["VpcId"] in our_vpcs and not _is_main(table):
            name = table["RouteTableId"]  # AWS would not delete the VPC around it
        else:
            continue
        spec = from_aws(name, table, movable)
        yield Live(spec, {"id": table["RouteTableId"]}, tags.owner_of_nameless(spec.tags))


def find_movable(tables: Collection[Raw], subnets: Collection[str]) -> dict[str, str]:
    """Return the associations of our subnets that another table may take over from these tables, by subnet id.

    `tables` are foreign tables, duplicates of that table, and tables that are not desired. A duplicate is
    deleted only after that table is as desired, so it does not end its associations before.
    """
    return {
        own_id: association
        for table in tables
        for own_id, association in find_associations(table).items()
        if own_id in subnets
    }


def from_aws(name: str, table: Raw, movable: Mapping[str, str]) -> RouteTable:
    """Return the spec of a table of DescribeRouteTables.

    `name` is its name in the plan. `movable` has the associations that it may take over, by subnet.
    """
    associations = find_associations(table)
    return RouteTable(
        name=name,
        tags=tags.parse(table.get("Tags")),
        vpc=table["VpcId"],
        routes=find_routes(table),
        subnets=frozenset(associations),
        associations={**movable, **associations},
        main=_is_main(table),
    )


def _is_main(table: Raw) -> bool:
    return any(association.get("Main") for association in table["Associations"])


def _read_subnet_names(reads: Reads) -> dict[str, str]:
    """Return the names in the plan of our subnets, by id."""
    subnets = subnet.read(reads)
    return {live.outputs["id"]: live.spec.name for live in subnets if live.owner == reads.stack.name}


def ensure_route_table(want: RouteTable, live: Live[RouteTable] | None) -> Iterator[Step | Later]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params = {"VpcId": want.vpc} | tags.on_ec2("route-table", want)
        outputs = {"id": "RouteTable.RouteTableId"}
        not_yet = if_new(VPC_NOT_FOUND, want.vpc)
        yield Call("ec2", "create_route_table", params, outputs, retry=not_yet, patience=300)
    yield from change_routes(want, live.spec.routes if live else {})
    yield from change_associations(want, live.spec if live else None)
    yield from end_ways_out(want, live.spec.routes if live else {})


def remove(live: Live[RouteTable]) -> Iterator[Step]:
    yield from (disassociate(live.spec.associations[ref]) for ref in sorted(live.spec.subnets))
    params, in_use = {"RouteTableId": live.outputs["id"]}, ("DependencyViolation",)
    yield Call("ec2", "delete_route_table", params, ignore=NOT_FOUND, retry=in_use, patience=300)


def warn(want: RouteTable, live: Live[RouteTable] | None) -> Iterator[str]:
    """Tell of connections that end: a NAT gateway knows only those that began through it.

    None are open by a blackhole, whose gateway is gone.
    """
    routes = {d: target for d, target in live.spec.routes.items() if not is_blackhole(target)} if live else {}
    for destination, target in sorted(want.routes.items()):
        before = routes.get(destination, target)
        if before != target and "nat_gateway" in (before.kind, target.kind):
            yield f"open connections to {destination} end when it is routed by another gateway"
    for destination in sorted(find_ends(want, routes)):
        yield f"open connections to {destination} end, and tasks then reach only what has an endpoint"


def parents(table: RouteTable) -> tuple[Ref, ...]:
    """Return its VPC. A main table has no parent: AWS deletes it with its VPC."""
    return () if table.main else (table.vpc,)


KIND = Kind(
    RouteTable,
    read,
    ensure_route_table,
    remove,
    relations=Relations(parents=parents),
    tagging=tags.EC2,
    warn=warn,
    severities=SEVERITIES,
    drift_notes=DRIFT_NOTES,
    indexed_as="ec2:route-table/",
    early={"ec2": lambda reads: list_tagged(reads, *TABLES)},
    touched_by=touched_in_ec2(
        "routeTableId",
        made_by="CreateRouteTable",
        deleted_by="DeleteRouteTable",
        changed_by={
            "routes": ("ReplaceRoute", "CreateRoute", "DeleteRoute"),
            "": ("ReplaceRouteTableAssociation", "AssociateRouteTable", "DisassociateRouteTable"),
        },
        ended_by=dict.fromkeys(("DisassociateRouteTable", "ReplaceRouteTableAssociation"), ASSOCIATING),
    ),
    actions=actions(
        "ec2",
        "AssociateRouteTable CreateRoute CreateRouteTable CreateTags DeleteRoute DeleteRouteTable "
        "DescribeNatGateways DescribeNetworkInterfaces DescribeRouteTables DescribeSubnets DescribeVpcEndpoints DescribeVpcs DisassociateRouteTable ReplaceRoute "
        "ReplaceRouteTableAssociation",
    )
    | elb.READS,
)
