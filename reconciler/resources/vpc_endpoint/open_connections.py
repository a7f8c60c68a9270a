"""Open connections that end when a gateway is added to a route table."""

from collections.abc import Iterator

from reconciler.aws.reads import Reads
from reconciler.model.plan import PlanWarning
from reconciler.model.references import Ref
from reconciler.resources.naming import read_ec2_names
from reconciler.resources.route_table import TABLES
from reconciler.resources.vpc import list_in_our_vpcs
from reconciler.resources.vpc_endpoint.spec import ENDPOINTS, VpcEndpoint

WHY = "open connections to it end when it is added to route tables that are in use"


def find_cut_connections(reads: Reads) -> Iterator[PlanWarning]:
    """Warn of each gateway that is added to tables that are there (VPC user guide, "Gateway endpoints")."""
    wanted = [want for want in reads.desired.of(VpcEndpoint).values() if want.route_tables]
    if not wanted or reads.destroying:
        return
    tables = read_ec2_names(reads, "route_table", "RouteTableId", list_in_our_vpcs(reads, *TABLES))
    served = {
        (endpoint["ServiceName"], table)
        for endpoint in list_in_our_vpcs(reads, *ENDPOINTS)
        for table in endpoint.get("RouteTableIds") or ()
    }
    for want in wanted:
        there = {own_id for own_id, name in tables.items() if Ref("route_table", name) in want.route_tables}
        there |= {table.name for table in want.route_tables if table.by_id}  # of a VPC that exists
        if any((want.aws_service, own_id) not in served for own_id in there):
            yield PlanWarning(WHY, want.address)
