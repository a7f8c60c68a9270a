import pytest
from network import GATEWAY, gateway, subnet, table, vpc
from scripted import ScriptedAws, read
from support import OTHERS, OURS, calls, client, connection, differences, look, make, see, settle

from reconciler.aws.reads import open_reads
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.tags import NAME, STACK
from reconciler.resources.elastic_ip import KIND as ELASTIC_IP
from reconciler.resources.elastic_ip import ElasticIp
from reconciler.resources.nat_gateway import KIND, NatGateway, find_address, from_aws
from reconciler.resources.vpc_endpoint import VpcEndpoint

pytestmark = pytest.mark.usefixtures("aws")
NAT = "nat-1-dev"
TO_NAT = {"0.0.0.0/0": Ref("nat_gateway", NAT)}


def address() -> ElasticIp:
    return make(ElasticIp, NAT)


def nat(**fields: object) -> NatGateway:
    given = {
        "subnet": Ref("subnet", "subnet-a-dev"),
        "elastic_ip": Ref("elastic_ip", NAT),
        "after": frozenset({Ref("internet_gateway", GATEWAY)}),
    }
    return make(NatGateway, NAT, **{**given, **fields})


PRIVATE = subnet("subnet-b-dev", "10.0.1.0/24", public_addresses=False)
PLATFORM = [
    *(vpc(), gateway(), subnet(), table(), PRIVATE, address(), nat()),
    table("rtb-b-dev", "subnet-b-dev", routes=TO_NAT),
]


def ids(kind: str) -> list[str]:
    return [live.outputs["id"] for live in look(PLATFORM) if live.spec.kind == kind]


def test_an_answer_becomes_a_spec():
    answer = {
        "NatGatewayId": "nat-1",
        "SubnetId": "subnet-1",
        "State": "pending",
        "NatGatewayAddresses": [
            {"AllocationId": "eipalloc-2", "IsPrimary": False},
            {"AllocationId": "eipalloc-1", "IsPrimary": True},
        ],
    }
    wanted = NatGateway(name="nat", subnet="subnet-1", elastic_ip="eipalloc-1", available=False)
    assert from_aws("nat", answer) == wanted


@pytest.mark.parametrize(
    "gateway",
    [
        {"ConnectivityType": "private", "NatGatewayAddresses": [{"PrivateIp": "10.0.0.4"}]},
        {"AvailabilityMode": "regional", "NatGatewayAddresses": [{"AllocationId": "eipalloc-1"}]},
    ],
)
def test_private_and_regional_gateways_are_none_of_this_type(gateway):
    assert find_address(gateway) is None


def test_made_then_nothing_to_do_then_gone_with_the_gateway_before_its_address_and_the_internet_gateway():
    assert f"create nat_gateway.{NAT}" in settle(PLATFORM)
    after = {change.address.kind: change.after for change in see([], file=PLATFORM).changes}
    assert all(
        any(key.startswith("nat_gateway.") for key in after[kind])
        for kind in ("elastic_ip", "internet_gateway")
    )
    settle([], file=PLATFORM)
    assert look(PLATFORM) == []
    assert client("ec2").describe_addresses()["Addresses"] == []


def test_what_was_allocated_by_hand_stays_when_ours_goes():
    theirs = client("ec2").allocate_address(Domain="vpc")["AllocationId"]
    settle(PLATFORM)
    settle([], file=PLATFORM)
    assert [a["AllocationId"] for a in client("ec2").describe_addresses()["Addresses"]] == [theirs]


def test_one_that_was_deleted_by_hand_is_made_again_and_the_route_leads_to_it():
    settle(PLATFORM)
    (old,) = ids("nat_gateway")
    client("ec2").delete_nat_gateway(NatGatewayId=old)
    assert not see(PLATFORM).warnings  # its connections have ended already
    assert settle(PLATFORM) == [f"create nat_gateway.{NAT}", "update route_table.rtb-b-dev"]
    assert ids("nat_gateway") != [old]


def test_one_that_is_being_made_is_waited_for():
    live = Live(nat(subnet="subnet-1", elastic_ip="eipalloc-1", available=False), {"id": "nat-1"}, OURS.name)
    (wait,) = KIND.ensure(nat(), live)
    assert wait.until == "nat_gateway_available"


