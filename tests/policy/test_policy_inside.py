"""The policies are enough for endpoints in a VPC of others, by ids or by tags, and allow no other table."""

import pytest
from crash.cloud import cloud, run
from crash.networks import Inside, in_existing, in_network
from crash.strategies import load_platform
from support import client
from uses import ACCOUNT, documents_of, granted, refused

from reconciler.policy import Use
from reconciler.sandbox import CALM
from reconciler.sandbox.authorization.calls import recording
from reconciler.sandbox.authorization.decisions import Request, Target, evaluate

ENDPOINTS = ("ecr", "logs", "s3")


@pytest.mark.parametrize("by_tags", [False, True])
def test_endpoints_inside_are_made_corrected_and_deleted_with_exactly_these_rights(by_tags: bool):
    with cloud(CALM) as clock:
        wanted = Inside(("public", "private"), by_tags=by_tags, way_out=False, endpoints=ENDPOINTS)
        platform = load_platform(in_network(in_existing(wanted)))
        with recording() as made:
            assert run(platform, clock).clean
        assert refused(platform, Use.APPLY, made) == []
        assert refused(platform, Use.DESTROY, made)
        clock.advance(3600)
        damage(platform.network.existing.allow.route_tables[0])
        with recording() as corrected:
            assert run(platform, clock, correct=True).todo.changes
        assert refused(platform, Use.CORRECT, corrected) == []
        with recording() as deleted:
            assert run(platform, clock, destroy=True).clean
        assert refused(platform, Use.DESTROY, deleted) == []
        for end in ("route-table/rtb-99999999", "subnet/subnet-99999999", "vpc/vpc-99999999"):
            target = Target(f"arn:aws:ec2:us-east-1:{ACCOUNT}:{end}", {})
            allowed = granted(documents_of(platform, Use.APPLY))
            assert evaluate(allowed, Request("ec2:CreateVpcEndpoint", (target,), {})).why


def damage(table: str) -> None:
    """Take the gateway out of a table, and an interface out of its subnets but one."""
    for one in client("ec2").describe_vpc_endpoints()["VpcEndpoints"]:
        if one["VpcEndpointType"] == "Gateway":
            changes = {"RemoveRouteTableIds": [table]}
        else:
            changes = {"RemoveSubnetIds": one["SubnetIds"][:1]}
        client("ec2").modify_vpc_endpoint(VpcEndpointId=one["VpcEndpointId"], **changes)
