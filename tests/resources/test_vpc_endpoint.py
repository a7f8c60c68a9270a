import json

import pytest
from moto.ec2 import ec2_backends
from network import gateway, subnet, table, vpc
from scripted import ScriptedAws, read
from support import OURS, REGION, calls, client, connection, differences, look, make, see, settle

from reconciler.aws.reads import open_reads
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Wait
from reconciler.model.tags import NAME, STACK
from reconciler.resources.security_group import Rule, SecurityGroupWithRules
from reconciler.resources.vpc_endpoint import KIND, VpcEndpoint, clashes, from_aws

pytestmark = pytest.mark.usefixtures("aws")
S3, LOGS, DOORS = "vpce-s3-dev", "vpce-logs-dev", "vpc-endpoints-dev"
PREFIX = "com.amazonaws.us-east-1"
ALL = {"Action": "*", "Resource": "*"}


def group() -> SecurityGroupWithRules:
    https = Rule(from_port=443, to_port=443, cidr="10.0.0.0/16")
    return make(SecurityGroupWithRules, DOORS, vpc=Ref("vpc", "vpc-dev"), ingress=frozenset({https}))


def s3(**fields: object) -> VpcEndpoint:
    given = {
        "vpc": Ref("vpc", "vpc-dev"),
        "aws_service": f"{PREFIX}.s3",
        "type": "Gateway",
        "route_tables": frozenset({Ref("route_table", "rtb-a-dev")}),
    }
    return make(VpcEndpoint, S3, **{**given, **fields})


def logs(**fields: object) -> VpcEndpoint:
    given = {
        "vpc": Ref("vpc", "vpc-dev"),
        "aws_service": f"{PREFIX}.logs",
        "type": "Interface",
        "subnets": frozenset({Ref("subnet", "subnet-a-dev")}),
        "security_groups": frozenset({Ref("security_group", DOORS)}),
        "private_dns": True,
    }
    return make(VpcEndpoint, LOGS, **{**given, **fields})


NETWORK = [*(vpc(), gateway(), subnet(), table()), *group().parts()]
PLATFORM = [*NETWORK, s3(), logs()]


def set_state(own_id: str, state: str) -> None:
    """Let an endpoint be in a state that the embedded AWS does not reach."""
    ec2_backends["123456789012"][REGION].vpc_end_points[own_id].state = state


def id_of(name: str) -> str:
    return next(live.outputs["id"] for live in look(PLATFORM) if live.spec.name == name)


@pytest.mark.parametrize(("state", "available"), [("available", True), ("Available", True), ("pending", False)])
def test_an_answer_becomes_a_spec_however_the_state_is_spelled(state, available):
    answer = {
        "VpcId": "vpc-1",
        "ServiceName": f"{PREFIX}.logs",
        "VpcEndpointType": "Interface",
        "State": state,
        "SubnetIds": ["subnet-1"],
        "Groups": [{"GroupId": "sg-1", "GroupName": "doors"}],
        "PrivateDnsEnabled": True,
    }
    wanted = VpcEndpoint(
        name="logs",
        vpc="vpc-1",
        aws_service=f"{PREFIX}.logs",
        type="Interface",
        subnets=frozenset({"subnet-1"}),
        security_groups=frozenset({"sg-1"}),
        rules=frozenset({"sg-1/rules"}),
        private_dns=True,
        available=available,
    )
    assert from_aws("logs", answer) == wanted


def test_private_dns_is_always_sent_as_it_would_be_on_if_it_were_left_out():
    ((_, params),) = calls(KIND.ensure(logs(private_dns=False), None))
    assert params["PrivateDnsEnabled"] is False


def test_made_then_nothing_to_do_then_gone():
    assert {f"create vpc_endpoint.{S3}", f"create vpc_endpoint.{LOGS}"} <= set(settle(PLATFORM))
    settle([], file=PLATFORM)
    assert look(PLATFORM) == []


def test_the_route_that_aws_adds_for_a_gateway_is_no_difference_of_the_table():
    settle(PLATFORM)
    answer = client("ec2").describe_route_tables()["RouteTables"]
    assert any(route.get("GatewayId", "").startswith("vpce-") for t in answer for route in t["Routes"])
    assert see(PLATFORM).changes == ()