@pytest.mark.parametrize("state", ["failed", "deleting", "deleted"])
def test_one_that_serves_no_more_is_none(state):
    tags = [{"Key": STACK, "Value": OURS.name}, {"Key": NAME, "Value": NAT}]
    gone = {"NatGatewayId": "nat-1", "SubnetId": "subnet-1", "State": state, "Tags": tags, "VpcId": "vpc-1"}
    vpcs = {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": tags}]}
    aws = ScriptedAws(describe_nat_gateways={"NatGateways": [gone]}, describe_vpcs=vpcs)
    assert read(KIND, aws, [nat()]) == []


@pytest.mark.parametrize("state", ["pending", "available"])
def test_one_that_serves_or_will_is_ours_and_a_private_one_beside_it_is_not(state):
    tags = [{"Key": STACK, "Value": OURS.name}, {"Key": NAME, "Value": NAT}]
    there = {"SubnetId": "subnet-1", "State": state, "Tags": tags, "VpcId": "vpc-1"}
    public = {**there, "NatGatewayId": "nat-1", "NatGatewayAddresses": [{"AllocationId": "eipalloc-1"}]}
    private = {**there, "NatGatewayId": "nat-2", "ConnectivityType": "private"}
    vpcs = {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": tags}]}
    aws = ScriptedAws(describe_nat_gateways={"NatGateways": [public, private]}, describe_vpcs=vpcs)
    (live,) = read(KIND, aws, [nat()])
    assert (live.outputs["id"], live.spec.available) == ("nat-1", state == "available")


def test_replacing_one_says_what_is_cut_off():
    settle(PLATFORM)
    moved = [spec for spec in PLATFORM if spec.address != nat().address]
    todo = see([*moved, nat(subnet=PRIVATE.ref())])
    told = {change.interrupts for change in todo.changes if change.address.kind == "nat_gateway"}
    assert "what goes out through it is cut off until it is made" in told


def test_one_that_moves_with_its_address_is_deleted_first_and_the_routes_follow():
    """An address is one gateway's at most. Routes to a gateway that is deleted lead to nothing meanwhile."""
    settle(PLATFORM)
    (shown,) = ids("elastic_ip")
    other = subnet("subnet-c-dev", "10.0.2.0/24", zone="us-east-1c")
    kept = [spec for spec in PLATFORM if spec.address != nat().address]
    assert settle([*kept, other, nat(subnet=other.ref())]) == [
        f"create nat_gateway.{NAT}",
        "create subnet.subnet-c-dev",
        f"delete nat_gateway.{NAT}",
        "update route_table.rtb-b-dev",
    ]
    assert ids("elastic_ip") == [shown]


def test_one_that_gets_another_address_is_made_before_the_routes_follow_and_the_former_one_goes():
    settle(PLATFORM)
    other = make(ElasticIp, "nat-b-dev")
    kept = [spec for spec in PLATFORM if spec.address not in (nat().address, address().address)]
    todo = see([*kept, other, nat(elastic_ip=other.ref())])
    keys = [change.key.partition("#")[0] for change in todo.changes]
    made, routed, gone = (f"nat_gateway.{NAT}", "route_table.rtb-b-dev", f"nat_gateway.{NAT}")
    assert [key for key in keys if key in (made, routed)] == [made, routed, gone]


@pytest.mark.parametrize(("there", "warned"), [(4, False), (5, True)])
def test_addresses_beyond_the_quota_are_told_before_any_write(there, warned):
    for _ in range(there):
        client("ec2").allocate_address(Domain="vpc")
    with open_reads(connection(), OURS, PLATFORM) as reads:
        told = [warning.why for warning in ELASTIC_IP.check(reads)]
    quota = "and this allocates 1 more; an account has a quota of 5 in a region, until it is raised in"
    message = f"5 public addresses are allocated in us-east-1, {quota} Service Quotas (L-0263D0A3)"
    assert told == [message] * warned


def test_addresses_that_are_there_are_no_matter_of_the_quota():
    settle(PLATFORM)
    for _ in range(4):
        client("ec2").allocate_address(Domain="vpc")
    with open_reads(connection(), OURS, PLATFORM) as reads:
        assert not [*ELASTIC_IP.check(reads)]


@pytest.mark.parametrize("kind", ["elastic_ip", "nat_gateway"])
@pytest.mark.parametrize("tags", [[], [{"Key": STACK, "Value": ""}]], ids=["removed", "emptied"])
def test_one_that_lost_its_tags_is_told_as_ours_and_no_second_one_is_made(kind, tags):
    settle(PLATFORM)
    (own_id,) = ids(kind)
    client("ec2").delete_tags(Resources=[own_id], Tags=[{"Key": STACK}])
    if tags:
        client("ec2").create_tags(Resources=[own_id], Tags=tags)
    (conflict,) = see(PLATFORM).conflicts
    assert str(conflict.address) == f"{kind}.{NAT}"
    assert f"restore them: aws ec2 create-tags --resources {own_id} " in conflict.remedy


@pytest.mark.parametrize("kind", ["elastic_ip", "nat_gateway"])
def test_another_stacks_in_the_place_of_ours_is_a_conflict(kind):
    """Another gateway with our address, which AWS refuses; and the address that our gateway shows."""
    settle(PLATFORM)
    (own_id,) = ids(kind)
    client("ec2").create_tags(Resources=[own_id], Tags=[{"Key": STACK, "Value": OTHERS.name}])
    (conflict,) = see(PLATFORM).conflicts
    assert str(conflict.address) == f"{kind}.{NAT}"
    assert conflict.why.startswith(own_id)


def use_elsewhere(allocation: str) -> str:
    """Use an address for an interface in a network of others; return the id of that interface."""
    ec2 = client("ec2")
    theirs = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=theirs)
    in_subnet = ec2.create_subnet(VpcId=theirs, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    interface = ec2.create_network_interface(SubnetId=in_subnet)["NetworkInterface"]["NetworkInterfaceId"]
    ec2.associate_address(AllocationId=allocation, NetworkInterfaceId=interface)
    return str(interface)


def test_an_address_that_others_use_is_told_before_a_gateway_is_made_for_it_and_before_its_release():
    settle(PLATFORM)
    ((own_id,), (gateway_id,)) = (ids("elastic_ip"), ids("nat_gateway"))
    client("ec2").delete_nat_gateway(NatGatewayId=gateway_id)
    interface = use_elsewhere(own_id)
    with open_reads(connection(), OURS, PLATFORM) as reads:
        (told,) = ELASTIC_IP.check(reads)
    assert f"is in use by network interface {interface}, so that no NAT gateway can show it" in told.why
    (blocked,) = see([], file=PLATFORM).conflicts
    assert f"refuse to delete it because of network interface {interface}" in blocked.why
    assert "aws ec2 disassociate-address --association-id eipassoc-" in blocked.remedy


def test_a_tag_changed_by_hand_is_put_right():
    mine = [*PLATFORM[:-2], nat().model_copy(update={"tags": {**nat().tags, "team": "shop"}}), PLATFORM[-1]]
    settle(mine)
    client("ec2").delete_tags(Resources=ids("nat_gateway"), Tags=[{"Key": "team"}])
    planned = see(mine)
    assert differences(planned) == {f"nat_gateway.{NAT}": ["tags"]}
    assert not any(change.interrupts for change in planned.changes)
    settle(mine)


def test_a_plan_that_gives_up_an_address_names_it():
    settle(PLATFORM)
    (there,) = client("ec2").describe_addresses()["Addresses"]
    (gone,) = [change for change in see([], file=PLATFORM).changes if change.address == address().address]
    assert gone.loses == f"its address {there['PublicIp']}"


def test_an_address_in_use_is_released_later():
    ((operation, _),) = calls(ELASTIC_IP.remove(Live(address(), {"id": "eipalloc-1"}, OURS.name)))
    (call,) = ELASTIC_IP.remove(Live(address(), {"id": "eipalloc-1"}, OURS.name))
    assert operation == "release_address"
    assert {"InvalidIPAddress.InUse", "AuthFailure"} == {getattr(error, "code", error) for error in call.retry}


def test_a_route_to_a_gateway_that_the_file_lacks_is_deleted():
    settle(PLATFORM)
    without = [*PLATFORM[:5], table("rtb-b-dev", "subnet-b-dev", routes={})]
    assert settle(without, file=without) == [
        f"delete elastic_ip.{NAT}",
        f"delete nat_gateway.{NAT}",
        "update route_table.rtb-b-dev",
    ]


def test_the_way_out_goes_when_endpoints_are_there_and_the_plan_says_what_it_cost():
    settle(PLATFORM)
    reached = make(
        VpcEndpoint,
        "vpce-s3-dev",
        vpc=Ref("vpc", "vpc-dev"),
        aws_service="com.amazonaws.us-east-1.s3",
        type="Gateway",
        route_tables=frozenset({Ref("route_table", "rtb-b-dev")}),
    )
    todo = see([*PLATFORM[:5], table("rtb-b-dev", "subnet-b-dev", routes={}), reached])
    (part,) = [change for change in todo.changes if change.later]
    assert (str(part.address), part.takes_away) == ("route_table.rtb-b-dev", True)  # once all else is made
    assert [part.key in change.after for change in todo.changes if change.address == nat().address] == [True]
    message = "open connections to 0.0.0.0/0 end, and tasks then reach only what has an endpoint"
    assert message in [warning.why for warning in todo.warnings]
    settle([*PLATFORM[:5], table("rtb-b-dev", "subnet-b-dev", routes={}), reached])
