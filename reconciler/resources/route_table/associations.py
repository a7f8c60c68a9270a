"""The associations of a route table with subnets, and the calls that change them."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model.newness import if_new
from reconciler.model.references import Ref
from reconciler.model.steps import Call
from reconciler.resources.route_table.spec import NOT_FOUND, RouteTable
from reconciler.resources.subnet import NOT_FOUND as SUBNET_NOT_FOUND

ENDING_STATES = ("disassociating", "disassociated", "failed")


def find_associations(table: Mapping[str, Any]) -> dict[str, str]:
    """Return association ids by subnet id, without the main association, which AWS manages."""
    return {
        association["SubnetId"]: association["RouteTableAssociationId"]
        for association in table["Associations"]
        if "SubnetId" in association
        and association.get("AssociationState", {}).get("State") not in ENDING_STATES
    }


def change_associations(want: RouteTable, live: RouteTable | None) -> Iterator[Call]:
    """Yield the calls that associate the desired subnets and disassociate the others."""
    associated, ids = (live.subnets, live.associations) if live else (frozenset[Ref](), {})
    table: dict[str, Ref] = {"RouteTableId": want.ref()}
    for subnet in sorted(want.subnets - associated):
        not_yet = (*if_new(NOT_FOUND, want.ref()), *if_new(SUBNET_NOT_FOUND, subnet))
        if subnet in ids:  # move it in one call, so that it is never without routes
            move: dict[str, Ref | str] = {**table, "AssociationId": ids[subnet]}
            yield Call("ec2", "replace_route_table_association", move, retry=not_yet, patience=300)
        else:  # another table that is kept may still have it, and disassociates it in the same run
            params = {**table, "SubnetId": subnet}
            yield Call("ec2", "associate_route_table", params, retry=not_yet, patience=300)
    for subnet in sorted(associated - want.subnets):
        yield disassociate(ids[subnet])


def disassociate(association: str) -> Call:
    """Return the call that ends an association, by its id."""
    not_found = ("InvalidAssociationID.NotFound",)
    return Call("ec2", "disassociate_route_table", {"AssociationId": association}, ignore=not_found)