def test_its_parts_change_in_place():
    second = subnet("subnet-b-dev", "10.0.1.0/24", zone="us-east-1b")
    more = table("rtb-b-dev", "subnet-b-dev")
    settle(PLATFORM)
    before = id_of(S3), id_of(LOGS)
    further = [
        *(*NETWORK, second, more),
        s3(route_tables=s3().route_tables | {more.ref()}),
        logs(subnets=logs().subnets | {second.ref()}),
    ]
    assert {f"update vpc_endpoint.{S3}", f"update vpc_endpoint.{LOGS}"} <= set(settle(further))
    settle(PLATFORM)
    assert (id_of(S3), id_of(LOGS)) == before


def test_another_subnet_of_a_zone_comes_when_the_first_has_left_and_the_gap_is_told():
    settle(PLATFORM)
    second = subnet("subnet-b-dev", "10.0.1.0/24")  # of the same zone
    moved = [*NETWORK, second, s3(), logs(subnets=frozenset({second.ref()}))]
    planned = see(moved)
    (change,) = [change for change in planned.changes if change.address.name == LOGS]
    asked = [[*params] for operation, params in calls(change.steps) if operation == "modify_vpc_endpoint"]
    assert asked == [["VpcEndpointId", "RemoveSubnetIds"], ["VpcEndpointId", "AddSubnetIds"]]
    told = [warning.why for warning in planned.warnings if warning.address == logs().address]
    assert told == ["logs cannot be reached from the VPC until its interfaces are in the other subnets"]
    settle(moved)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"PrivateDnsEnabled": False}, "private_dns"),
        ({"AddSecurityGroupIds": ["default"]}, "security_groups"),
    ],
)
def test_what_was_changed_by_hand_is_put_right(change, field):
    settle(PLATFORM)
    groups = client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": ["default"]}])
    in_vpc = next(live.outputs["id"] for live in look(PLATFORM) if live.spec.kind == "vpc")
    default = next(g["GroupId"] for g in groups["SecurityGroups"] if g["VpcId"] == in_vpc)
    asked = {key: [default] if value == ["default"] else value for key, value in change.items()}
    client("ec2").modify_vpc_endpoint(VpcEndpointId=id_of(LOGS), **asked)
    assert differences(see(PLATFORM)) == {f"vpc_endpoint.{LOGS}": [field]}
    settle(PLATFORM)


def test_anothers_endpoint_of_the_service_in_our_vpc_is_a_conflict_before_any_write():
    settle(NETWORK)
    in_vpc = next(live.outputs["id"] for live in look(NETWORK) if live.spec.kind == "vpc")
    client("ec2").create_vpc_endpoint(VpcId=in_vpc, ServiceName=f"{PREFIX}.s3")
    (conflict,) = see(PLATFORM).conflicts
    assert str(conflict.address) == f"vpc_endpoint.{S3}"


def test_one_without_its_tags_is_a_conflict():
    settle(PLATFORM)
    client("ec2").delete_tags(Resources=[id_of(LOGS)], Tags=[{"Key": STACK}])
    assert [str(conflict.address) for conflict in see(PLATFORM).conflicts] == [f"vpc_endpoint.{LOGS}"]


def test_its_groups_rules_go_after_it_as_its_name_leads_there_until_then():
    settle(PLATFORM)
    todo = see([*(vpc(), gateway(), subnet(), table()), s3()])
    (rules,) = [change for change in todo.changes if change.address.kind == "security_group_rules"]
    (endpoint,) = [change for change in todo.changes if change.address.name == LOGS]
    assert endpoint.key in rules.after


def test_a_refusal_in_an_answer_that_is_no_error_counts_as_one():
    call, _ = KIND.remove(Live(s3(), {"id": "vpce-1"}, OURS.name))
    assert call.refused


def test_interfaces_cost_by_zone_and_gateways_nothing():
    assert KIND.monthly_price is not None
    assert (KIND.monthly_price(logs()), KIND.monthly_price(s3())) == (7.30, 0)


def test_a_gateway_in_tables_that_are_in_use_ends_open_connections():
    def warnings() -> list[str]:
        with open_reads(connection(), OURS, PLATFORM) as reads:
            return [f"{warning.address}: {warning.why}" for warning in KIND.check(reads)]

    assert warnings() == []
    settle(NETWORK)
    assert warnings() == [
        f"vpc_endpoint.{S3}: open connections to it end when it is added to route tables that are in use"
    ]
    settle(PLATFORM)
    assert warnings() == []


def told(**fields: object) -> dict[str, object]:
    tags = [{"Key": STACK, "Value": OURS.name}, {"Key": NAME, "Value": LOGS}]
    service = {"ServiceName": f"{PREFIX}.logs", "VpcEndpointType": "Interface"}
    return {
        "VpcEndpointId": "vpce-1",
        "VpcId": "vpc-1",
        "State": "available",
        "Tags": tags,
        **service,
        **fields,
    }


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, True),
        ({"State": "PendingAcceptance"}, False),
        ({"State": "pending"}, False),
        *(({"State": state}, None) for state in ("deleting", "Deleted")),
        ({"RequesterManaged": True}, None),
        ({"VpcEndpointType": "GatewayLoadBalancer"}, None),
    ],
)
def test_those_that_serve_or_will_are_ours_and_those_of_aws_are_not(fields, found):
    vpcs = {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": told()["Tags"]}]}
    aws = ScriptedAws(describe_vpc_endpoints={"VpcEndpoints": [told(**fields)]}, describe_vpcs=vpcs)
    assert [live.spec.available for live in read(KIND, aws, [logs()])] == ([] if found is None else [found])


@pytest.mark.parametrize("state", ["failed", "Rejected", "expired"])
def test_one_that_never_serves_is_deleted_before_another_is_made(state):
    """AWS keeps it, with its private name, until it is deleted."""
    settle(PLATFORM)
    dead = id_of(LOGS)
    set_state(dead, state)
    todo = see(PLATFORM)
    changes = {change.key: change for change in todo.changes}
    assert [change.op for change in todo.changes] == ["delete", "create"]
    assert f"vpc_endpoint.{dead}#{dead}" in changes[f"vpc_endpoint.{LOGS}"].after
    settle(PLATFORM)
    assert id_of(LOGS) != dead


@pytest.mark.parametrize(
    ("policy", "is_told"),
    [
        ({"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", **ALL}]}, False),
        ({"Statement": [{"Effect": "Allow", "Principal": "*", **ALL}]}, False),
        ({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", **ALL}]}, True),
    ],
)
def test_a_policy_that_somebody_gave_it_is_told_and_left_alone(policy, is_told):
    settle(PLATFORM)
    ec2, own_id = client("ec2"), id_of(LOGS)
    ec2.modify_vpc_endpoint(VpcEndpointId=own_id, PolicyDocument=json.dumps(policy))
    planned = see(PLATFORM)
    assert (planned.changes, [found.field for found in planned.not_in_file]) == ((), ["policy"] * is_told)


def test_one_of_a_service_without_policies_has_none():
    assert from_aws("logs", told()).policy is None


THERE = {"vpc": "vpc-1", "route_tables": frozenset({"rtb-1"})}
NAMED = {"vpc": "vpc-1", "route_tables": frozenset(), "private_dns": True}


@pytest.mark.parametrize(
    ("live", "want", "clash"),
    [
        (s3(**THERE), s3(**THERE), True),
        (s3(**THERE), s3(**THERE | {"route_tables": frozenset({"rtb-2"})}), False),
        (s3(**THERE), s3(**THERE | {"vpc": "vpc-2"}), False),
        (logs(**NAMED), logs(**NAMED), True),
        (logs(**NAMED), logs(**NAMED | {"private_dns": False}), False),
        (logs(**NAMED), logs(**NAMED | {"aws_service": f"{PREFIX}.ssm"}), False),
    ],
)
def test_two_ways_to_one_service_clash_by_table_or_by_name(live, want, clash):
    assert clashes(live, want) is clash


@pytest.mark.parametrize("available", [True, False])
def test_one_that_is_being_made_is_waited_for_and_one_that_only_gets_tags_is_not(available):
    there = logs(vpc="vpc-1", available=available).model_copy(update={"tags": {STACK: OURS.name}})
    steps = [*KIND.ensure(logs(vpc="vpc-1"), Live(there, {"id": "vpce-1"}, OURS.name))]
    assert [step.until for step in steps if isinstance(step, Wait)] == ["vpc_endpoint_available"] * (
        not available
    )
